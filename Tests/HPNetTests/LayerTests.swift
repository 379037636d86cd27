import Foundation
import HPNet
import Testing

/// The definitions against numbers that were worked out by hand, or by the C library.
@Suite("Definitions of layers")
struct LayerTests {
    static let x = Matrix(rows: 2, columns: 3, [-2, -0.5, 0, 0.5, 2, 30])
    static let ones = Matrix(rows: 2, columns: 3, [1, 1, 1, 1, 1, 1])

    static func difference(_ left: [Double], _ right: [Double]) -> Double {
        GradientTests.largestDifference(left, right)
    }

    @Test func `an affine map is a product and a sum`() {
        let affine = Affine(
            weights: Matrix(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6]), biases: [10, 20])
        let x = Matrix(rows: 1, columns: 3, [1, 0, -1])
        #expect(affine.forward(x).numbers == [6, 16])
        let gradients = affine.backward(Matrix(rows: 1, columns: 2, [1, -1]), x: x)
        #expect(gradients.x.numbers == [-1, -1, -1])
        #expect(gradients.weights.numbers == [1, -1, 0, 0, -1, 1])
        #expect(gradients.biases == [1, -1])
    }

    @Test func `smooth activations are what the C library says`() {
        let x = Self.x.numbers
        let sigmoid = x.map { 1 / (1 + Foundation.exp(-$0)) }
        #expect(Self.difference(Sigmoid().forward(Self.x).numbers, sigmoid) < 1e-15)
        let tanh = x.map { Foundation.tanh($0) }
        #expect(Self.difference(Tanh().forward(Self.x).numbers, tanh) < 1e-15)
        let elu = x.map { $0 > 0 ? $0 : Foundation.exp($0) - 1 }
        #expect(Self.difference(ELU().forward(Self.x).numbers, elu) < 1e-15)
    }

    @Test func `the ReLU family differs where numbers are negative`() {
        let relu = ReLU()
        #expect(relu.forward(Self.x).numbers == [0, 0, 0, 0.5, 2, 30])
        #expect(relu.backward(Self.ones, y: relu.forward(Self.x)).numbers == [0, 0, 0, 1, 1, 1])
        let leaky = LeakyReLU(slope: 0.1)
        let y = leaky.forward(Self.x)
        #expect(y.numbers == [-0.2, -0.05, 0, 0.5, 2, 30])
        #expect(leaky.backward(Self.ones, y: y).numbers == [0.1, 0.1, 0.1, 1, 1, 1])
        let prelu = PReLU(slopes: [0.25, 0.5, 1])
        #expect(prelu.forward(Self.x).numbers == [-0.5, -0.25, 0, 0.5, 2, 30])
        let gradients = prelu.backward(Self.ones, x: Self.x)
        #expect(gradients.x.numbers == [0.25, 0.5, 1, 1, 1, 1])
        #expect(gradients.slopes == [-2, -0.5, 0])
    }

    @Test func `maxout takes the largest piece, of equal ones the lowest`() {
        let z = Matrix(rows: 1, columns: 6, [1, 5, 2, 5, 2, 4])
        let maxout = Maxout(pieces: 3)
        #expect(maxout.forward(z).numbers == [2, 5])
        let dz = maxout.backward(Matrix(rows: 1, columns: 2, [7, 8]), z: z)
        #expect(dz.numbers == [0, 8, 7, 0, 0, 0])
    }

    @Test func `batch normalization gives each column the mean β and the spread γ`() {
        let x = Matrix(rows: 4, columns: 1, [1, 3, 5, 7])
        let normalization = BatchNormalization(gamma: [2], beta: [-1])
        let y = normalization.forward(x).y.numbers
        let mean = y.reduce(0, +) / 4
        let variance = y.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4
        #expect((mean + 1).magnitude < 1e-12)
        #expect((variance - 4).magnitude < 1e-4)
        let same = normalization.evaluate(x, means: [4], variances: [5])
        #expect(Self.difference(same.numbers, y) < 1e-15)
    }

    @Test func `equal scores cost the logarithm of the classes`() {
        let loss = SoftmaxCrossEntropy(labels: [0, 5, 9])
        let result = loss.forward(
            Matrix(rows: 3, columns: 10, [Double](repeating: 7, count: 30)))
        #expect((result.loss - 2.302585092994046).magnitude < 1e-14)
        let gradient = loss.backward(result.probabilities)
        #expect((gradient[0, 0] + 0.9 / 3).magnitude < 1e-15)
        #expect((gradient[0, 1] - 0.1 / 3).magnitude < 1e-15)
    }

    @Test func `scores beyond the range of the exponential are no trouble`() {
        let scores = Matrix(rows: 1, columns: 3, [1e5, 0, -1e5])
        #expect(SoftmaxCrossEntropy(labels: [0]).forward(scores).loss == 0)
        let last = SoftmaxCrossEntropy(labels: [2])
        let result = last.forward(scores)
        #expect(result.loss == 2e5)
        #expect(last.backward(result.probabilities).numbers == [1, 0, -1])
    }

    @Test func `regularization is half the sum of squares`() {
        let l2 = L2Regularization(strength: 0.1)
        #expect((l2.loss([3, -4]) - 1.25).magnitude < 1e-15)
        #expect(Self.difference(l2.gradient([3, -4]), [0.3, -0.4]) < 1e-15)
    }

    /// Two steps from 1 with gradients 2 and −1.
    @Test(arguments: [
        (Optimizer.sgd, 0.9),
        // v is −0.2, then −0.08.
        (.momentum, 0.72),
        // 1 − 1.9·0.2, then − 1.9·0.08 + 0.9·0.2
        (.nesterov, 0.648),
        // s is 2, then 1.5.
        (.rmsprop, 1 - 0.2 / 2.0.squareRoot() + 0.1 / 1.5.squareRoot()),
        // m is 1, then 0: one step as long as the rate.
        (.adam, 0.9),
    ])
    func `optimizers take the steps of their equations`(_ optimizer: Optimizer, _ end: Double) {
        let training = TrainingConfiguration(
            optimizer: optimizer, learningRate: 0.1, momentum: 0.9, rmspropDecay: 0.5, beta1: 0.5,
            beta2: 0.5, epsilon: 1e-12, epochs: 1)
        var reference = ReferenceOptimizer(training, count: 1)
        var parameters = [1.0]
        for gradient in [2.0, -1] {
            reference.follow([gradient], rate: 0.1, parameters: &parameters)
        }
        #expect((parameters[0] - end).magnitude < 1e-12)
    }
}
