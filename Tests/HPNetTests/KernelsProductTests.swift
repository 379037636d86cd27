import CKernels
import HPMath
import Testing

@Suite("Kernels: products")
struct KernelsProductTests {
    /// One product: C (m×n) = A (m×k)·W, or ·Wᵀ; rows of A and C are `padding` floats longer than
    /// they need be.
    struct Product {
        var (m, n, k) = (1, 1, 1)
        var transposed = false
        var padding = 0

        var lda: Int { k + padding }
        var ldc: Int { n + padding }
        var rowsW: Int { transposed ? n : k }
        var columnsW: Int { transposed ? k : n }
        var scratch: Int { hpk_product_scratch_floats(m, n, k) }
    }

    /// Edges of tiles (8×48, 6×16, 4×4), of blocks (m 208, k 384), and empty matrices.
    static let shapes = [
        (1, 1, 1), (7, 10, 1), (8, 48, 5), (15, 33, 17), (13, 31, 2), (6, 16, 9), (5, 17, 40),
        (9, 49, 3), (30, 10, 50), (3, 5, 384), (9, 18, 385), (4, 7, 800), (211, 3, 7),
        (3, 515, 6), (16, 97, 80), (0, 4, 3), (4, 0, 3), (4, 5, 0),
    ]

    /// The definition: one chain of fused multiply-adds over k in ascending order.
    static func reference(_ p: Product, _ a: [Float], _ w: [Float], _ c: [Float]) -> [Float] {
        var result = c
        for i in 0..<p.m {
            for j in 0..<p.n {
                var sum: Float = 0
                for l in 0..<p.k {
                    let factor = p.transposed ? w[j * p.k + l] : w[l * p.n + j]
                    sum.addProduct(a[i * p.lda + l], factor)
                }
                result[i * p.ldc + j] = sum
            }
        }
        return result
    }

    /// What the variant makes of it, in a scratch full of NaN with a guard behind it.
    static func compute(
        _ p: Product, _ kernels: hpk_kernels, _ a: [Float], _ w: [Float], _ c: [Float]
    ) -> [Float] {
        var result = c
        var scratch = [Float](repeating: .nan, count: p.scratch) + [271_828]
        let panels = Kernels.panels(w, rows: p.rowsW, columns: p.columnsW, kernels)
        let product = p.transposed ? kernels.product_transposed : kernels.product
        product?(p.m, p.n, p.k, a, p.lda, panels, &result, p.ldc, &scratch)
        #expect(scratch.last == 271_828)
        return result
    }

    /// Random inputs whose padding is NaN, so that a read beyond a row shows.
    static func inputs(
        _ p: Product, _ stream: inout RandomStream, withSpecials: Bool = false
    ) -> (a: [Float], w: [Float], c: [Float]) {
        func padded(_ size: Int, _ ld: Int) -> [Float] {
            var x = Kernels.floats(size, &stream, withSpecials: withSpecials)
            for i in 0..<size where i % ld >= ld - p.padding { x[i] = .nan }
            return x
        }
        let w = Kernels.floats(p.rowsW * p.columnsW, &stream, withSpecials: withSpecials)
        return (padded(p.m * p.lda, p.lda), w, padded(p.m * p.ldc, p.ldc))
    }

    @Test(arguments: Kernels.variants)
    func `every product is the ascending chain, bit for bit`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 11, purpose: .sampling)
        for (m, n, k) in Self.shapes {
            for (transposed, padding) in [(false, 0), (true, 0), (false, 3), (true, 5)] {
                let p = Product(m: m, n: n, k: k, transposed: transposed, padding: padding)
                let (a, w, c) = Self.inputs(p, &stream)
                let expected = Self.reference(p, a, w, c)
                #expect(Kernels.same(Self.compute(p, kernels, a, w, c), expected), "\(p)")
            }
        }
    }

    @Test(arguments: Kernels.variants)
    func `products treat NaN, infinity and denormals as the chain does`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 12, purpose: .sampling)
        for transposed in [false, true] {
            for k in [1, 2, 5] {
                let p = Product(m: 17, n: 35, k: k, transposed: transposed)
                let (a, w, c) = Self.inputs(p, &stream, withSpecials: true)
                let expected = Self.reference(p, a, w, c)
                #expect(Kernels.same(Self.compute(p, kernels, a, w, c), expected), "\(p)")
            }
        }
    }

    /// A flush to zero would lose these: every product is denormal.
    @Test(arguments: Kernels.variants)
    func `denormal products survive`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        let p = Product(m: 3, n: 20, k: 2)
        let a = [Float](repeating: 0x1p-70, count: 6)
        let w = [Float](repeating: 0x1p-70, count: 40)
        let c = Self.compute(p, kernels, a, w, [Float](repeating: 1, count: 60))
        #expect(c.allSatisfy { $0 == 0x1p-139 })
    }

    @Test func `the public products are the chosen variant's`() throws {
        var stream = RandomStream(seed: 13, purpose: .sampling)
        let kernels = hpk_kernels().pointee
        #expect(hpk_panel_columns() == kernels.panel_columns)
        for transposed in [false, true] {
            let p = Product(m: 19, n: 37, k: 23, transposed: transposed, padding: 2)
            let (a, w, c) = Self.inputs(p, &stream)
            let panels = Kernels.panels(w, rows: p.rowsW, columns: p.columnsW, kernels)
            var result = c
            var scratch = [Float](repeating: .nan, count: p.scratch)
            let function = transposed ? hpk_product_transposed : hpk_product
            function(p.m, p.n, p.k, a, p.lda, panels, &result, p.ldc, &scratch)
            #expect(Kernels.same(result, Self.reference(p, a, w, c)))
        }
    }

    /// The lecture net's shapes, too large for the plain reference: against the scalar variant on
    /// some rows, which also shows that a bundle's columns don't touch each other.
    @Test(arguments: Kernels.variants)
    func `columns of a wide product are those of the narrow ones`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        let scalar = try Kernels.table("scalar")
        var stream = RandomStream(seed: 14, purpose: .sampling)
        let wide = Product(m: 20, n: 200, k: 3072)
        let (a, w, c) = Self.inputs(wide, &stream)
        let all = Self.compute(wide, kernels, a, w, c)
        let narrow = Product(m: 20, n: 50, k: 3072)
        for first in [0, 50, 150] {
            let part = (0..<3072).flatMap { w[$0 * 200 + first..<$0 * 200 + first + 50] }
            let columns = (0..<20).flatMap { all[$0 * 200 + first..<$0 * 200 + first + 50] }
            let zeros = [Float](repeating: 0, count: 1000)
            #expect(Kernels.same(columns, Self.compute(narrow, scalar, a, part, zeros)))
        }
    }
}
