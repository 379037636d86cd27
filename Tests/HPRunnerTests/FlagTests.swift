import HPCluster
import HPSearch
import Testing

@testable import HPRunner

/// Flags of real trainings on the embedded digits.
@Suite struct `A worker's flags` {
    private func train(
        _ train: String, model: String = "{hidden: [50]}", reg: Double = 0, epochs: Double = 6
    ) throws -> (flags: [TrialFlag], recordings: TrialRecordings) {
        let order = try order(
            model: model, train: train, epochs: epochs, parameters: "reg: {value: \(reg)}",
            values: [[.number(reg)]])
        var trained: (flags: [TrialFlag], recordings: TrialRecordings)?
        BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
            order, shouldStop: { _ in false }
        ) { event in
            guard case .finished(let reports) = event,
                case .trained(_, _, _, let result, let recordings) = reports[0].outcome
            else { return }
            trained = (result.flags, recordings)
        }
        return try #require(trained)
    }

    @Test(
        arguments: [
            "{learning_rate: 0.05, batch_size: 100}", "{learning_rate: 0.01, batch_size: 32}",
            "{optimizer: adam, learning_rate: 0.001, batch_size: 32}",
            "{optimizer: sgd, learning_rate: 0.1, batch_size: 32}",
        ],
        [
            "{hidden: [50]}", "{hidden: [100, 100]}",
            "{hidden: [50], activation: tanh, init: xavier}",
            "{hidden: [50], activation: leaky_relu, batch_norm: true}",
        ])
    func `are none of a network that learns well`(rate: String, model: String) throws {
        let trained = try train(rate, model: model, reg: 1e-3, epochs: 10)
        #expect(trained.flags == [])
        let looks = try #require(trained.recordings.diagnostics).epochs
        #expect(looks.map(\.epoch) == (0...10).map(Double.init))
        #expect(looks[10].dataLoss == trained.recordings.curve[9].trainingLoss)
    }

    @Test func `say what is wrong with a rate`() throws {
        #expect(
            try train("{learning_rate: 1.0e-6}", epochs: 10).flags == [
                .learningRateLow, .updateLow,
            ])
        #expect(try train("{learning_rate: 10}").flags == [.learningRateHigh])
        #expect(try train("{learning_rate: 0.3}").flags == [.updateHigh])
        #expect(
            try train("{learning_rate: 0.05, batch_size: 4}").flags.contains(.noisy))
    }

    @Test(arguments: [(1, 0.003), (2, 0.005), (4, 0.01), (8, 0.02), (16, 0.03), (64, 0.05)])
    func `say no noise of small minibatches at rates that suit them`(
        _ batchSize: Int, _ rate: Double
    ) throws {
        let trained = try train(
            "{optimizer: sgd, learning_rate: \(rate), batch_size: \(batchSize)}", epochs: 8)
        #expect(!trained.flags.contains(.noisy), "\(trained.flags)")
    }

    @Test func `say what is wrong with the first weights`() throws {
        func flags(_ activation: String, _ initialization: String) throws -> [TrialFlag] {
            let hidden = initialization == "zero" ? "[100]" : "[100, 100, 100, 100]"
            let model =
                "{hidden: \(hidden), activation: \(activation), init: \(initialization)}"
            return try train("{learning_rate: 0.05, batch_size: 100}", model: model).flags
        }
        #expect(try flags("relu", "zero") == [.symmetric])
        #expect(try flags("tanh", "large").contains(.saturated))
        #expect(try flags("tanh", "small").contains(.vanishing))
        #expect(try flags("sigmoid", "xavier").contains(.vanishing))
        #expect(try flags("relu", "large") == [.learningRateHigh, .initialLoss])
    }

    @Test func `say that regularization dominates`() throws {
        let flags = try train("{learning_rate: 0.01}", reg: 5).flags
        #expect(flags.contains(.regularizationDominates) && !flags.contains(.learningRateLow))
    }

    @Test func `and looks are compared when a trial is repeated`() throws {
        let order = try order(model: "{hidden: [8]}")
        var outcomes: [TrialReport.Outcome] = []
        for _ in 0..<2 {
            BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
                order, shouldStop: { _ in false }
            ) { event in
                if case .finished(let reports) = event { outcomes.append(reports[0].outcome) }
            }
        }
        #expect(TrialRerun.compare(outcomes[0], with: outcomes[1]) == .same)
        guard
            case .trained(let state, let reason, let detail, var result, var recordings) =
                outcomes[1]
        else { return }
        let layer = recordings.diagnostics?.epochs[1].layers[0].activation
        recordings.diagnostics?.epochs[1].layers[0].activation.mean = (layer?.mean ?? 0).nextUp
        var committed = TrialReport.Outcome.trained(
            state: state, reason: reason, detail: detail, result: result, recordings: recordings)
        #expect(
            TrialRerun.compare(outcomes[0], with: committed)
                == .different("its diagnostics have other bits now"))
        result.flags = [.noisy]
        committed = .trained(
            state: state, reason: reason, detail: detail, result: result, recordings: recordings)
        #expect(
            TrialRerun.compare(outcomes[0], with: committed)
                == .different("its flags are others now"))
        // An older release kept neither.
        recordings.diagnostics = nil
        committed = .trained(
            state: state, reason: reason, detail: detail, result: result, recordings: recordings)
        #expect(TrialRerun.compare(outcomes[0], with: committed) == .same)
    }
}
