import CKernels
import HPMath
import Testing

@Suite("Kernels: updates")
struct KernelsUpdateTests {
    static let rules = [HPK_SGD, HPK_MOMENTUM, HPK_NESTEROV, HPK_RMSPROP, HPK_ADAM]

    /// Weights, what a rule remembers of them, and the numbers of its columns.
    struct State: Equatable {
        var w: [Float]
        var v: [Float]
        var s: [Float]
        var numbers: [[Float]]

        /// Squares and numbers of columns lie between 0 and 1.
        init(_ count: Int, columns: Int, _ stream: inout RandomStream, withSpecials: Bool = false) {
            w = Kernels.floats(count, &stream, withSpecials: withSpecials)
            v = Kernels.floats(count, &stream, withSpecials: withSpecials)
            s = (0..<count).map { _ in Float(stream.nextUnit()) }
            numbers = (0..<7).map { _ in (0..<columns).map { _ in Float(stream.nextUnit()) } }
        }

        /// As the header says, number by number.
        mutating func follow(_ rule: hpk_rule, _ g: [Float], columns: Int) {
            for index in w.indices {
                let column = numbers.map { $0[index % columns] }
                let gradient = g[index] + column[1] * w[index]
                (w[index], v[index], s[index]) = Self.followed(
                    rule, gradient, w[index], v[index], s[index], column)
            }
        }

        private static func followed(
            _ rule: hpk_rule, _ g: Float, _ w: Float, _ v: Float, _ s: Float, _ c: [Float]
        ) -> (Float, Float, Float) {
            let (rate, momentum, decay, epsilon) = (c[0], c[2], c[3], c[4])
            let squares = traceless(decay * s + (1 - decay) * (g * g))
            switch rule {
            case HPK_SGD: return (traceless(w - rate * g), v, s)
            case HPK_MOMENTUM:
                let velocity = traceless(momentum * v - rate * g)
                return (traceless(w + velocity), velocity, s)
            case HPK_NESTEROV:
                let velocity = traceless(momentum * v - rate * g)
                let step: Float = (velocity + momentum * velocity) - momentum * v
                return (traceless(w + step), velocity, s)
            case HPK_RMSPROP:
                let step: Float = rate * g / (squares.squareRoot() + epsilon)
                return (traceless(w - step), v, squares)
            default:
                let mean = traceless(momentum * v + (1 - momentum) * g)
                let root: Float = (squares * c[6]).squareRoot() + epsilon
                let step: Float = rate * (mean * c[5]) / root
                return (traceless(w - step), mean, squares)
            }
        }

        private static func traceless(_ x: Float) -> Float { x.magnitude < 0x1p-100 ? 0 : x }

        /// Lets a kernel work on the state.
        mutating func withUpdate(_ rule: hpk_rule, _ body: (inout hpk_update) -> Void) {
            let columns = numbers[0].count
            let all = numbers.flatMap(\.self)
            all.withUnsafeBufferPointer { all in
                let rows = (0..<7).map { row in
                    all.baseAddress.map { $0 + row * columns }
                }
                w.withUnsafeMutableBufferPointer { w in
                    v.withUnsafeMutableBufferPointer { v in
                        s.withUnsafeMutableBufferPointer { s in
                            let hasV = rule != HPK_SGD && rule != HPK_RMSPROP
                            let hasS = rule == HPK_RMSPROP || rule == HPK_ADAM
                            var update = hpk_update(
                                rule: rule, w: w.baseAddress, v: hasV ? v.baseAddress : nil,
                                s: hasS ? s.baseAddress : nil, rate: rows[0], reg: rows[1],
                                momentum: rows[2], decay: rows[3], epsilon: rows[4],
                                unbias_v: rows[5], unbias_s: rows[6])
                            body(&update)
                        }
                    }
                }
            }
        }

        func isSame(as other: State) -> Bool {
            Kernels.same(w, other.w) && Kernels.same(v, other.v) && Kernels.same(s, other.s)
        }
    }

    @Test(arguments: Kernels.variants, rules.map(\.rawValue))
    func `a row follows its gradient as the rule is defined`(
        _ variant: String, _ rule: UInt32
    ) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 3, purpose: .sampling)
        for count in Kernels.counts where count > 0 {
            var state = State(count, columns: count, &stream, withSpecials: true)
            let g = Kernels.floats(count, &stream, withSpecials: true)
            var expected = state
            for _ in 0..<3 {
                expected.follow(hpk_rule(rule), g, columns: count)
                state.withUpdate(hpk_rule(rule)) { kernels.update_row(count, g, &$0) }
            }
            #expect(state.isSame(as: expected), "\(count) numbers")
        }
    }

    @Test(arguments: Kernels.variants, rules.map(\.rawValue))
    func `what is next to nothing becomes nothing`(_ variant: String, _ rule: UInt32) throws {
        let kernels = try Kernels.table(variant)
        let tiny: [Float] = [0x1p-101, -0x1p-101, 0x1p-140, -0x1p-149, 0x1p-99, -0x1p-99, .nan]
        var stream = RandomStream(seed: 5, purpose: .sampling)
        var state = State(tiny.count, columns: tiny.count, &stream)
        state.numbers = [0.5, 0, 0, 0, 1, 1, 1].map { number in tiny.map { _ in Float(number) } }
        (state.w, state.v, state.s) = (tiny, tiny, tiny.map { _ in 0 })
        let zeros = tiny.map { _ in Float(0) }
        state.withUpdate(hpk_rule(rule)) { kernels.update_row(tiny.count, zeros, &$0) }
        #expect(Kernels.same(Array(state.w.prefix(6)), [0, 0, 0, 0, 0x1p-99, -0x1p-99]))
        #expect(state.w[6].isNaN)
    }

    @Test(arguments: [
        (1, 1, 1), (8, 48, 7), (15, 33, 40), (64, 16, 33), (31, 50, 500), (9, 100, 3), (4, 5, 0),
    ])
    func `an update in the product has the bits of a gradient and an update`(
        _ m: Int, _ n: Int, _ k: Int
    ) throws {
        for name in Kernels.variants {
            let kernels = try Kernels.table(name)
            for rule in Self.rules {
                var stream = RandomStream(seed: 7, purpose: .sampling)
                let a = Kernels.floats(k * m, &stream)
                let b = Kernels.floats(k * n, &stream)
                var state = State(m * n, columns: kernels.padded_columns(n), &stream)
                var expected = state
                expected.numbers = expected.numbers.map { Array($0.prefix(n)) }
                var g = [Float](repeating: 0, count: m * n)
                for i in 0..<m {
                    for j in 0..<n {
                        for l in 0..<k { g[i * n + j].addProduct(a[l * m + i], b[l * n + j]) }
                    }
                }
                expected.follow(rule, g, columns: n)
                func inPanels(_ x: [Float]) -> [Float] {
                    Kernels.panels(x, rows: m, columns: n, kernels)
                }
                (state.w, state.v, state.s) = (
                    inPanels(state.w), inPanels(state.v), inPanels(state.s)
                )
                (expected.w, expected.v, expected.s) = (
                    inPanels(expected.w), inPanels(expected.v), inPanels(expected.s)
                )
                var scratch = [Float](
                    repeating: .nan, count: hpk_product_update_scratch_floats(m, n, k))
                state.withUpdate(rule) {
                    kernels.product_update(m, n, k, a, m, b, n, &$0, &scratch)
                }
                #expect(state.isSame(as: expected), "\(name), rule \(rule.rawValue)")
            }
        }
    }
}
