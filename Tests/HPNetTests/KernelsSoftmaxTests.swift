import CKernels
import HPMath
import Testing

@Suite("Kernels: softmax")
struct KernelsSoftmaxTests {
    static func batch(
        _ m: Int, _ classes: Int, _ stream: inout RandomStream
    ) -> (scores: [Float], labels: [Int32]) {
        let scores = Kernels.floats(m * classes, &stream).map { $0 * 9 }
        return (scores, (0..<m).map { _ in Int32(stream.next(below: classes)) })
    }

    /// The definition, in single precision with the project's own exp and log.
    static func reference(
        _ scores: [Float], _ labels: [Int32], classes: Int
    ) -> (losses: [Double], gradient: [Float]) {
        var losses: [Double] = []
        var gradient: [Float] = []
        let share = 1 / Float(labels.count)
        for (i, label) in labels.enumerated() {
            let row = scores[i * classes..<(i + 1) * classes]
            let largest = row.dropFirst().reduce(row[row.startIndex]) { $1 > $0 ? $1 : $0 }
            let powers = row.map { hpk_expf($0 - largest) }
            let sum = powers.reduce(0, +)
            losses.append(Double(hpk_logf(sum) - (row[row.startIndex + Int(label)] - largest)))
            let scale = share / sum
            for (j, power) in powers.enumerated() {
                let p = power * scale
                gradient.append(j == Int(label) ? p - share : p)
            }
        }
        return (losses, gradient)
    }

    @Test(arguments: Kernels.variants)
    func `loss and gradient agree with their definition, bit for bit`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 31, purpose: .sampling)
        for (m, classes) in [(1, 1), (1, 2), (7, 10), (200, 10), (33, 17), (4, 100)] {
            let (scores, labels) = Self.batch(m, classes, &stream)
            let expected = Self.reference(scores, labels, classes: classes)
            var gradient = scores
            let loss = kernels.softmax_gradient(m, classes, &gradient, labels)
            #expect(Kernels.same(loss, expected.losses.reduce(0, +)))
            #expect(Kernels.same(gradient, expected.gradient))
        }
    }

    @Test(arguments: Kernels.variants)
    func `the gradient is near the exact one`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 32, purpose: .sampling)
        let (m, classes) = (50, 10)
        let (scores, labels) = Self.batch(m, classes, &stream)
        var gradient = scores
        let loss = kernels.softmax_gradient(m, classes, &gradient, labels)
        var exactLoss = 0.0
        for i in 0..<m {
            let powers = (0..<classes).map { HPMath.exp(Double(scores[i * classes + $0])) }
            let sum = powers.reduce(0, +)
            exactLoss -= HPMath.log(powers[Int(labels[i])] / sum)
            for j in 0..<classes {
                let onehot = j == Int(labels[i]) ? 1.0 : 0
                let exact = (powers[j] / sum - onehot) / Double(m)
                #expect((Double(gradient[i * classes + j]) - exact).magnitude < 1e-8)
            }
        }
        #expect((loss - exactLoss).magnitude < 1e-6 * exactLoss)
    }

    @Test(arguments: Kernels.variants)
    func `evaluation adds losses, squares and hits`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        var stream = RandomStream(seed: 33, purpose: .sampling)
        for (m, classes) in [(1, 1), (7, 10), (200, 10), (33, 17)] {
            let (scores, labels) = Self.batch(m, classes, &stream)
            let losses = Self.reference(scores, labels, classes: classes).losses
            var (sum, squares, correct) = (0.25, 0.5, 3)
            var right = [UInt8](repeating: 7, count: m + 1)
            kernels.softmax_evaluate(m, classes, scores, labels, &sum, &squares, &correct, &right)
            #expect(Kernels.same(sum, losses.reduce(0.25, +)))
            #expect(Kernels.same(squares, losses.reduce(0.5) { $0 + $1 * $1 }))
            let hits = (0..<m).filter { i in
                let row = Array(scores[i * classes..<(i + 1) * classes])
                return row.firstIndex(of: row.max() ?? 0) == Int(labels[i])
            }
            #expect(correct == 3 + hits.count)
            #expect(right == (0..<m).map { hits.contains($0) ? 1 : 0 } + [7])
            var (sumAlone, squaresAlone, correctAlone) = (0.25, 0.5, 3)
            kernels.softmax_evaluate(
                m, classes, scores, labels, &sumAlone, &squaresAlone, &correctAlone, nil)
            #expect(Kernels.same(sumAlone, sum) && correctAlone == correct)
        }
    }

    @Test(arguments: Kernels.variants)
    func `ties go to the lowest class`(variant: String) throws {
        let kernels = try Kernels.table(variant)
        let scores: [Float] = [1, 2, 2, 1, 2, 2, 0, 0, 0]
        for (labels, hits) in [([1, 1, 0] as [Int32], 3), ([2, 2, 1], 0)] {
            var (sum, squares, correct) = (0.0, 0.0, 0)
            var right: [UInt8] = [7, 7, 7]
            kernels.softmax_evaluate(3, 3, scores, labels, &sum, &squares, &correct, &right)
            #expect(correct == hits)
            #expect(right == [UInt8](repeating: hits == 3 ? 1 : 0, count: 3))
        }
    }

    @Test(arguments: Kernels.variants, [0, 1, 4])
    func `a NaN score is never correct and its loss is NaN`(variant: String, at: Int) throws {
        let kernels = try Kernels.table(variant)
        var scores: [Float] = [0, 1, 2, 3, 4]
        scores[at] = .nan
        for label in 0..<5 as Range<Int32> {
            var (sum, squares, correct) = (0.0, 0.0, 0)
            var right: [UInt8] = [7]
            kernels.softmax_evaluate(1, 5, scores, [label], &sum, &squares, &correct, &right)
            #expect(sum.isNaN && squares.isNaN && correct == 0 && right == [0])
            var gradient = scores
            #expect(kernels.softmax_gradient(1, 5, &gradient, [label]).isNaN)
            #expect(gradient.allSatisfy { $0.isNaN })
        }
    }
}
