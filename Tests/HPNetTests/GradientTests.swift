import HPMath
import HPNet
import Testing

/// The training engine, in single precision and by kernels, against the definitions.
@Suite("Gradients")
struct GradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var network: NetworkConfiguration
        var regularization: Double

        var testDescription: String { "\(network), regularization \(regularization)" }
    }

    static let cases = [[], [7], [9, 5], [6, 5, 4]].flatMap { hidden in
        (Activation.usual + [.maxout(pieces: 3)]).flatMap { activation in
            [false, true].flatMap { batchNormalization in
                [0, 0.3].map { regularization in
                    Case(
                        network: NetworkConfiguration(
                            hidden: hidden, activation: activation,
                            batchNormalization: batchNormalization),
                        regularization: regularization)
                }
            }
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

    static func batch(
        _ rows: [UInt32], of data: PreparedData, regularization: Double = 0,
        masks: [Matrix] = []
    ) -> ReferenceNetwork.Batch {
        guard case .floats(let floats) = data.dataset.features else {
            preconditionFailure("the noise is floats")
        }
        let columns = data.dataset.featureCount
        let numbers = rows.flatMap { row in
            floats[Int(row) * columns..<(Int(row) + 1) * columns].map(Double.init)
        }
        return ReferenceNetwork.Batch(
            examples: Matrix(rows: rows.count, columns: columns, numbers),
            labels: rows.map { Int(data.dataset.labels[Int($0)]) },
            regularization: regularization, masks: masks)
    }

    static func reference(
        _ trainer: Trainer, _ network: NetworkConfiguration
    ) -> ReferenceNetwork {
        ReferenceNetwork(
            network, features: 5, classes: 3, parameters: trainer.parameters.map(Double.init))
    }

    static func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).map { ($0 - $1).magnitude }.max() ?? .infinity
    }

    /// One step of SGD at rate 1 over the whole training split is w − g.
    @Test(arguments: cases)
    func `the engine's gradient is the definitions'`(_ testCase: Case) throws {
        let data = try Self.data()
        let trainer = Trainer(
            network: testCase.network,
            training: TrainingConfiguration(
                optimizer: .sgd, learningRate: 1, regularization: testCase.regularization,
                batchSize: 30, epochs: 1, lossFactor: .infinity),
            data: data)
        let network = Self.reference(trainer, testCase.network)
        #expect(trainer.train().end == .completed)
        let step = zip(network.parameters, trainer.parameters).map { $0 - Double($1) }
        // The engine adds up in the order of an epoch, which changes roundings alone.
        let gradient = network.gradient(
            Self.batch(
                data.split.training, of: data, regularization: testCase.regularization)
        ).parameters
        #expect(gradient.contains { $0.magnitude > 3e-3 })
        #expect(Self.largestDifference(step, gradient) < 2e-6)
    }

    /// The mask is drawn here as the engine states it: an output is kept where its number is at
    /// least p·2³².
    @Test(arguments: Activation.usual, [false, true])
    func `dropout follows its definition, step by step`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        let data = try Self.data()
        let training = TrainingConfiguration(
            optimizer: .sgd, learningRate: 0.2, regularization: 0.01, dropout: 0.4, batchSize: 10,
            epochs: 2, lossFactor: .infinity, seed: 2, replicate: 3)
        let configuration = NetworkConfiguration(
            hidden: [9, 5], activation: activation, batchNormalization: batchNormalization)
        let trainer = Trainer(network: configuration, training: training, data: data)
        var network = Self.reference(trainer, configuration)
        _ = trainer.train()
        for epoch in 0..<2 {
            var streams = [0, 1].map {
                RandomStream(seed: 2, purpose: .dropout, a: UInt32(epoch * 2 + $0), b: 3)
            }
            let order = Self.order(epoch, data)
            for start in [0, 10, 20] {
                let masks = [9, 5].enumerated().map { layer, units in
                    Matrix(
                        rows: 10, columns: units,
                        (0..<10 * units).map { _ in
                            Double(streams[layer].nextUInt32()) >= 0.4 * 0x1p32 - 1
                                ? 1 / 0.6 : 0
                        })
                }
                let batch = Self.batch(
                    Array(order[start..<start + 10]), of: data, regularization: 0.01,
                    masks: masks)
                let gradient = network.gradient(batch).parameters
                network.parameters = zip(network.parameters, gradient).map { $0 - 0.2 * $1 }
            }
        }
        let trained = trainer.parameters.map(Double.init)
        #expect(Self.largestDifference(network.parameters, trained) < 2e-5)
    }

    private static func order(_ epoch: Int, _ data: PreparedData) -> [UInt32] {
        var order = data.split.training
        var stream = RandomStream(seed: 2, purpose: .shuffle, a: UInt32(epoch), b: 3)
        stream.shuffle(&order)
        return order
    }

    @Test(
        arguments: Optimizer.allCases,
        [LearningRateSchedule.exponential, .step(epochs: 2), .inverse])
    func `training follows the definitions, step by step`(
        _ optimizer: Optimizer, _ schedule: LearningRateSchedule
    ) throws {
        let data = try Self.data()
        let first = optimizer == .adam || optimizer == .rmsprop ? 0.02 : 0.2
        let training = TrainingConfiguration(
            optimizer: optimizer, learningRate: first, regularization: 0.01, momentum: 0.8,
            rmspropDecay: 0.9, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, learningRateDecay: 0.5,
            schedule: schedule, batchSize: 7, epochs: 3.5, lossFactor: .infinity, seed: 2,
            replicate: 3)
        let configuration = NetworkConfiguration(hidden: [9, 5], activation: .tanh)
        let trainer = Trainer(network: configuration, training: training, data: data)
        var network = Self.reference(trainer, configuration)
        let begun = network.parameters
        let outcome = trainer.train()
        var reference = ReferenceOptimizer(training, count: begun.count)
        let rates: [Double] =
            switch schedule {
            case .exponential: [1, 0.5, 0.25, 0.125]
            case .step: [1, 1, 0.5, 0.5]
            case .inverse: [1, 1 / 2, 1 / 3, 1 / 4]
            }
        #expect(
            zip(outcome.evaluations.map(\.learningRate), rates).allSatisfy {
                ($0 - first * $1).magnitude < 1e-15
            })
        // 30 examples in minibatches of 7: four and a smaller one; of half an epoch, three.
        for (epoch, minibatches) in [5, 5, 5, 3].enumerated() {
            let order = Self.order(epoch, data)
            for start in (0..<minibatches).map({ $0 * 7 }) {
                let rows = Array(order[start..<min(start + 7, 30)])
                reference.follow(
                    network.gradient(Self.batch(rows, of: data, regularization: 0.01)).parameters,
                    rate: first * rates[epoch], parameters: &network.parameters)
            }
        }
        let trained = trainer.parameters.map(Double.init)
        #expect(Self.largestDifference(begun, trained) > 0.05)
        #expect(Self.largestDifference(network.parameters, trained) < 2e-5)
        let loss = network.loss(Self.batch(data.split.validation, of: data)).data
        let evaluation = try #require(outcome.evaluations.last)
        #expect((evaluation.validationLoss - loss).magnitude < 1e-5)
    }
}
