import HPMath
import Testing

@testable import HPNet

@Suite("Principal components")
struct PrincipalComponentTests {
    static func prepared(_ steps: [Preprocessing], cache: ComponentCache? = nil) throws
        -> PreparedData
    {
        let split = try DataSplit(
            of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 1)
        try steps.require(.digits, split)
        return PreparedData(
            dataset: .digits, split: split, preprocessing: steps, cache: cache)
    }

    /// Of the prepared training examples, in double precision.
    static func covariance(_ data: PreparedData) -> [[Double]] {
        let columns = data.featureCount
        var examples = [Float](repeating: 0, count: data.split.training.count * columns)
        data.split.training.withUnsafeBufferPointer { rows in
            examples.withUnsafeMutableBufferPointer { examples in
                guard let base = examples.baseAddress else { return }
                data.gather(rows, into: base)
            }
        }
        let count = data.split.training.count
        let means = (0..<columns).map { column in
            (0..<count).reduce(0) { $0 + Double(examples[$1 * columns + column]) } / Double(count)
        }
        return (0..<columns).map { i in
            (0..<columns).map { j in
                (0..<count).reduce(0) { sum, row in
                    sum + (Double(examples[row * columns + i]) - means[i])
                        * (Double(examples[row * columns + j]) - means[j])
                } / Double(count)
            }
        }
    }

    @Test func `components have a diagonal covariance, and the leading variances`() throws {
        let data = try Self.prepared([.pca(components: 20)])
        #expect(data.featureCount == 20)
        let covariance = Self.covariance(data)
        let variances = try #require(data.projection).components.variances
        for i in 0..<20 {
            for j in 0..<20 {
                let expected = i == j ? variances[i] : 0
                #expect((covariance[i][j] - expected).magnitude < 1e-5 * variances[0])
            }
        }
        #expect(zip(variances, variances.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test func `whitened data have the identity for covariance`() throws {
        let data = try Self.prepared([.zeroMean, .whiten(components: 20, epsilon: 1e-9)])
        let covariance = Self.covariance(data)
        for i in 0..<20 {
            for j in 0..<20 { #expect((covariance[i][j] - (i == j ? 1 : 0)).magnitude < 1e-3) }
        }
    }

    @Test func `all components may be asked for where some features never vary`() throws {
        for steps in [
            [Preprocessing.whiten(components: nil, epsilon: 1e-5)],
            [.normalize, .pca(components: nil)],
        ] {
            let data = try Self.prepared(steps)
            #expect(data.featureCount == 64)
            #expect(Self.covariance(data).allSatisfy { $0.allSatisfy(\.isFinite) })
            let trainer = Trainer(
                network: NetworkConfiguration(hidden: [20]),
                training: TrainingConfiguration(learningRate: 0.05, epochs: 15), data: data)
            #expect(try #require(trainer.train().best).validationAccuracy > 0.8)
        }
    }

    @Test func `more components than there are is an error`() throws {
        for step in [Preprocessing.pca(components: 65), .whiten(components: 65, epsilon: 1e-5)] {
            #expect(throws: NetError.self) { try Self.prepared([step]) }
        }
        #expect(throws: NetError.self) {
            try Self.prepared([.pca(components: 3), .normalize])
        }
    }

    @Test(arguments: [(40, 40), (400, 12), (500, 40)])
    func `eigenvectors are orthonormal and belong to their values`(_ width: Int, _ count: Int) {
        var stream = RandomStream(seed: 4, purpose: .sampling)
        let factors = (0..<width * width).map { _ in stream.nextNormal() }
        var matrix = [Double](repeating: 0, count: width * width)
        for i in 0..<width {
            for j in 0...i {
                var sum = 0.0
                // Falling variances, as those of data are.
                for k in 0..<width {
                    sum += factors[i * width + k] * factors[j * width + k] / Double(1 + k * k)
                }
                matrix[i * width + j] = sum
                matrix[j * width + i] = sum
            }
        }
        let found = SymmetricEigenvectors(of: matrix, width: width, count: count)
        for (index, vector) in found.vectors.enumerated() {
            for (other, second) in found.vectors.enumerated() {
                let product = zip(vector, second).reduce(0) { $0 + $1.0 * $1.1 }
                #expect((product - (index == other ? 1 : 0)).magnitude < 1e-10)
            }
            for row in 0..<width {
                let image = (0..<width).reduce(0) { $0 + matrix[row * width + $1] * vector[$1] }
                #expect(
                    (image - found.values[index] * vector[row]).magnitude
                        < 1e-9 * found.values[0])
            }
        }
    }
}
