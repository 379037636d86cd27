import HPMath
import HPNet
import Testing

@Suite("Preprocessing")
struct PreprocessingTests {
    static let columns = 6
    static let rows = 60

    /// Bytes in four columns of different means and spreads, then one that is constant and one that
    /// is zero.
    static func bytes() -> [UInt8] {
        var stream = RandomStream(seed: 9, purpose: .sampling)
        return (0..<rows).flatMap { _ -> [UInt8] in
            [3, 20, 90, 200].map { UInt8(stream.next(below: $0) + 55 - $0 / 4) } + [77, 0]
        }
    }

    static func dataset(_ features: Dataset.Features) -> Dataset {
        Dataset(
            name: "columns", features: features, labels: (0..<Int32(rows)).map { $0 % 2 },
            featureCount: columns, classCount: 2)
    }

    static func trainer(_ dataset: Dataset, _ preprocessing: [Preprocessing]) throws -> Trainer {
        let split = try DataSplit(
            of: dataset, training: .count(40), validation: .count(20), seed: 6)
        return Trainer(
            network: NetworkConfiguration(hidden: [4], activation: .tanh),
            training: TrainingConfiguration(
                learningRate: 0.1, batchSize: 8, epochs: 3, lossFactor: .infinity),
            data: PreparedData(dataset: dataset, split: split, preprocessing: preprocessing))
    }

    static func trained(
        _ dataset: Dataset, _ preprocessing: [Preprocessing] = []
    ) throws -> (parameters: [Float], outcome: TrainingOutcome) {
        let trainer = try trainer(dataset, preprocessing)
        let outcome = trainer.train()
        return (trainer.parameters, outcome)
    }

    /// What preprocessing should make of the features, computed as plainly as possible.
    static func standardized(_ features: [Double], dividing: Bool) throws -> [Float] {
        let split = try DataSplit(
            of: dataset(.floats(features.map { Float($0) })), training: .count(40),
            validation: .count(20), seed: 6)
        var result = features.map { Float($0) }
        for column in 0..<columns {
            let values = split.training.map { features[Int($0) * columns + column] }
            let mean = values.reduce(0, +) / 40
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40
            let scale = dividing && variance > 1e-20 ? variance.squareRoot() : 1
            for row in 0..<rows {
                let index = row * columns + column
                result[index] = Float((features[index] - mean) / scale)
            }
        }
        return result
    }

    static func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).map { ($0 - $1).magnitude }.max() ?? .infinity
    }

    @Test(arguments: [Preprocessing.zeroMean, .normalize])
    func `it is what its definition says, for bytes and for numbers`(
        _ preprocessing: Preprocessing
    ) throws {
        let bytes = Self.bytes()
        let expected = try Self.trained(
            Self.dataset(
                .floats(
                    Self.standardized(
                        bytes.map { Double($0) / 255 }, dividing: preprocessing == .normalize))))
        let features: [Dataset.Features] = [
            .bytes(bytes, scale: 1 / 255), .floats(bytes.map { Float($0) / 255 }),
        ]
        for features in features {
            let trained = try Self.trained(Self.dataset(features), [preprocessing])
            #expect(Self.largestDifference(trained.parameters, expected.parameters) < 1e-4)
        }
        let raw = try Self.trained(Self.dataset(features[0]))
        #expect(Self.largestDifference(raw.parameters, expected.parameters) > 1e-2)
    }

    @Test(arguments: [Preprocessing.zeroMean, .normalize])
    func `a constant column becomes zero, and its weights stay`(
        _ preprocessing: Preprocessing
    ) throws {
        let dataset = Self.dataset(.bytes(Self.bytes(), scale: 1 / 255))
        let trainer = try Self.trainer(dataset, [preprocessing])
        let first = trainer.parameters
        #expect(trainer.train().end == .completed)
        // Rows 4 and 5 of W (6×4).
        #expect(
            Self.largestDifference(Array(trainer.parameters[16..<24]), Array(first[16..<24])) < 1e-6
        )
        #expect(
            Self.largestDifference(Array(trainer.parameters[0..<16]), Array(first[0..<16])) > 1e-2)
    }

    @Test func `a column that barely varies doesn't become infinite`() throws {
        var features = Self.bytes().map { Float($0) / 255 }
        for row in 0..<Self.rows where row.isMultiple(of: 3) {
            features[row * Self.columns + 5] = .leastNonzeroMagnitude
        }
        let trained = try Self.trained(Self.dataset(.floats(features)), [.normalize])
        #expect(trained.outcome.end == .completed)
    }

    @Test(
        arguments: [
            Preprocessing.zeroMean, .normalize, .pca(components: 3),
            .whiten(components: 3, epsilon: 1e-5),
        ])
    func `nothing leaks from the examples that are not for training`(
        _ preprocessing: Preprocessing
    ) throws {
        var bytes = Self.bytes()
        let before = try Self.trained(
            Self.dataset(.bytes(bytes, scale: 1 / 255)), [preprocessing])
        let split = try DataSplit(
            of: Self.dataset(.bytes(bytes, scale: 1 / 255)), training: .count(40),
            validation: .count(20), seed: 6)
        for row in Set(0..<UInt32(Self.rows)).subtracting(split.training) {
            for column in 0..<Self.columns { bytes[Int(row) * Self.columns + column] = 255 }
        }
        let after = try Self.trained(
            Self.dataset(.bytes(bytes, scale: 1 / 255)), [preprocessing])
        #expect(before.parameters == after.parameters)
        #expect(before.outcome.evaluations != after.outcome.evaluations)
    }
}
