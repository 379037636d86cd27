import CKernels
import HPMath
import Testing

@Suite("Kernels: layers")
struct KernelsLayerTests {
    private static func stream(_ seed: UInt64) -> RandomStream {
        RandomStream(seed: seed, purpose: .sampling)
    }

    @Test(arguments: Kernels.variants)
    func `activations that work number by number agree with their definition`(
        _ variant: String
    ) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(1)
        for count in Kernels.counts {
            let x = Kernels.floats(count, &stream, withSpecials: true)
            let dy = Kernels.floats(count, &stream)
            var y = [Float](repeating: 0, count: count)
            var dx = dy
            kernels.sigmoid_forward(count, x, &y)
            #expect(Kernels.same(y, x.map { 1 / (1 + hpk_expf(-$0)) }))
            kernels.sigmoid_backward(count, y, &dx)
            #expect(Kernels.same(dx, zip(dy, y).map { $0 * ($1 * (1 - $1)) }))
            dx = dy
            kernels.leaky_relu_forward(count, 0.01, x, &y)
            #expect(Kernels.same(y, x.map { $0 <= 0 ? 0.01 * $0 : $0 }))
            kernels.leaky_relu_backward(count, 0.01, y, &dx)
            #expect(Kernels.same(dx, zip(dy, y).map { $1 <= 0 ? 0.01 * $0 : $0 }))
            dx = dy
            kernels.elu_forward(count, x, &y)
            #expect(Kernels.same(y, x.map { $0 <= 0 ? hpk_expf($0) - 1 : $0 }))
            kernels.elu_backward(count, y, &dx)
            #expect(Kernels.same(dx, zip(dy, y).map { $1 <= 0 ? $0 * ($1 + 1) : $0 }))
        }
    }

    @Test(arguments: Kernels.variants)
    func `PReLU has a slope for each column, and its gradient`(_ variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(2)
        for (m, n) in [(1, 1), (3, 5), (9, 33), (64, 48)] {
            let x = Kernels.floats(m * n, &stream, withSpecials: true)
            let dy = Kernels.floats(m * n, &stream)
            let slope = Kernels.floats(n, &stream)
            var y = [Float](repeating: 0, count: m * n)
            kernels.prelu_forward(m, n, slope, x, &y)
            #expect(Kernels.same(y, x.indices.map { x[$0] <= 0 ? slope[$0 % n] * x[$0] : x[$0] }))
            var dx = dy
            var dSlope = [Float](repeating: .nan, count: n)
            kernels.prelu_backward(m, n, slope, x, &dx, &dSlope)
            #expect(
                Kernels.same(dx, x.indices.map { x[$0] <= 0 ? slope[$0 % n] * dy[$0] : dy[$0] }))
            let expected = (0..<n).map { j in
                (0..<m).reduce(Float(0)) { sum, i in
                    let at = i * n + j
                    return sum + (x[at] <= 0 ? dy[at] * x[at] : 0)
                }
            }
            #expect(Kernels.same(dSlope, expected))
        }
    }

    @Test(arguments: Kernels.variants, [1, 2, 3, 5])
    func `maxout gives the largest piece, and the gradient to the first of them`(
        _ variant: String, _ pieces: Int
    ) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(3)
        for (m, units) in [(1, 1), (3, 5), (9, 17), (20, 48)] {
            let columns = units * pieces
            let (ldz, ldy) = (columns + 3, units + 2)
            // Small whole numbers: pieces are often equal.
            let z = (0..<m * ldz).map { _ in Float(stream.next(below: 4)) }
            let gradient = Kernels.floats(m * ldy, &stream)
            var y = [Float](repeating: -7, count: m * ldy)
            kernels.maxout_forward(m, units, pieces, z, ldz, &y, ldy)
            var dy = gradient
            var dz = [Float](repeating: -7, count: m * ldz)
            kernels.maxout_backward(m, units, pieces, z, ldz, y, ldy, &dy, ldy, &dz, ldz)
            for i in 0..<m {
                for j in 0..<units {
                    let inputs = (0..<pieces).map { z[i * ldz + $0 * units + j] }
                    let largest = try #require(inputs.max())
                    #expect(y[i * ldy + j] == largest)
                    let winner = inputs.firstIndex(of: largest)
                    for piece in 0..<pieces {
                        let routed = dz[i * ldz + piece * units + j]
                        #expect(routed == (piece == winner ? gradient[i * ldy + j] : 0))
                    }
                }
                #expect(y[i * ldy + units] == -7 && dz[i * ldz + columns] == -7)
            }
        }
    }

    @Test(arguments: Kernels.variants)
    func `a piece that is not a number makes the unit one`(_ variant: String) throws {
        let kernels = try Kernels.table(variant)
        for z in [[Float.nan, 1], [1, .nan], [.nan, .nan]] {
            var y: [Float] = [0]
            kernels.maxout_forward(1, 1, 2, z, 2, &y, 1)
            #expect(y[0].isNaN)
        }
    }

    @Test(arguments: Kernels.variants)
    func `batch normalization's parts agree with their definition`(_ variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(4)
        for (m, n) in [(1, 1), (3, 5), (9, 33), (100, 16)] {
            let x = Kernels.floats(m * n, &stream)
            let y = Kernels.floats(m * n, &stream)
            let (a, b, c) = (
                Kernels.floats(n, &stream), Kernels.floats(n, &stream), Kernels.floats(n, &stream)
            )
            func column(_ j: Int, _ x: [Float]) -> [Float] { (0..<m).map { x[$0 * n + j] } }
            var mean = [Double](repeating: .nan, count: n)
            var variance = mean
            kernels.column_moments(m, n, x, &mean, &variance)
            for j in 0..<n {
                let numbers = column(j, x).map(Double.init)
                let expected = numbers.reduce(0, +) / Double(m)
                #expect(mean[j] == expected)
                let squares = numbers.map { ($0 - expected) * ($0 - expected) }
                #expect(variance[j] == squares.reduce(0, +) / Double(m))
            }
            var normalized = x
            kernels.normalize(m, n, a, b, &normalized)
            #expect(Kernels.same(normalized, x.indices.map { (x[$0] - a[$0 % n]) * b[$0 % n] }))
            var shifted = x
            kernels.scale_and_shift(m, n, a, b, x, &shifted)
            #expect(Kernels.same(shifted, x.indices.map { a[$0 % n] * x[$0] + b[$0 % n] }))
            var sums = [Float](repeating: .nan, count: n)
            kernels.sum_row_products(m, n, x, y, &sums)
            #expect(
                Kernels.same(
                    sums,
                    (0..<n).map { j in
                        zip(column(j, x), column(j, y)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                    }))
            var dy = y
            kernels.normalize_backward(m, n, x, a, b, c, &dy)
            let share = 1 / Float(m)
            let expected = x.indices.map { index -> Float in
                let common: Float = (c[index % n] + x[index] * b[index % n]) * share
                return a[index % n] * (y[index] - common)
            }
            #expect(Kernels.same(dy, expected))
        }
    }

    @Test(arguments: Kernels.variants)
    func `a sum of squared differences is that of their squares`(_ variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(5)
        for count in Kernels.counts {
            let x = Kernels.floats(count, &stream)
            let zeros = [Float](repeating: 0, count: count)
            let squares = kernels.sum_of_squares(count, x)
            #expect(Kernels.same(kernels.sum_of_squared_differences(count, x, zeros), squares))
            #expect(kernels.sum_of_squared_differences(count, x, x) == 0)
        }
    }

    @Test(arguments: Kernels.variants)
    func `squares of a column are summed row after row`(_ variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = Self.stream(6)
        for (rows, columns) in [(0, 3), (1, 1), (5, 17), (9, 50), (4, 130)] {
            let w = Kernels.floats(rows * columns, &stream)
            let before = Kernels.floats(rows * columns, &stream)
            func sum(_ square: (Int) -> Double, _ column: Int) -> Double {
                (0..<rows).reduce(0) { $0 + square($1 * columns + column) }
            }
            func square(_ number: Double) -> Double { number * number }
            let panels = [w, before].map {
                Kernels.panels($0, rows: rows, columns: columns, kernels)
            }
            var compared = [hpk_squares](repeating: hpk_squares(), count: columns)
            var alone = compared
            kernels.column_squares(rows, columns, panels[0], panels[1], &compared)
            kernels.column_squares(rows, columns, panels[0], nil, &alone)
            for column in 0..<columns {
                let now = sum({ square(Double(w[$0])) }, column)
                #expect(compared[column].now == now && alone[column].now == now)
                #expect(compared[column].before == sum({ square(Double(before[$0])) }, column))
                let change = sum({ square(Double(w[$0]) - Double(before[$0])) }, column)
                #expect(compared[column].change == change)
                #expect(alone[column].before == 0 && alone[column].change == 0)
            }
        }
    }
}
