import HPMath
import Testing

@testable import HPNet

/// What the lecture says of activations and initializations, seen by the engine's own diagnostics.
@Suite("The lecture's effects")
struct LectureTests {
    /// 200 examples of 500 features from the normal distribution, in ten classes: the slides'
    /// input.
    static func noise(positive: Bool = false) throws -> PreparedData {
        var stream = RandomStream(seed: 6, purpose: .sampling)
        let features = (0..<240 * 500).map { _ in
            let number = Float(stream.nextNormal())
            return positive ? number.magnitude : number
        }
        let dataset = Dataset(
            name: "noise", features: .floats(features), labels: (0..<240).map { $0 % 10 },
            featureCount: 500, classCount: 10)
        return PreparedData(
            dataset: dataset,
            split: try DataSplit(
                of: dataset, training: .count(200), validation: .count(40), seed: 1))
    }

    /// Ten hidden layers of 500 units before the first update.
    static func deepLayers(
        _ activation: Activation, _ initialization: Initialization
    ) throws -> [TrainingDiagnostics.Layer] {
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: [Int](repeating: 500, count: 10), activation: activation,
                initialization: initialization),
            training: TrainingConfiguration(learningRate: 1e-6, batchSize: 100, epochs: 0.5),
            data: try noise())
        let diagnostics = try #require(trainer.train().diagnostics)
        return Array(try #require(diagnostics.epochs.first).layers.prefix(10))
    }

    @Test func `small weights let a deep tanh network's activations and gradients vanish`() throws {
        let layers = try Self.deepLayers(.tanh, .small)
        let spreads = layers.map(\.activation.standardDeviation)
        #expect(spreads[9] < 1e-3 * spreads[0])
        #expect(zip(spreads, spreads.dropFirst()).allSatisfy { $0 > $1 })
        let gradients = layers.map(\.gradient.standardDeviation)
        #expect(gradients[0] < 1e-3 * gradients[9])
        #expect(zip(gradients, gradients.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `large weights saturate a deep tanh network`() throws {
        for layer in try Self.deepLayers(.tanh, .large) {
            #expect(try #require(layer.saturatedShare) > 0.9)
        }
    }

    @Test func `Xavier's weights keep the spread through tanh, not through ReLU`() throws {
        let spreads = try Self.deepLayers(.tanh, .xavier).map(\.activation.standardDeviation)
        #expect(try #require(spreads.max()) < 3 * (try #require(spreads.min())))
        let rectified = try Self.deepLayers(.relu, .xavier).map(\.activation.standardDeviation)
        #expect(rectified[9] < rectified[0] / 10)
        #expect(zip(rectified, rectified.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func `He's weights keep the spread through ReLU`() throws {
        let spreads = try Self.deepLayers(.relu, .he).map(\.activation.standardDeviation)
        #expect(try #require(spreads.max()) < 3 * (try #require(spreads.min())))
    }

    @Test(arguments: Activation.usual)
    func `units that begin at zero stay alike, and are said to`(_ activation: Activation) throws {
        let data = try TrainingTests.digits(preprocessing: [.zeroMean])
        func train(_ initialization: Initialization) throws -> (Trainer, TrainingDiagnostics) {
            let trainer = Trainer(
                network: NetworkConfiguration(
                    hidden: [20, 10], activation: activation, initialization: initialization),
                training: TrainingConfiguration(learningRate: 0.1, epochs: 3), data: data)
            return (trainer, try #require(trainer.train().diagnostics))
        }
        let (trainer, diagnostics) = try train(.zero)
        for epoch in diagnostics.epochs {
            #expect(epoch.layers.map(\.isSymmetric) == [true, true, false])
        }
        // Each row of W has one weight for every unit.
        let columns = 20 * activation.pieces
        let weights = trainer.parameters.prefix(64 * columns)
        for row in 0..<64 {
            for column in 0..<columns {
                let unit = column / 20 * 20
                #expect(weights[row * columns + column] == weights[row * columns + unit])
            }
        }
        let (_, others) = try train(.small)
        #expect(others.epochs.allSatisfy { $0.layers.allSatisfy { !$0.isSymmetric } })
    }

    /// ∂L/∂W of one example is x·∂L/∂y: where x is positive, the sign of ∂L/∂y decides.
    @Test func `positive inputs give all gradients of a sigmoid unit's weights one sign`() throws {
        let network = NetworkConfiguration(
            hidden: [12], activation: .sigmoid, initialization: .xavier)
        func mixedUnits(_ preprocessing: [Preprocessing]) throws -> Int {
            let raw = try Self.noise(positive: true)
            let data = PreparedData(
                dataset: raw.dataset, split: raw.split, preprocessing: preprocessing)
            // One step of SGD at rate 1 on one example is −gradient.
            let trainer = Trainer(
                network: network,
                training: TrainingConfiguration(
                    optimizer: .sgd, learningRate: 1, batchSize: 1, epochs: 0.005,
                    lossFactor: .infinity),
                data: data)
            let before = trainer.parameters
            _ = trainer.train()
            let steps = zip(trainer.parameters, before).map { $0 - $1 }
            return (0..<12).filter { unit in
                let weights = (0..<500).map { steps[$0 * 12 + unit] }
                return weights.contains { $0 > 0 } && weights.contains { $0 < 0 }
            }.count
        }
        #expect(try mixedUnits([]) == 0)
        #expect(try mixedUnits([.zeroMean]) == 12)
    }

    /// The study of PReLU, whose figures don't draw slopes.
    @Test func `each PReLU unit learns a slope of its own`() throws {
        let network = NetworkConfiguration(hidden: [64, 64], activation: .prelu)
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let trainer = Trainer(
            network: network,
            training: TrainingConfiguration(learningRate: 0.02, batchSize: 50, epochs: 15),
            data: data)
        let layers = ParameterLayout(features: 64, network: network, classes: 10).layers
        func slopes(_ layer: Int) throws -> [Float] {
            let tensor = try #require(layers[layer].tensor(.slopes))
            return Array(trainer.parameters[tensor.range])
        }
        for layer in 0..<2 {
            #expect(try slopes(layer).allSatisfy { $0 == 0.25 })
        }
        #expect(trainer.train().end == .completed)
        for layer in 0..<2 {
            let learned = try slopes(layer)
            #expect(Set(learned).count > 60)
            #expect(try #require(learned.min()) < 0.25)
            #expect(try #require(learned.max()) > 0.35)
        }
    }

    /// The advice as the slides give it: six layers, ten replicates, the mean of the best accuracy.
    @Test func `the ReLU family comes first and sigmoid last in a deep network`() throws {
        let data = try TrainingTests.digits(preprocessing: [.zeroMean])
        let means = Activation.usual.map { activation -> (Activation, Double) in
            let initialization: Initialization =
                [.sigmoid, .tanh].contains(activation) ? .xavier : .he
            let best = (1...10).map { replicate in
                Trainer(
                    network: NetworkConfiguration(
                        hidden: [Int](repeating: 30, count: 6), activation: activation,
                        initialization: initialization),
                    training: TrainingConfiguration(
                        learningRate: 0.02, momentum: 0.9, batchSize: 50, epochs: 10,
                        replicate: UInt32(replicate)),
                    data: data
                ).train().best?.validationAccuracy ?? 0
            }
            return (activation, best.reduce(0, +) / 10)
        }
        let sigmoid = try #require(means.first { $0.0 == .sigmoid }).1
        for (activation, mean) in means where activation != .sigmoid {
            #expect(mean > sigmoid + 0.1, "\(activation): \(mean), sigmoid: \(sigmoid)")
        }
        let family = means.filter { ![.sigmoid, .tanh].contains($0.0) }.map(\.1)
        #expect(try #require(family.min()) > 0.9, "\(means)")
    }
}
