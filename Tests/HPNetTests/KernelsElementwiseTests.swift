import CKernels
import HPMath
import Testing

@Suite("Kernels: elementwise and sums")
struct KernelsElementwiseTests {
    static func stream(_ b: UInt32) -> RandomStream {
        RandomStream(seed: 21, purpose: .sampling, a: 1, b: b)
    }

    @Test(arguments: Kernels.variants)
    func `activations agree with their definition`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(0)
        for count in Kernels.counts {
            let x = Kernels.floats(count, &stream, withSpecials: true)
            var y = [Float](repeating: 7, count: count + 1)
            kernels.relu_forward(count, x, &y)
            #expect(Kernels.same(y, x.map { $0 <= 0 ? 0 : $0 } + [7]))
            kernels.tanh_forward(count, x, &y)
            #expect(Kernels.same(y, x.map { hpk_tanhf($0) } + [7]))
            var inPlace = x
            inPlace.withUnsafeMutableBufferPointer {
                kernels.relu_forward(count, $0.baseAddress, $0.baseAddress)
            }
            #expect(Kernels.same(inPlace, x.map { $0 <= 0 ? 0 : $0 }))
            inPlace = x
            inPlace.withUnsafeMutableBufferPointer {
                kernels.tanh_forward(count, $0.baseAddress, $0.baseAddress)
            }
            #expect(Kernels.same(inPlace, x.map { hpk_tanhf($0) }))
        }
    }

    @Test(arguments: Kernels.variants)
    func `their derivatives agree with their definition`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(1)
        for count in Kernels.counts {
            let y = Kernels.floats(count, &stream, withSpecials: true)
            let gradient = Kernels.floats(count, &stream, withSpecials: true)
            var dy = gradient
            kernels.relu_backward(count, y, &dy)
            #expect(Kernels.same(dy, zip(y, gradient).map { $0 <= 0 ? 0 : $1 }))
            dy = gradient
            kernels.tanh_backward(count, y, &dy)
            #expect(Kernels.same(dy, zip(y, gradient).map { $1 * (1 - $0 * $0) }))
        }
    }

    @Test(arguments: Kernels.variants)
    func `dropout keeps and scales what its random number allows`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(7)
        for count in Kernels.counts {
            let x = Kernels.floats(count, &stream)
            let random = (0..<count).map { $0 == 3 ? 1 << 30 : stream.nextUInt32() }
            var y = x + [7]
            kernels.dropout(count, random, 1 << 30, 1.25, &y)
            #expect(
                Kernels.same(y, zip(x, random).map { $1 >= 1 << 30 ? $0 * 1.25 : 0 } + [7]))
        }
    }

    @Test(arguments: Kernels.variants)
    func `a NaN goes through ReLU and tanh`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        let x = [Float](repeating: .nan, count: 40)
        var y = [Float](repeating: 0, count: 40)
        kernels.relu_forward(40, x, &y)
        #expect(y.allSatisfy { $0.isNaN })
        y = [Float](repeating: 0, count: 40)
        kernels.tanh_forward(40, x, &y)
        #expect(y.allSatisfy { $0.isNaN })
    }

    @Test(arguments: Kernels.variants)
    func `biases are added and columns summed in the order of rows`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(2)
        for (m, n) in [(0, 3), (1, 1), (7, 10), (200, 50), (33, 17), (5, 64)] {
            let bias = Kernels.floats(n, &stream)
            let x = Kernels.floats(m * n, &stream, withSpecials: n == 17)
            var y = x
            kernels.add_bias(m, n, bias, &y)
            #expect(Kernels.same(y, x.indices.map { x[$0] + bias[$0 % n] }))
            var sums = [Float](repeating: .nan, count: n)
            kernels.sum_rows(m, n, x, &sums)
            let expected = (0..<n).map { j in (0..<m).reduce(Float(0)) { $0 + x[$1 * n + j] } }
            #expect(Kernels.same(sums, expected))
        }
    }

    @Test(arguments: Kernels.variants)
    func `gathered rows are scaled, centred and multiplied in that order`(
        variant: String
    ) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(4)
        let order: [UInt32] = [4, 0, 4, 2]
        for columns in [1, 7, 16, 33, 100] {
            let bytes = (0..<5 * columns).map { _ in UInt8(stream.next(below: 256)) }
            let floats = Kernels.floats(5 * columns, &stream, withSpecials: true)
            let subtract = Kernels.floats(columns, &stream)
            let multiply = Kernels.floats(columns, &stream)
            let scale = Float(1) / 255
            for (center, factor) in [
                (nil, nil), (subtract, nil), (nil, multiply), (subtract, multiply),
            ] as [([Float]?, [Float]?)] {
                func expected(_ source: (Int) -> Float) -> [Float] {
                    order.flatMap { row in
                        (0..<columns).map { j -> Float in
                            var x = source(Int(row) * columns + j)
                            if let center { x -= center[j] }
                            if let factor { x *= factor[j] }
                            return x
                        }
                    }
                }
                var result = [Float](repeating: .nan, count: 4 * columns)
                kernels.gather_u8(4, columns, bytes, order, scale, center, factor, &result)
                #expect(Kernels.same(result, expected { Float(bytes[$0]) * scale }))
                kernels.gather_f32(4, columns, floats, order, center, factor, &result)
                #expect(Kernels.same(result, expected { floats[$0] }))
            }
        }
    }

    @Test(arguments: Kernels.variants)
    func `a sum of squares is eight chains added in order`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(5)
        for count in Kernels.counts + [10_001] {
            let x = Kernels.floats(count, &stream)
            var chains = [Double](repeating: 0, count: 8)
            for (i, value) in x.enumerated() { chains[i % 8] += Double(value) * Double(value) }
            #expect(Kernels.same(kernels.sum_of_squares(count, x), chains.reduce(0, +)))
        }
    }
}
