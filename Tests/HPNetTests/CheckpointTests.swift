import Testing

@testable import HPNet

@Suite("Checkpoints of training")
struct CheckpointTests {
    private static let data: PreparedData? = {
        let split = try? DataSplit(
            of: .digits, training: .count(130), validation: .count(40), seed: 6)
        return split.map { PreparedData(dataset: .digits, split: $0, preprocessing: [.zeroMean]) }
    }()

    private struct Trained: Equatable {
        var outcomes: [Int: TrainingOutcome] = [:]
        var digests: [String] = []
        var checkpoints: [[TrainingCheckpoint]] = []
    }

    private func train(
        _ network: NetworkConfiguration, _ members: [TrainingConfiguration],
        resuming checkpoints: [TrainingCheckpoint] = []
    ) throws -> Trained {
        let trainer = BundleTrainer(
            network: network, members: members, data: try #require(Self.data),
            resuming: checkpoints)
        var trained = Trained()
        trainer.train(
            onEpochEnd: { trained.checkpoints.append($0.map { trainer.checkpoint(of: $0) }) },
            onEnd: { trained.outcomes[$0] = $1 })
        trained.digests = trainer.weightsDigests
        return trained
    }

    @Test(
        arguments: Activation.usual + [.leakyReLU(slope: 0.2)], Optimizer.allCases)
    func `training that goes on from any epoch gives the same bits`(
        activation: Activation, optimizer: Optimizer
    ) throws {
        let isNormalized = optimizer != .sgd && activation != .tanh
        let network = NetworkConfiguration(
            hidden: [6, 5], activation: activation, batchNormalization: isNormalized)
        let members = [0.01, 0.03].map {
            TrainingConfiguration(
                optimizer: optimizer, learningRate: $0, regularization: 0.01, dropout: 0.2,
                learningRateDecay: 0.8, schedule: .inverse, batchSize: 32, epochs: 3.4,
                lossFactor: 10, seed: 3)
        }
        let whole = try train(network, members)
        #expect(whole.checkpoints.count == 3)
        for (index, checkpoints) in whole.checkpoints.enumerated() {
            let read = try checkpoints.map {
                try TrainingCheckpoint(decoding: $0.encoded(key: "k"), key: "k")
            }
            #expect(read == checkpoints)
            let resumed = try train(network, members, resuming: read)
            #expect(resumed.outcomes == whole.outcomes)
            #expect(resumed.digests == whole.digests)
            #expect(resumed.checkpoints == Array(whole.checkpoints[(index + 1)...]))
            let alone = try train(network, [members[1]], resuming: [read[1]])
            #expect(alone.outcomes[0] == whole.outcomes[1])
            #expect(alone.digests == [whole.digests[1]])
        }
    }

    @Test func `a member that diverged is in no checkpoint, and the others go on`() throws {
        let network = NetworkConfiguration(hidden: [6])
        let members = [1e6, 0.01].map {
            TrainingConfiguration(learningRate: $0, batchSize: 32, epochs: 3)
        }
        let whole = try train(network, members)
        guard case .diverged = whole.outcomes[0]?.end else {
            Issue.record("the sample must diverge")
            return
        }
        #expect(whole.checkpoints.map(\.count) == [1, 1])
        let resumed = try train(network, [members[1]], resuming: whole.checkpoints[1])
        #expect(resumed.outcomes[0] == whole.outcomes[1])
    }

    @Test func `numbers that are hard to write are read as they were`() throws {
        let network = NetworkConfiguration(hidden: [3])
        let member = TrainingConfiguration(learningRate: 0.1, batchSize: 64, epochs: 2)
        let first = try #require(try train(network, [member]).checkpoints.first?.first)
        let numbers: [Double] = [
            .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, 0.1 + 0.2, 1e300,
        ]
        for number in numbers {
            var outcome = first.outcome
            outcome.evaluations[0].validationLoss = number
            outcome.diagnostics?.epochs[0].dataLoss = number
            var state = first.state
            state.arenas[0][0] = Float(number)
            let checkpoint = TrainingCheckpoint(
                epoch: 1, minibatches: first.minibatches, minibatchLoss: number,
                window: first.window,
                outcome: outcome, state: state)
            let read = try TrainingCheckpoint(decoding: checkpoint.encoded(key: ""), key: "")
            #expect(read.minibatchLoss.bitPattern == number.bitPattern)
            #expect(read.evaluations[0].validationLoss.bitPattern == number.bitPattern)
            #expect(
                read.outcome.diagnostics?.epochs[0].dataLoss.bitPattern == number.bitPattern)
            #expect(read.state.arenas[0][0].bitPattern == Float(number).bitPattern)
        }
    }

    @Test func `damage and another training's checkpoint are found`() throws {
        let network = NetworkConfiguration(hidden: [3])
        let member = TrainingConfiguration(learningRate: 0.1, batchSize: 64, epochs: 2)
        let checkpoint = try #require(try train(network, [member]).checkpoints.first?.first)
        let bytes = checkpoint.encoded(key: "mine")
        #expect(throws: TrainingCheckpoint.Damage.other) {
            try TrainingCheckpoint(decoding: bytes, key: "yours")
        }
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(throws: TrainingCheckpoint.Damage.checksum) {
                try TrainingCheckpoint(decoding: damaged, key: "mine")
            }
        }
        for count in stride(from: 0, to: bytes.count, by: 11) {
            #expect(throws: TrainingCheckpoint.Damage.checksum) {
                try TrainingCheckpoint(decoding: Array(bytes.prefix(count)), key: "mine")
            }
        }
        // A release that didn't follow which rows are right wrote files of another version.
        let former = Array("HPCHECK1".utf8) + bytes.dropFirst(8)
        #expect(throws: TrainingCheckpoint.Damage.other) {
            try TrainingCheckpoint(decoding: former, key: "mine")
        }
        let data = try #require(Self.data)
        func fits(_ network: NetworkConfiguration, _ member: TrainingConfiguration) -> Bool {
            checkpoint.fits(network: network, training: member, data: data)
        }
        #expect(fits(network, member))
        #expect(!fits(NetworkConfiguration(hidden: [4]), member))
        #expect(!fits(NetworkConfiguration(hidden: [3], batchNormalization: true), member))
        var other = member
        other.optimizer = .adam
        #expect(!fits(network, other))
        other = member
        other.batchSize = 16
        #expect(!fits(network, other))
        other = member
        other.epochs = 1
        #expect(!fits(network, other))
    }
}
