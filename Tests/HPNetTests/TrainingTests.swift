import HPNet
import Testing

@Suite("Training")
struct TrainingTests {
    static func digits(seed: UInt64 = 1, preprocessing: [Preprocessing] = []) throws -> PreparedData
    {
        PreparedData(
            dataset: .digits,
            split: try DataSplit(
                of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: seed),
            preprocessing: preprocessing)
    }

    @Test func `a model is trained in fifteen lines`() throws {
        let split = try DataSplit(
            of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.zeroMean])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [32]),
            training: TrainingConfiguration(learningRate: 0.1, batchSize: 32, epochs: 15, seed: 1),
            data: data)
        let outcome = trainer.train()
        #expect(outcome.end == .completed)
        #expect(outcome.evaluations.count == 15)
        #expect((outcome.evaluations.map(\.validationAccuracy).max() ?? 0) >= 0.96)
    }

    @Test func `training twice gives the same bits`() throws {
        let data = try Self.digits()
        let digests = (0..<2).map { _ in
            let trainer = Trainer(
                network: NetworkConfiguration(hidden: [20, 10], activation: .tanh),
                training: TrainingConfiguration(
                    learningRate: 0.05, regularization: 1e-3, batchSize: 33, epochs: 2.5, seed: 7),
                data: data)
            _ = trainer.train()
            return trainer.weightsDigest
        }
        #expect(digests[0] == digests[1])
    }

    @Test func `the initial loss is that of chance`() throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50]),
            training: TrainingConfiguration(learningRate: 1e-9, epochs: 1), data: try Self.digits())
        #expect((trainer.train().initialLoss - 2.302585).magnitude < 0.02)
    }

    @Test func `fractional epochs are evaluated after each whole one and at the end`() throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [8]),
            training: TrainingConfiguration(
                learningRate: 0.01, learningRateDecay: 0.5, epochs: 2.5),
            data: try Self.digits())
        let outcome = trainer.train()
        #expect(outcome.evaluations.map(\.epoch) == [1, 2, 2.5])
        #expect(outcome.evaluations.map(\.learningRate) == [0.01, 0.005, 0.0025])
        #expect(outcome.epochsTrained == 2.5)
    }

    @Test func `twenty examples are learned by heart`() throws {
        let split = try DataSplit(
            of: .digits, training: .count(20), validation: .count(100), seed: 3)
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50]),
            training: TrainingConfiguration(learningRate: 0.05, batchSize: 5, epochs: 200),
            data: PreparedData(dataset: .digits, split: split, preprocessing: [.zeroMean]))
        let last = try #require(trainer.train().evaluations.last)
        #expect(last.trainingAccuracy == 1)
        #expect(last.trainingLoss < 0.01)
    }

    @Test func `a huge rate diverges in the first epoch`() throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50]),
            training: TrainingConfiguration(learningRate: 1e6, epochs: 5), data: try Self.digits())
        guard case .diverged(let divergence) = trainer.train().end else {
            Issue.record("it did not diverge")
            return
        }
        #expect(divergence.epoch == 1)
    }

    @Test func `training stops when it is asked to`() throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [8]),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 100),
            data: try Self.digits())
        var asked = 0
        let outcome = trainer.train(shouldStop: {
            asked += 1
            return asked > 30
        })
        #expect(outcome.end == .stopped)
        #expect(outcome.epochsTrained < 100)
    }

    @Test func `replicates begin with other weights`() throws {
        let data = try Self.digits()
        let digests = (0..<2 as Range<UInt32>).map { replicate in
            Trainer(
                network: NetworkConfiguration(hidden: [8]),
                training: TrainingConfiguration(
                    learningRate: 0.01, epochs: 1, replicate: replicate),
                data: data
            ).weightsDigest
        }
        #expect(digests[0] != digests[1])
    }
}
