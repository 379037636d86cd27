import Foundation
import HPMath
import HPNet
import Testing

func exponential(_ x: Double) -> Double { Foundation.exp(x) }
func logarithm(_ x: Double) -> Double { Foundation.log(x) }

@Suite("Gradients")
struct GradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var hidden: [Int]
        var activation: Activation
        var regularization: Double

        var testDescription: String {
            "\(hidden) \(activation), regularization \(regularization)"
        }
    }

    static let cases = [[], [7], [9, 5], [6, 5, 4]].flatMap { hidden in
        [Activation.relu, .tanh].flatMap { activation in
            [0, 0.3].map { Case(hidden: hidden, activation: activation, regularization: $0) }
        }
    }

    /// 30 examples for training, of 5 features, 3 classes, drawn from the normal distribution.
    static func data() throws -> PreparedData {
        var stream = RandomStream(seed: 5, purpose: .sampling)
        let features = (0..<40 * 5).map { _ in Float(stream.nextNormal()) }
        let dataset = Dataset(
            name: "noise", features: .floats(features), labels: (0..<40).map { $0 % 3 },
            featureCount: 5, classCount: 3)
        return PreparedData(
            dataset: dataset,
            split: try DataSplit(of: dataset, training: .count(30), validation: .count(10), seed: 2)
        )
    }

    static func rows(_ rows: [UInt32], of data: PreparedData) -> ([[Double]], [Int]) {
        guard case .floats(let floats) = data.dataset.features else { return ([], []) }
        let columns = data.dataset.featureCount
        return (
            rows.map { row in floats[Int(row) * columns..<(Int(row) + 1) * columns].map(Double.init)
            },
            rows.map { Int(data.dataset.labels[Int($0)]) }
        )
    }

    static func reference(_ trainer: Trainer, _ testCase: Case) -> ReferenceNetwork {
        ReferenceNetwork(
            widths: [5] + testCase.hidden + [3], activation: testCase.activation,
            parameters: trainer.parameters.map(Double.init))
    }

    static func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).map { ($0 - $1).magnitude }.max() ?? .infinity
    }

    @Test(arguments: cases)
    func `the reference's gradient is that of centred differences`(_ testCase: Case) throws {
        let data = try Self.data()
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: testCase.hidden, activation: testCase.activation),
            training: TrainingConfiguration(learningRate: 1, epochs: 1), data: data)
        let network = Self.reference(trainer, testCase)
        let (examples, labels) = Self.rows(data.split.training, of: data)
        let gradient = network.gradient(
            examples, labels, regularization: testCase.regularization)
        let h = 1e-5
        let numeric = network.parameters.indices.map { index in
            let losses = [h, -h].map { step in
                var moved = network
                moved.parameters[index] += step
                return moved.loss(examples, labels, regularization: testCase.regularization)
            }
            return (losses[0] - losses[1]) / (2 * h)
        }
        #expect(Self.largestDifference(gradient, numeric) < 1e-8)
    }

    /// One step of SGD at rate 1 over the whole training split is w − g.
    @Test(arguments: cases)
    func `the engine's gradient is the reference's`(_ testCase: Case) throws {
        let data = try Self.data()
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: testCase.hidden, activation: testCase.activation),
            training: TrainingConfiguration(
                optimizer: .sgd, learningRate: 1, regularization: testCase.regularization,
                batchSize: 30, epochs: 1, lossFactor: .infinity),
            data: data)
        let network = Self.reference(trainer, testCase)
        #expect(trainer.train().end == .completed)
        let step = zip(network.parameters, trainer.parameters).map { $0 - Double($1) }
        let (examples, labels) = Self.rows(data.split.training, of: data)
        let gradient = network.gradient(
            examples, labels, regularization: testCase.regularization)
        #expect(gradient.contains { $0.magnitude > 1e-2 })
        #expect(Self.largestDifference(step, gradient) < 1e-6)
    }

    /// The mask is drawn here as the engine states it: an output is kept where its number is at
    /// least p·2³².
    @Test(arguments: [Activation.relu, .tanh])
    func `dropout follows its definition, step by step`(_ activation: Activation) throws {
        let data = try Self.data()
        let training = TrainingConfiguration(
            optimizer: .sgd, learningRate: 0.2, regularization: 0.01, dropout: 0.4, batchSize: 10,
            epochs: 2, lossFactor: .infinity, seed: 2, replicate: 3)
        let testCase = Case(hidden: [9, 5], activation: activation, regularization: 0.01)
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [9, 5], activation: activation),
            training: training, data: data)
        var network = Self.reference(trainer, testCase)
        _ = trainer.train()
        for epoch in 0..<2 {
            var streams = [0, 1].map {
                RandomStream(seed: 2, purpose: .dropout, a: UInt32(epoch * 2 + $0), b: 3)
            }
            var order = data.split.training
            var shuffle = RandomStream(seed: 2, purpose: .shuffle, a: UInt32(epoch), b: 3)
            shuffle.shuffle(&order)
            for start in [0, 10, 20] {
                var masks = [[[Double]]](repeating: [], count: 10)
                for (layer, units) in [9, 5].enumerated() {
                    for example in 0..<10 {
                        masks[example].append(
                            (0..<units).map { _ in
                                Double(streams[layer].nextUInt32()) >= 0.4 * 0x1p32 - 1
                                    ? 1 / 0.6 : 0
                            })
                    }
                }
                let (examples, labels) = Self.rows(Array(order[start..<start + 10]), of: data)
                let gradient = network.gradient(
                    examples, labels, regularization: 0.01, masks: masks)
                network.parameters = zip(network.parameters, gradient).map { $0 - 0.2 * $1 }
            }
        }
        let trained = trainer.parameters.map(Double.init)
        #expect(Self.largestDifference(network.parameters, trained) < 1e-5)
    }

    @Test(arguments: [Optimizer.sgd, .momentum])
    func `training follows the definitions, step by step`(_ optimizer: Optimizer) throws {
        let data = try Self.data()
        let training = TrainingConfiguration(
            optimizer: optimizer, learningRate: 0.2, regularization: 0.01, momentum: 0.8,
            learningRateDecay: 0.5, batchSize: 7, epochs: 2.5, lossFactor: .infinity, seed: 2,
            replicate: 3)
        let testCase = Case(hidden: [9, 5], activation: .tanh, regularization: 0.01)
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [9, 5], activation: .tanh), training: training,
            data: data)
        var network = Self.reference(trainer, testCase)
        let first = network.parameters
        let outcome = trainer.train()
        var velocity = [Double](repeating: 0, count: first.count)
        var rate = 0.2
        // 30 examples in minibatches of 7: four and a smaller one; of half an epoch, three.
        for (epoch, minibatches) in [5, 5, 3].enumerated() {
            var order = data.split.training
            var stream = RandomStream(seed: 2, purpose: .shuffle, a: UInt32(epoch), b: 3)
            stream.shuffle(&order)
            for start in (0..<minibatches).map({ $0 * 7 }) {
                let rows = Array(order[start..<min(start + 7, 30)])
                let (examples, labels) = Self.rows(rows, of: data)
                let gradient = network.gradient(examples, labels, regularization: 0.01)
                let momentum = optimizer == .momentum ? 0.8 : 0
                velocity = zip(velocity, gradient).map { momentum * $0 - rate * $1 }
                network.parameters = zip(network.parameters, velocity).map { $0 + $1 }
            }
            rate *= 0.5
        }
        let trained = trainer.parameters.map(Double.init)
        #expect(Self.largestDifference(first, trained) > 0.05)
        #expect(Self.largestDifference(network.parameters, trained) < 1e-5)
        let (examples, labels) = Self.rows(data.split.validation, of: data)
        let loss = network.loss(examples, labels, regularization: 0)
        let evaluation = try #require(outcome.evaluations.last)
        #expect((evaluation.validationLoss - loss).magnitude < 1e-5)
    }
}
