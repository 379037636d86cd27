import Foundation
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
        let best = try #require(outcome.best)
        #expect(best.validationAccuracy >= 0.96)
    }

    /// Every line of the example in `Engine`'s documentation, but its import and its print, stands
    /// in the test above.
    @Test func `the documented example is the one that is tested`() throws {
        let tests = URL(filePath: #filePath)
        let engine = tests.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/HPNet/Engine.swift")
        let example = try String(contentsOf: engine, encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("///     ") }.map { line in
                line.dropFirst(3).drop { $0 == " " }
            }
        #expect((10...15).contains(example.count))
        let tested = try String(contentsOf: tests, encoding: .utf8).split(separator: "\n").map {
            $0.drop { $0 == " " }
        }
        let untested = example.filter { !tested.contains($0) }
        #expect(
            untested
                == [
                    "import HPNet"[...], "if let best = outcome.best {",
                    "print(\"accuracy \\(best.validationAccuracy) after epoch \\(best.epoch)\")",
                ].filter { !tested.contains($0) })
    }

    /// They would become subnormal numbers, with which a step takes many times as long.
    @Test(arguments: [Optimizer.sgd, .momentum])
    func `weights that regularization drowns leave no traces`(
        optimizer: Optimizer
    ) throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [8, 8]),
            training: TrainingConfiguration(
                optimizer: optimizer, learningRate: 3e-4, regularization: 300, batchSize: 20,
                epochs: 30, seed: 1),
            data: try Self.digits(preprocessing: [.normalize]))
        _ = trainer.train()
        let weights = trainer.parameters
        #expect(weights.allSatisfy { $0 == 0 || $0.magnitude >= 0x1p-100 })
        #expect(weights.contains(0))
    }

    /// The engine's bits; a change of them is a new `Engine.revision`.
    static let goldenDigest =
        "403c0895d51c1a7e524055f4b0b74d7b5f513f052adabb4282a46edfdd49d2a5"

    static func goldenTrainer(_ data: PreparedData) -> Trainer {
        Trainer(
            network: NetworkConfiguration(hidden: [20, 10], activation: .tanh),
            training: TrainingConfiguration(
                learningRate: 0.05, regularization: 1e-3, learningRateDecay: 0.95, batchSize: 33,
                epochs: 2.5, seed: 7),
            data: data)
    }

    @Test func `the engine's bits are those of its revision`() throws {
        #expect(Engine.revision == "hpnet/4")
        let trainer = Self.goldenTrainer(try Self.digits(preprocessing: [.normalize]))
        let last = try #require(trainer.train().evaluations.last)
        #expect(trainer.weightsDigest == Self.goldenDigest)
        #expect(last.validationLoss == 0.3605422336732809)
    }

    @Test func `trainers that share data side by side don't disturb each other`() async throws {
        let data = try Self.digits(preprocessing: [.normalize])
        let digests = await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    let trainer = Self.goldenTrainer(data)
                    _ = trainer.train()
                    return trainer.weightsDigest
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(digests == [String](repeating: Self.goldenDigest, count: 8))
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

    @Test(arguments: [
        (0.5, 20), (1, 39), (2.2, 86), (2.5, 98), (0.001, 1), (0.1, 4), (3, 117),
    ])
    func `a fraction of an epoch trains its share of the minibatches, rounded up`(
        _ epochs: Double, _ minibatches: Int
    ) throws {
        // 1,257 examples in minibatches of 33 are 38 and a smaller one.
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [4]),
            training: TrainingConfiguration(learningRate: 0.01, batchSize: 33, epochs: epochs),
            data: try Self.digits())
        var asked = 0
        let outcome = trainer.train(shouldStop: {
            asked += 1
            return false
        })
        #expect(asked == minibatches)
        #expect(outcome.evaluations.last?.epoch == epochs)
    }

    @Test func `rounding of a fraction doesn't make a minibatch more`() throws {
        // 1,250 examples in minibatches of 125 are ten; 2.2 − 2 is a little above 0.2.
        let split = try DataSplit(
            of: .digits, training: .count(1250), validation: .count(100), seed: 1)
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [4]),
            training: TrainingConfiguration(learningRate: 0.01, batchSize: 125, epochs: 2.2),
            data: PreparedData(dataset: .digits, split: split))
        var asked = 0
        _ = trainer.train(shouldStop: {
            asked += 1
            return false
        })
        #expect(asked == 22)
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

    static func divergence(
        _ training: TrainingConfiguration, _ data: PreparedData
    ) throws -> (Divergence, TrainingOutcome) {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50]), training: training, data: data)
        let outcome = trainer.train()
        guard case .diverged(let divergence) = outcome.end else {
            throw NetError.split(problem: "it did not diverge: \(outcome.end)", fix: "")
        }
        return (divergence, outcome)
    }

    @Test func `a huge rate diverges in the first epoch`() throws {
        let (divergence, outcome) = try Self.divergence(
            TrainingConfiguration(learningRate: 1e6, epochs: 5), try Self.digits())
        #expect(divergence.epoch == 1)
        #expect(outcome.evaluations.isEmpty)
        #expect(outcome.epochsTrained == 0)
    }

    @Test func `a loss above the factor is divergence, and not before`() throws {
        let training = TrainingConfiguration(
            learningRate: 1, batchSize: 10, epochs: 5, lossFactor: 1.5)
        let (divergence, outcome) = try Self.divergence(training, try Self.digits())
        #expect(divergence.reason == .lossFactor)
        #expect(divergence.loss > 1.5 * outcome.initialLoss)
        var patient = training
        patient.lossFactor = .infinity
        patient.learningRate = 0.01
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50]), training: patient,
            data: try Self.digits())
        #expect(trainer.train().end == .completed)
    }

    @Test func `without a factor, NaN and infinity are divergence`() throws {
        let (divergence, outcome) = try Self.divergence(
            TrainingConfiguration(learningRate: 1e20, epochs: 5, lossFactor: .infinity),
            try Self.digits())
        #expect(divergence.reason == .nan || divergence.reason == .infinity)
        #expect(!divergence.loss.isFinite)
        #expect(divergence.epoch == 1)
        #expect(outcome.evaluations.isEmpty)
    }

    @Test func `weights that leave the range in the last minibatch are divergence`() throws {
        // One minibatch: its own loss is that of the first weights.
        let data = try Self.digits()
        let (divergence, outcome) = try Self.divergence(
            TrainingConfiguration(
                learningRate: 1e38, batchSize: 2000, epochs: 1, lossFactor: .infinity), data)
        #expect(divergence.epoch == 1)
        #expect(divergence.loss.isFinite)
        #expect(outcome.evaluations.isEmpty)
    }

    @Test func `evaluations before divergence stay in the curve`() throws {
        // Each epoch multiplies the rate by 100.
        let (divergence, outcome) = try Self.divergence(
            TrainingConfiguration(learningRate: 1e-3, learningRateDecay: 100, epochs: 9),
            try Self.digits())
        #expect(divergence.epoch >= 2)
        #expect(outcome.evaluations.count == divergence.epoch - 1)
        #expect(outcome.evaluations.map(\.epoch).last == Double(divergence.epoch - 1))
        #expect(outcome.epochsTrained == Double(divergence.epoch - 1))
    }

    @Test func `features beyond what scores can hold diverge before the first update`() throws {
        let dataset = Dataset(
            name: "huge", features: .floats((0..<40).map { Float($0 % 3 - 1) * 3e38 }),
            labels: (0..<20).map { $0 % 2 }, featureCount: 2, classCount: 2)
        let split = try DataSplit(
            of: dataset, training: .count(10), validation: .count(10), seed: 1)
        let (divergence, outcome) = try Self.divergence(
            TrainingConfiguration(learningRate: 0.1, epochs: 1),
            PreparedData(dataset: dataset, split: split))
        #expect(divergence.epoch == 1)
        #expect(!outcome.initialLoss.isFinite)
    }

    @Test func `evaluations are told as they are made, with their standard errors`() throws {
        let data = try Self.digits()
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [16]),
            training: TrainingConfiguration(learningRate: 0.02, epochs: 3), data: data)
        var told: [Evaluation] = []
        let outcome = trainer.train(onEvaluation: { told.append($0) })
        #expect(told == outcome.evaluations)
        let count = Double(data.split.validation.count)
        for evaluation in told {
            let accuracy = evaluation.validationAccuracy
            #expect((accuracy * count).rounded() / count == accuracy)
            // As if one more row had been measured that is half right: never 0.
            let p = (accuracy * count + 0.5) / (count + 1)
            #expect(
                evaluation.validationAccuracyStandardError
                    == (p * (1 - p) / (count + 1)).squareRoot())
            #expect((0.001..<0.2).contains(evaluation.validationLossStandardError))
            #expect(evaluation.trainingLoss < outcome.initialLoss)
        }
    }

    @Test func `the best evaluation is the earliest of equals`() throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [16]),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 30),
            data: try Self.digits())
        var outcome = trainer.train()
        let accuracies = outcome.evaluations.map(\.validationAccuracy)
        let highest = try #require(accuracies.max())
        #expect(accuracies.filter { $0 == highest }.count > 1, "the test needs a tie")
        #expect(outcome.best?.epoch == accuracies.firstIndex(of: highest).map { Double($0 + 1) })
        outcome.evaluations = []
        #expect(outcome.best == nil)
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

    @Test(arguments: [
        (Initialization.small, 0.01), (.xavier, 1 / 8), (.he, 0.125 * 1.4142135623730951),
    ])
    func `hidden layers begin with the spread asked for, the output layer with 0.01`(
        _ initialization: Initialization, _ spread: Double
    ) throws {
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [100], initialization: initialization),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 1, seed: 3),
            data: try Self.digits())
        let parameters = trainer.parameters.map(Double.init)
        func rootMeanSquare(_ range: Range<Int>) -> Double {
            (parameters[range].map { $0 * $0 }.reduce(0, +) / Double(range.count)).squareRoot()
        }
        #expect(parameters.count == 6400 + 100 + 1000 + 10)
        #expect((rootMeanSquare(0..<6400) / spread - 1).magnitude < 0.04)
        #expect(rootMeanSquare(6400..<6500) == 0)
        #expect((rootMeanSquare(6500..<7500) / 0.01 - 1).magnitude < 0.1)
        #expect(rootMeanSquare(7500..<7510) == 0)
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
