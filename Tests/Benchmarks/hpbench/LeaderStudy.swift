import Foundation
import HPMath
import HPNet
import HPReport
import HPSearch

/// Holds what one study says of its best, and the truth.
struct LeaderOutcome {
    /// The value of the luckiest single trial, as a ranking by single values has it.
    var luckiest: Double
    var luckiestInterval: ClosedRange<Double>
    var luckiestTruth: Double
    /// The leader's mean.
    var value: Double
    var valueInterval: ClosedRange<Double>
    /// The accuracy that the verdict expects of the leader.
    var expected: Double
    var expectedInterval: ClosedRange<Double>
    var truth: Double
}

/// A search of learning_rate and reg, in this process.
struct LeaderStudy {
    private var study: Study
    private var rows: [TrialRows] = []
    private let data: (searched: PreparedData, fresh: PreparedData)

    private static let quantile = 1.959_963_984_540_054

    init(_ table: LeaderTable, seed: UInt64, replicates: Int) throws {
        let refit =
            replicates > 0
            ? "  - {name: final, trials: 4, epochs: 30, from: top, seeds: \(replicates)}\n" : ""
        let spec = try StudySpec.read(
            text: """
                study: leader
                seed: \(seed)
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits}
                model: {hidden: [24], activation: relu, init: he}
                train: {optimizer: momentum, momentum: 0.9, batch_size: 32}
                parameters:
                  learning_rate: {log_uniform: [1.0e-3, 0.3]}
                  reg: {log_uniform: [1.0e-5, 1.0e-1]}
                stages:
                  - {name: coarse, trials: 30, epochs: 10}
                  - {name: fine, trials: 20, epochs: 30}

                """ + refit,
            file: "leader")
        study = Study(id: 1, spec: spec, specDigest: "", contentDigest: "")
        data = try table.data(seed: seed)
    }

    /// Runs the search, and trains the leader with fresh seeds.
    func outcome(truthSeeds: UInt32) throws -> LeaderOutcome {
        var searched = self
        while searched.study.stages.count < study.spec.stages.count {
            try searched.runNextStage()
        }
        return try searched.judge(truthSeeds: truthSeeds)
    }

    // MARK: - The search

    private mutating func runNextStage() throws {
        guard let plan = StagePlanner.nextStage(of: study) else {
            throw LeaderError.nothingComplete
        }
        study.stages.append(plan.stage)
        var trials = plan.trials
        for index in trials.indices {
            trials[index] = train(trials[index], epochs: plan.stage.epochs)
        }
        study.trials += trials
        study.state = study.stages.count == study.spec.stages.count ? .complete : .running
    }

    private mutating func train(_ trial: Trial, epochs: Double) -> Trial {
        let outcome = training(of: trial, replicate: UInt32(trial.replicate), epochs, data.searched)
        var trial = trial
        guard outcome.end == .completed, let best = outcome.best,
            let right = outcome.validationRows,
            let correctness = RowCorrectness(count: right.count, bytes: right.best),
            let crossed = RowCorrectness(count: right.count, bytes: right.crossed)
        else {
            trial.state = .diverged
            trial.result = result(outcome, best: nil)
            return trial
        }
        trial.state = .complete
        trial.result = result(outcome, best: best)
        rows.append(
            TrialRows(
                trial: trial.number, correctness: correctness,
                crossed: CrossedCorrectness(rows: crossed, rightOutside: right.rightOutside)))
        return trial
    }

    private func training(
        of trial: Trial, replicate: UInt32, _ epochs: Double, _ data: PreparedData
    ) -> TrainingOutcome {
        let settings = study.spec.settings(for: trial.parameters)
        return Trainer(
            network: NetworkConfiguration(hidden: settings.model.hidden),
            training: TrainingConfiguration(
                learningRate: settings.train.learningRate,
                regularization: settings.train.regularization,
                learningRateDecay: settings.train.learningRateDecay,
                batchSize: settings.train.batchSize, epochs: epochs, seed: study.spec.seed,
                replicate: replicate),
            data: data
        ).train()
    }

    private func result(_ outcome: TrainingOutcome, best: Evaluation?) -> TrialResult {
        TrialResult(
            objectiveCurve: outcome.evaluations.map(\.validationAccuracy),
            value: best?.validationAccuracy,
            standardError: best?.validationAccuracyStandardError, bestEpoch: best?.epoch ?? 0,
            epochs: outcome.epochsTrained, metrics: TrialMetrics(), seconds: 0)
    }

    // MARK: - The truth

    private func judge(truthSeeds: UInt32) throws -> LeaderOutcome {
        let best = try best()
        guard let expected = best.expected,
            let leader = study.trials.first(where: { $0.number == best.trial })
        else { throw LeaderError.nothingComplete }
        let complete = study.trials.filter { $0.state == .complete }
        guard
            let luckiest = complete.max(by: {
                ($0.result?.value ?? 0) < ($1.result?.value ?? 0)
            }), let value = luckiest.result?.value
        else { throw LeaderError.nothingComplete }
        let count = Double(data.searched.split.validation.count)
        let margin = Self.quantile * (value * (1 - value) / count).squareRoot()
        let leaderMargin = Self.quantile * (best.standardError ?? 0)
        return LeaderOutcome(
            luckiest: value, luckiestInterval: (value - margin)...(value + margin),
            luckiestTruth: truth(of: luckiest, truthSeeds), value: best.value,
            valueInterval: (best.value - leaderMargin)...(best.value + leaderMargin),
            expected: expected.value, expectedInterval: expected.low...expected.high,
            truth: truth(of: leader, truthSeeds))
    }

    /// The mean accuracy on fresh rows over seeds that no search used, each at the epoch that is
    /// the best on its validation rows. Training is the same in both calls, so both see one
    /// network.
    private func truth(of trial: Trial, _ seeds: UInt32) -> Double {
        let epochs = study.stages[trial.stage].epochs
        let accuracies = (1...seeds).compactMap { seed -> Double? in
            let replicate = 1000 + seed
            let chosen = training(of: trial, replicate: replicate, epochs, data.searched)
            let fresh = training(of: trial, replicate: replicate, epochs, data.fresh)
            guard let epoch = chosen.best?.epoch else { return nil }
            return fresh.evaluations.first { $0.epoch == epoch }?.validationAccuracy
        }
        return accuracies.reduce(0, +) / Double(accuracies.count)
    }

    private func best() throws -> ReportedBest {
        let report = Report.render(ReportInput(study: study, rows: rows), format: .json)
        guard let best = try JSONDecoder().decode(Reported.self, from: Data(report.utf8)).best
        else { throw LeaderError.nothingComplete }
        return best
    }
}

/// The part of the report that is read.
private struct Reported: Decodable {
    var best: ReportedBest?
}

private struct ReportedBest: Decodable {
    struct Expected: Decodable {
        var value: Double
        var low: Double
        var high: Double
    }

    var trial: Int
    var value: Double
    var standardError: Double?
    var expected: Expected?

    enum CodingKeys: String, CodingKey {
        case trial, value, expected
        case standardError = "standard_error"
    }
}

/// Why a study says nothing.
enum LeaderError: Error, CustomStringConvertible {
    case nothingComplete

    var description: String { "no trial of the study is COMPLETE, or its rows are not known" }
}
