import HPMath
import Testing

@testable import HPNet

/// The lecture's sanity checks, with the numbers of its slides.
@Suite("Preflight checks")
struct PreflightTests {
    /// Ten classes of images as CIFAR-10's are: 3,072 bytes, each class around a picture of its
    /// own.
    static func images(scale: Float = 1 / 255) throws -> PreparedData {
        var stream = RandomStream(seed: 3, purpose: .sampling)
        let pictures = (0..<10).map { _ in (0..<3072).map { _ in stream.next(below: 256) } }
        let labels = (0..<120).map { Int32($0 % 10) }
        let bytes = labels.flatMap { label in
            pictures[Int(label)].map { UInt8(($0 + 3 * stream.next(below: 256)) / 4) }
        }
        let dataset = Dataset(
            name: "images", features: .bytes(bytes, scale: scale), labels: labels,
            featureCount: 3072, classCount: 10)
        return PreparedData(
            dataset: dataset,
            split: try DataSplit(
                of: dataset, training: .count(100), validation: .count(20), seed: 1),
            preprocessing: [.zeroMean])
    }

    static let twoLayers = NetworkConfiguration(hidden: [50], initialization: .small)

    static func initial(
        _ network: NetworkConfiguration, _ data: PreparedData
    ) -> InitialLoss {
        InitialLoss(
            network: network, training: TrainingConfiguration(learningRate: 1, epochs: 1, seed: 1),
            data: data, strengths: [0, 0.1, 1000])
    }

    // MARK: - The initial loss

    @Test func `the initial loss of ten classes is 2.302`() throws {
        for data in [try Self.images(), try TrainingTests.digits(preprocessing: [.zeroMean])] {
            let initial = Self.initial(Self.twoLayers, data)
            #expect((initial.dataLoss - 2.302585).magnitude < 0.01)
            #expect((initial.chance - 2.302585).magnitude < 1e-6)
            #expect(initial.isAtChance)
        }
    }

    @Test func `raising the regularization raises the initial loss`() throws {
        let data = try Self.images()
        let initial = Self.initial(Self.twoLayers, data)
        #expect(initial.risesWithRegularization)
        #expect(initial.regularizationLosses[0] == 0)
        // 0.5·reg·Σ‖W‖² of 154,100 weights of spread 0.01.
        #expect((initial.regularizationLosses[2] / (0.5 * 1000 * 15.41) - 1).magnitude < 0.02)
    }

    @Test func `where memory is short networks are looked at one by one`() throws {
        let data = try TrainingTests.digits(preprocessing: [.zeroMean])
        let alone = InitialLoss(
            network: Self.twoLayers,
            training: TrainingConfiguration(learningRate: 1, epochs: 1, seed: 1), data: data,
            strengths: [0, 0.1, 1000], bundleMaximum: 1)
        #expect(alone == Self.initial(Self.twoLayers, data))
    }

    @Test func `weights of zero cost nothing, however strong the regularization`() throws {
        let network = NetworkConfiguration(hidden: [50], initialization: .zero)
        let initial = Self.initial(network, try Self.images())
        #expect(initial.isAtChance)
        #expect(!initial.risesWithRegularization)
    }

    @Test func `weights that are too large begin away from chance`() throws {
        let network = NetworkConfiguration(hidden: [500, 500], initialization: .large)
        #expect(!Self.initial(network, try Self.images()).isAtChance)
    }

    @Test func `a loss that is no number is not at chance`() throws {
        let dataset = Dataset(
            name: "huge", features: .floats((0..<40).map { Float($0 % 3 - 1) * 3e38 }),
            labels: (0..<20).map { $0 % 2 }, featureCount: 2, classCount: 2)
        let split = try DataSplit(
            of: dataset, training: .count(10), validation: .count(10), seed: 1)
        let initial = Self.initial(
            NetworkConfiguration(hidden: [5]), PreparedData(dataset: dataset, split: split))
        #expect(!initial.isAtChance)
        #expect(!initial.risesWithRegularization)
    }

    // MARK: - Twenty examples

    static func overfitting(
        _ network: NetworkConfiguration, _ optimizer: Optimizer, rates: [Double],
        _ data: PreparedData, shouldStop: () -> Bool = { false }
    ) -> Overfitting {
        Overfitting(
            network: network,
            training: TrainingConfiguration(
                optimizer: optimizer, learningRate: 1, regularization: 1e3, dropout: 0.5,
                learningRateDecay: 0.5, batchSize: 200, epochs: 1, seed: 1),
            learningRates: rates, data: data, shouldStop: shouldStop)
    }

    /// Lecture 6: SGD takes 200 epochs to 0.002597 at accuracy 1.00.
    @Test func `SGD learns twenty examples by heart within 200 epochs`() throws {
        for data in [try Self.images(), try TrainingTests.digits(preprocessing: [.zeroMean])] {
            let result = Self.overfitting(
                Self.twoLayers, .sgd, rates: [1e-3, 1e-2, 0.1, 1], data)
            #expect(result.best.isSuccessful, "\(result.attempts)")
            #expect(result.best.accuracy == 1)
            #expect((result.best.loss ?? .infinity) < 0.01)
            #expect(result.best.epochs <= 200)
            #expect((result.best.initialLoss - 2.302585).magnitude < 0.01)
            #expect(!result.wasInterrupted)
        }
    }

    /// Pixels of 0 to 255 less their mean, first weights of 1e-4, rate 1e-3, as on the slide.
    @Test func `the slide's own setting goes from 2.303 to nearly zero`() throws {
        let result = Self.overfitting(
            NetworkConfiguration(hidden: [50], initialization: .scale(1e-4)), .sgd, rates: [1e-3],
            try Self.images(scale: 1))
        #expect(result.best.isSuccessful, "\(result.attempts)")
        #expect((result.best.initialLoss - 2.302585).magnitude < 0.01)
    }

    @Test(arguments: Activation.usual, [false, true])
    func `every activation learns twenty examples by heart`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        let network = NetworkConfiguration(
            hidden: [50], activation: activation, batchNormalization: batchNormalization)
        let result = Self.overfitting(
            network, .momentum, rates: [1e-3, 1e-2, 0.1, 1],
            try TrainingTests.digits(preprocessing: [.zeroMean]))
        #expect(result.best.isSuccessful, "\(result.attempts)")
    }

    @Test func `what can't be learned by heart is found out`() throws {
        let digits = try TrainingTests.digits(preprocessing: [.zeroMean])
        let rates = [1e-3, 0.1]
        let symmetric = NetworkConfiguration(hidden: [50], initialization: .zero)
        #expect(!Self.overfitting(symmetric, .momentum, rates: rates, digits).best.isSuccessful)
        let tooLow = Self.overfitting(Self.twoLayers, .sgd, rates: [1e-6], digits)
        #expect(!tooLow.best.isSuccessful)
        #expect((try #require(tooLow.best.loss) - 2.302585).magnitude < 0.01)
        let tooHigh = Self.overfitting(Self.twoLayers, .sgd, rates: [1e6], digits)
        #expect(!tooHigh.best.isSuccessful)
        // The same features with all labels.
        let dataset = Dataset(
            name: "contradiction", features: .floats([Float](repeating: 1, count: 120)),
            labels: (0..<60).map { $0 % 3 }, featureCount: 2, classCount: 3)
        let split = try DataSplit(
            of: dataset, training: .count(30), validation: .count(30), seed: 1)
        let contradiction = Self.overfitting(
            Self.twoLayers, .momentum, rates: rates, PreparedData(dataset: dataset, split: split))
        #expect(!contradiction.best.isSuccessful)
    }

    @Test func `a check that is broken off says so`() throws {
        var asked = 0
        let result = Self.overfitting(
            Self.twoLayers, .sgd, rates: [1e-6, 1e-5], try Self.images(),
            shouldStop: {
                asked += 1
                return asked > 20
            })
        #expect(result.wasInterrupted)
        #expect(!result.best.isSuccessful)
    }

    @Test func `the sample has the classes in turn, prepared as the whole is`() throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let sample = data.trainingSample(count: 25, seed: 4)
        #expect(sample.dataset.labels == (0..<25).map { $0 % 10 })
        guard case .floats(let features) = sample.dataset.features else {
            Issue.record("prepared features are floats")
            return
        }
        var expected = [Float](repeating: 0, count: data.split.training.count * 64)
        data.split.training.withUnsafeBufferPointer { rows in
            expected.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { data.gather(rows, into: start) }
            }
        }
        let rows = Set(
            (0..<data.split.training.count).map { row in
                Array(expected[row * 64..<(row + 1) * 64])
            })
        for example in 0..<25 {
            #expect(rows.contains(Array(features[example * 64..<(example + 1) * 64])))
        }
        #expect(
            data.trainingSample(count: 5000, seed: 4).dataset.count == data.split.training.count)
    }

    // MARK: - Ends of a range

    @Test func `a rate of 1e-6 is too low, one of 1e6 too high, one between is neither`() throws {
        let probes = RateProbe.probes(
            network: NetworkConfiguration(hidden: [50]),
            training: TrainingConfiguration(learningRate: 1, batchSize: 20, epochs: 5),
            learningRates: [1e-6, 0.1, 1e6], data: try Self.images())
        #expect(probes.map(\.isTooLow) == [true, false, false])
        #expect(probes.map(\.isTooHigh) == [false, false, true])
        #expect(probes.map(\.hasDiverged) == [false, false, true])
        #expect(try #require(probes[0].loss) > 2.29)
        #expect(probes.map(\.wasInterrupted) == [false, false, false])
    }

    @Test func `a probe that is broken off says nothing of its rate`() throws {
        let probes = RateProbe.probes(
            network: NetworkConfiguration(hidden: [5]),
            training: TrainingConfiguration(learningRate: 1, epochs: 5),
            learningRates: [1e-6, 1e6],
            data: try Self.images(), shouldStop: { true })
        #expect(probes.map(\.wasInterrupted) == [true, true])
        #expect(!probes.contains { $0.isTooLow || $0.isTooHigh || $0.hasDiverged })
    }

    // MARK: - The data

    @Test func `classes are counted, and validation examples that are trained on are found`() throws
    {
        let features: [Float] = (0..<100).flatMap { [Float($0 % 97), 1] }
        let dataset = Dataset(
            name: "repeated", features: .floats(features),
            labels: (0..<100).map { $0 < 90 ? 0 : 1 },
            featureCount: 2, classCount: 2)
        let data = PreparedData(
            dataset: dataset,
            split: try DataSplit(of: dataset, training: .count(50), validation: .count(50), seed: 1)
        )
        let preview = DataPreview(of: data)
        #expect(preview.classCounts == [45, 5])
        #expect(preview.commonestShare == 0.9)
        #expect(preview.rarestShare == 0.1)
        let training = Set(data.split.training.map { $0 % 97 })
        let repeated = data.split.validation.count { training.contains($0 % 97) }
        #expect(preview.repeatedValidationCount == repeated)
        #expect(repeated > 0, "the test needs a repetition")
        let digits = DataPreview(of: try TrainingTests.digits())
        #expect(digits.repeatedValidationCount == 0)
    }
}
