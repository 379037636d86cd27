import DataTesting
import HPMath
import Testing

@testable import HPNet

/// DIVERGED is of a training, not of a minibatch.
@Suite("Divergence")
struct DivergenceTests {
    /// 460 rows of `pima` leave one over at 17, 27, 51 and 153.
    private static let batchSizes = [1, 2, 3, 8, 16, 17, 27, 32, 51, 64, 153]

    @Test(arguments: BlobTable.all, [Optimizer.sgd, .momentum, .adam])
    func `no training diverges that ends with a loss below the limit, at any batch size`(
        _ table: BlobTable, _ optimizer: Optimizer
    ) throws {
        let data = try table.prepared()
        for batchSize in Self.batchSizes {
            for isNormalized in [false, true] {
                let trial = DivergenceCase(
                    table, optimizer, batchNormalization: isNormalized, batchSize: batchSize)
                #expect(trial.falseAlarms(at: trial.saneRates(count: 4), of: data) == [])
            }
        }
    }

    @Test(arguments: BlobTable.all, [Optimizer.sgd, .momentum, .adam])
    func `rates that explode are stopped within an epoch or 2,000 examples`(
        _ table: BlobTable, _ optimizer: Optimizer
    ) throws {
        let data = try table.prepared()
        for batchSize in Self.batchSizes {
            for isNormalized in [false, true] {
                let trial = DivergenceCase(
                    table, optimizer, batchNormalization: isNormalized, batchSize: batchSize)
                #expect(trial.lateAlarms(of: data) == [])
            }
        }
    }

    @Test(arguments: [17, 27, 50, 51])
    func `a last minibatch of one example diverges nobody`(_ batchSize: Int) throws {
        let trial = DivergenceCase(.pima, .momentum, batchSize: batchSize, epochs: 40)
        let outcomes = trial.outcomes(
            at: DivergenceCase.rates(from: 0.003, to: 0.05, count: 20),
            of: try BlobTable.pima.prepared(), lossFactor: 3)
        #expect(outcomes.allSatisfy { $0.end == .completed }, "\(outcomes.map(\.end))")
    }

    // MARK: - The window

    private static func window(
        batchSize: Int, epochs: Double = 1, examples: Int
    ) -> LossWindow {
        LossWindow(
            TrainingConfiguration(learningRate: 1, batchSize: batchSize, epochs: epochs),
            trainingExamples: examples)
    }

    @Test(arguments: [
        (1, 1.0, 460, 256), (50, 20, 460, 256), (300, 1, 460, 300), (2000, 3, 460, 460),
        (1, 2, 126, 126), (200, 1, 49_000, 256), (10, 0.25, 460, 120), (10, 0.001, 460, 10),
    ])
    func `the window has 256 examples or a minibatch, or an epoch where that has fewer`(
        _ batchSize: Int, _ epochs: Double, _ examples: Int, _ expected: Int
    ) {
        let window = Self.window(batchSize: batchSize, epochs: epochs, examples: examples)
        #expect(window.examples == expected)
    }

    @Test func `its mean is of the fewest last minibatches that fill it, by examples`() {
        var window = Self.window(batchSize: 100, examples: 1000)
        for sum in [1000.0, 100, 200] {
            #expect(window.mean == nil)
            window.add(lossSum: sum, examples: 100)
        }
        #expect(window.mean == 1300.0 / 300)
        // A single example counts as one of 301.
        window.add(lossSum: 50, examples: 1)
        #expect(window.mean == 1350.0 / 301)
        window.add(lossSum: 100, examples: 100)
        #expect(window.mean == 450.0 / 301)
        window.empty()
        #expect(window.mean == nil)
    }

    @Test func `a loss is judged when the window is full, and one without number at once`() throws {
        let trial = DivergenceCase(.pima, .sgd, batchSize: 32, epochs: 1)
        let data = try BlobTable.pima.prepared()
        let outcomes = trial.outcomes(at: [100, 1e8], of: data, lossFactor: 3)
        guard case .diverged(let first) = outcomes[0].end,
            case .diverged(let second) = outcomes[1].end
        else {
            Issue.record("the samples must diverge")
            return
        }
        #expect(first.reason == .lossFactor && first.examples == 256)
        #expect(first.loss > 3 * max(first.initialLoss, HPMath.log(2)))
        #expect(second.reason != .lossFactor && second.examples < 256)
    }

    // MARK: - The initial loss

    @Test(arguments: [(false, 0.0), (true, 0), (false, 0.4), (true, 0.4)])
    func `the initial loss is what training sees in its first minibatches`(
        _ isNormalized: Bool, _ dropout: Double
    ) throws {
        let data = try BlobTable.pima.prepared([])
        var members = (0..<2).map { _ in
            TrainingConfiguration(
                optimizer: .sgd, learningRate: 1e-30, dropout: dropout, batchSize: 32, epochs: 0.5,
                lossFactor: 1e9, seed: 3)
        }
        members[1].learningRate = 1e30
        let network = NetworkConfiguration(hidden: [32], batchNormalization: isNormalized)
        // At a rate of nothing every minibatch is seen by the first weights.
        var losses: [Int: TrainingOutcome] = [:]
        let trainer = BundleTrainer(network: network, members: members, data: data)
        trainer.train(onEnd: { losses[$0] = $1 })
        let seen = try #require(losses[0]?.diagnostics?.epochs.last?.minibatchLoss)
        guard case .diverged(let divergence) = losses[1]?.end else {
            Issue.record("the sample must diverge")
            return
        }
        // Half an epoch is 8 minibatches of 32: the window.
        #expect((divergence.initialLoss - seen.mean).magnitude < 1e-9 * seen.mean)
        let initial = try #require(losses[0]?.initialLoss)
        if isNormalized {
            #expect(initial == divergence.initialLoss)
            #expect((initial - HPMath.log(2)).magnitude < 0.05)
        }
    }

    @Test func `without batch normalization the initial loss is that of the training sample`()
        throws
    {
        let data = try BlobTable.wheat.prepared()
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [16]),
            training: TrainingConfiguration(
                optimizer: .sgd, learningRate: 1e-30, dropout: 0.5, batchSize: 10, epochs: 1),
            data: data)
        let outcome = trainer.train()
        #expect(outcome.initialLoss == outcome.evaluations.last?.trainingLoss)
    }

    /// No preprocessing, as whoever asks `check` first has none.
    @Test func `a healthy network with batch normalization is at chance`() throws {
        let initial = InitialLoss(
            network: NetworkConfiguration(hidden: [32], batchNormalization: true),
            training: TrainingConfiguration(
                optimizer: .adam, learningRate: 1e-3, batchSize: 32, epochs: 1, seed: 3),
            data: try BlobTable.pima.prepared([]), strengths: [0, 1])
        #expect(initial.isAtChance, "\(initial.dataLoss)")
    }

    // MARK: - Going on

    @Test func `a training that goes on from a checkpoint diverges where it would have`() throws {
        let data = try BlobTable.pima.prepared()
        // Each epoch doubles the rate; the window reaches back into the epoch before.
        let member = TrainingConfiguration(
            optimizer: .sgd, learningRate: 0.1, learningRateDecay: 2, batchSize: 17, epochs: 30)
        let network = NetworkConfiguration(hidden: [24])
        var checkpoints: [TrainingCheckpoint] = []
        var whole: TrainingOutcome?
        let trainer = BundleTrainer(network: network, members: [member], data: data)
        trainer.train(
            onEpochEnd: { _ in checkpoints.append(trainer.checkpoint(of: 0)) },
            onEnd: { whole = $1 })
        guard case .diverged(let divergence) = whole?.end, divergence.reason == .lossFactor else {
            Issue.record("the sample must diverge by its loss: \(String(describing: whole?.end))")
            return
        }
        #expect(checkpoints.count == divergence.epoch - 1)
        for checkpoint in checkpoints {
            let read = try TrainingCheckpoint(decoding: checkpoint.encoded(key: "k"), key: "k")
            var resumed: TrainingOutcome?
            BundleTrainer(network: network, members: [member], data: data, resuming: [read])
                .train(onEnd: { resumed = $1 })
            #expect(resumed == whole)
        }
    }
}
