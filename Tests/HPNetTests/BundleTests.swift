import CKernels
import HPNet
import Testing

@Suite("Bundles")
struct BundleTests {
    static func configuration(_ index: Int, _ optimizer: Optimizer = .momentum)
        -> TrainingConfiguration
    {
        TrainingConfiguration(
            optimizer: optimizer,
            learningRate: (optimizer.isAdaptive ? 1e-3 : 1e-2) * Double(index + 1),
            regularization: 1e-4 * Double(index), momentum: 0.9 - 0.03 * Double(index),
            dropout: index.isMultiple(of: 2) ? 0 : 0.04 * Double(index),
            learningRateDecay: 1 - 0.02 * Double(index),
            schedule: [.exponential, .step(epochs: 2), .inverse][index % 3], batchSize: 33,
            epochs: 2.5, seed: 7)
    }

    /// Digest of a member's weights and its outcome.
    struct Trained: Equatable {
        var parameters: [UInt32]
        var outcome: TrainingOutcome
    }

    static func train(
        _ network: NetworkConfiguration, _ members: [TrainingConfiguration], _ data: PreparedData
    ) -> [Trained] {
        let bundle = BundleTrainer(network: network, members: members, data: data)
        var outcomes: [Int: TrainingOutcome] = [:]
        bundle.train(onEnd: { outcomes[$0] = $1 })
        return members.indices.compactMap { member in
            outcomes[member].map {
                Trained(parameters: bundle.parameters(of: member).map(\.bitPattern), outcome: $0)
            }
        }
    }

    @Test(arguments: [2, 3, 8, 16], Optimizer.allCases)
    func `a member of a bundle gets the bits that it gets alone`(
        _ size: Int, _ optimizer: Optimizer
    ) throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let members = (0..<size).map { Self.configuration($0, optimizer) }
        for (hidden, activation) in [([20, 10], Activation.tanh), ([33], .relu), ([], .relu)] {
            let network = NetworkConfiguration(hidden: hidden, activation: activation)
            Self.expectSameBits(network, members, data)
        }
    }

    @Test(arguments: Activation.usual, [false, true])
    func `every activation gives the bits that it gives alone, with batch normalization too`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let members = (0..<5).map { Self.configuration($0, .adam) }
        let network = NetworkConfiguration(
            hidden: [19, 10], activation: activation, batchNormalization: batchNormalization)
        Self.expectSameBits(network, members, data)
    }

    static func expectSameBits(
        _ network: NetworkConfiguration, _ members: [TrainingConfiguration], _ data: PreparedData
    ) {
        let together = train(network, members, data)
        let alone = members.flatMap { train(network, [$0], data) }
        #expect(together.count == members.count)
        #expect(Set(together.map(\.parameters)).count == members.count)
        for (member, (a, b)) in zip(together, alone).enumerated() {
            #expect(a == b, "\(network), member \(member)")
        }
    }

    @Test func `those that end early leave, the others go on with the same bits`() throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        var members = (0..<5).map { Self.configuration($0) }
        for member in members.indices { members[member].epochs = 4 }
        members[1].learningRate = 100
        members[3].learningRate = 1e-3
        members[3].learningRateDecay = 1e5
        let bundle = BundleTrainer(
            network: NetworkConfiguration(hidden: [20]), members: members, data: data)
        var outcomes = [TrainingOutcome?](repeating: nil, count: members.count)
        bundle.train(
            shouldStop: { $0 == 4 && outcomes[1] != nil }, onEnd: { outcomes[$0] = $1 })
        for member in [0, 2] {
            let alone = Trainer(
                network: NetworkConfiguration(hidden: [20]), training: members[member],
                data: data)
            #expect(alone.train() == outcomes[member])
            #expect(alone.parameters == bundle.parameters(of: member))
        }
        for member in [1, 3] {
            let alone = Trainer(
                network: NetworkConfiguration(hidden: [20]), training: members[member],
                data: data)
            #expect(alone.train() == outcomes[member])
        }
        #expect(outcomes[4]?.end == .stopped)
    }

    @Test func `every member is told of its own evaluations and its end`() throws {
        let data = try TrainingTests.digits()
        var members = (0..<3).map { Self.configuration($0) }
        for member in members.indices { members[member].schedule = .exponential }
        let bundle = BundleTrainer(
            network: NetworkConfiguration(hidden: [8]), members: members, data: data)
        var told = [[Evaluation]](repeating: [], count: 3)
        var outcomes = [TrainingOutcome?](repeating: nil, count: 3)
        bundle.train(
            onEvaluation: { told[$0].append($1) },
            onEnd: {
                #expect(outcomes[$0] == nil, "an end is told once")
                outcomes[$0] = $1
            })
        #expect(outcomes.map { $0?.evaluations } == told)
        #expect(
            told.map { $0.map(\.learningRate)[1] }
                == members.map {
                    $0.learningRate * $0.learningRateDecay
                })
    }
}

extension Optimizer {
    /// Whether its steps have the size of the rate, however small the gradient.
    fileprivate var isAdaptive: Bool { self == .rmsprop || self == .adam }
}
