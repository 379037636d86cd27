import HPCluster
import HPMath
import HPNet
import HPSearch
import Testing

@testable import HPRunner

/// Which validation rows trials get right, on the embedded digits.
@Suite struct `The validation rows of a trial` {
    private static let rates: [[ParameterValue]] = [0.001, 0.3, 0.7, 0.9, 1e6].map { [.number($0)] }

    /// By trial: the last one diverges.
    private func outcomes(_ objective: String, epochs: Double = 9) throws
        -> [(state: Trial.State, result: TrialResult, recordings: TrialRecordings)]
    {
        let order = try order(
            model: "{hidden: [12]}", train: "{batch_size: 20}", epochs: epochs,
            parameters: "learning_rate: {log_uniform: [1.0e-3, 1.0e6]}", values: Self.rates,
            objective: objective)
        var reports: [TrialReport] = []
        BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
            order, shouldStop: { _ in false }
        ) { event in
            if case .finished(let finished) = event { reports += finished }
        }
        return reports.sorted { $0.lease.trial < $1.lease.trial }.compactMap { report in
            guard case .trained(let state, _, _, let result, let recordings) = report.outcome
            else { return nil }
            return (state, result, recordings)
        }
    }

    @Test func `are as many as its value says, and a trial that diverged has none`() throws {
        let outcomes = try outcomes("{metric: val_accuracy, goal: maximize}")
        #expect(outcomes.count == 5 && outcomes[4].state == .diverged)
        for (state, result, recordings) in outcomes {
            guard state == .complete else {
                #expect(recordings.correctness == nil && recordings.crossedCorrectness == nil)
                continue
            }
            let rows = try #require(recordings.correctness)
            let crossed = try #require(recordings.crossedCorrectness)
            #expect(result.value == result.objectiveCurve.max())
            #expect(result.value == Double(rows.rightCount) / 100 && rows.count == 100)
            #expect(
                result.standardError
                    == AccuracyError.standardError(
                        ofAccuracy: Double(rows.rightCount) / 100, count: 100))
            #expect(crossed.rows.count == 100 && crossed.rightOutside.count == 10)
            // Each fold was measured where the rows outside of it are right at least as often.
            let atOne = CrossedCorrectness(atOneEpoch: rows)
            #expect(zip(crossed.rightOutside, atOne.rightOutside).allSatisfy { $0 >= $1 })
        }
    }

    @Test func `are those of the last evaluation where the objective asks for it`() throws {
        let best = try outcomes("{metric: val_accuracy, goal: maximize}")
        let last = try outcomes("{metric: val_accuracy, goal: maximize, at: last}")
        var differing = 0
        for (best, last) in zip(best, last) where last.state == .complete {
            let point = try #require(last.recordings.curve.last)
            #expect(last.result.objectiveCurve == best.result.objectiveCurve)
            #expect(last.result.value == last.result.objectiveCurve.last)
            #expect(last.result.bestEpoch == 9)
            #expect(last.result.metrics.validationLoss == point.validationLoss)
            #expect(last.result.metrics.trainingAccuracy == point.trainingAccuracy)
            let rows = try #require(last.recordings.correctness)
            #expect(last.result.value == Double(rows.rightCount) / 100)
            #expect(
                last.result.standardError
                    == AccuracyError.standardError(
                        ofAccuracy: Double(rows.rightCount) / 100, count: 100))
            #expect(last.recordings.crossedCorrectness == CrossedCorrectness(atOneEpoch: rows))
            differing += last.result.value == best.result.value ? 0 : 1
        }
        #expect(differing > 0, "the sample must have a trial whose last epoch isn't its best")
    }

    @Test(arguments: ["best", "last"])
    func `are not known of a loss, whose last value is taken all the same`(at: String) throws {
        for (state, result, recordings) in try outcomes(
            "{metric: val_loss, goal: minimize, at: \(at)}") where state == .complete
        {
            #expect(recordings.correctness == nil && recordings.crossedCorrectness == nil)
            let curve = result.objectiveCurve
            #expect(result.value == (at == "last" ? curve.last : curve.min()))
        }
    }

    @Test func `lie in folds as the engine deals them`() {
        #expect(CrossedCorrectness.foldMaximum == ValidationRows.foldMaximum)
        for rows in [1, 2, 9, 10, 11, 1000] {
            #expect(CrossedCorrectness.foldCount(of: rows) == ValidationRows.foldCount(of: rows))
        }
    }

    @Test func `are compared when a trial is repeated`() throws {
        let objective = "{metric: val_accuracy, goal: maximize}"
        let (state, result, recordings) = try outcomes(objective, epochs: 2)[1]
        func outcome(_ recordings: TrialRecordings) -> TrialReport.Outcome {
            .trained(
                state: state, reason: "", detail: "", result: result, recordings: recordings)
        }
        let new = outcome(recordings)
        #expect(TrialRerun.compare(new, with: new) == .same)
        var other = recordings
        let rows = try #require(recordings.correctness)
        other.correctness = RowCorrectness((0..<rows.count).map { rows[$0] != ($0 == 7) })
        let difference = TrialRerun.Outcome.different("other validation rows are right now")
        #expect(TrialRerun.compare(new, with: outcome(other)) == difference)
        other = recordings
        other.crossedCorrectness = CrossedCorrectness(atOneEpoch: try #require(other.correctness))
        #expect(
            (other == recordings) == (TrialRerun.compare(new, with: outcome(other)) == .same))
        other.crossedCorrectness = nil
        #expect(TrialRerun.compare(new, with: outcome(other)) == difference)
        // An older release kept neither.
        other.correctness = nil
        #expect(TrialRerun.compare(new, with: outcome(other)) == .same)
    }
}
