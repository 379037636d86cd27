import HPCluster
import HPNet
import HPSearch
import Testing

@testable import HPRunner

@Suite("Weights of a trial")
struct WeightsTests {
    /// What a coordinator would hold of a trial that was trained.
    private func evidence(_ model: String, rate: String = "0.5") throws -> TrialEvidence {
        let order = try order(
            model: model, train: "{learning_rate: \(rate), batch_size: 20}", epochs: 6,
            parameters: "reg: {value: 0.01}", values: [[.number(0.01)]])
        var reports: [TrialReport] = []
        BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
            order, shouldStop: { _ in false }
        ) { event in
            if case .finished(let finished) = event { reports += finished }
        }
        let report = try #require(reports.first)
        return TrialEvidence(
            assignment: Assignment(
                study: 1, content: order.spec.content, epochs: 6, dataDigest: report.dataDigest,
                members: order.members),
            report: report)
    }

    @Test func `are those of its best epoch`() throws {
        let evidence = try evidence("{hidden: [8], activation: tanh}", rate: "0.8")
        guard case .trained(_, _, _, let result, _) = evidence.report.outcome else {
            Issue.record("it trains")
            return
        }
        #expect(result.bestEpoch < 6, "the sample must be best before its end")
        let (outcome, model) = TrialRerun(dataRoot: ".").bestModel(evidence)
        #expect(outcome == .same)
        let file = WeightsFile(try #require(model), of: evidence)
        let value = try #require(result.value)
        #expect(
            file.name
                == CheckpointName.text(trial: 1, epoch: result.bestEpoch, value: value)
                + ".safetensors")
        let read = try Safetensors(decoding: file.bytes, path: file.name)
        #expect(read.metadata["epoch"] == "\(result.bestEpoch)")
        #expect(read.metadata["parameter.reg"] == "0.01")
        #expect(read.metadata["spec"] == evidence.assignment.content)
        let logits = try #require(read["validation.logits"]?.floats)
        let labels = try #require(read["validation.labels"]?.integers)
        let correct = labels.indices.count { row in
            let scores = logits[row * 10..<row * 10 + 10]
            return scores.max() == scores[scores.startIndex + Int(labels[row])]
        }
        #expect(Double(correct) / 100 == value)
    }

    @Test func `are refused when other bits were committed`() throws {
        var evidence = try evidence("{hidden: [8]}")
        guard
            case .trained(let state, let reason, let detail, var result, let recordings) =
                evidence.report.outcome
        else { return }
        result.objectiveCurve[0] = result.objectiveCurve[0].nextUp
        evidence.report.outcome = .trained(
            state: state, reason: reason, detail: detail, result: result,
            recordings: recordings)
        let (outcome, model) = TrialRerun(dataRoot: ".").bestModel(evidence)
        #expect(outcome == .different("its objective has other bits now"))
        #expect(model == nil)
    }

    @Test func `are refused of a trial that diverged`() throws {
        let (outcome, model) = TrialRerun(dataRoot: ".").bestModel(
            try evidence("{hidden: [8]}", rate: "1.0e+6"))
        #expect(outcome == .impossible("it has no value, so no epoch of it is the best"))
        #expect(model == nil)
    }

    @Test func `have names that say trial, epoch and value`() {
        #expect(
            CheckpointName.text(trial: 42, epoch: 5, value: 0.531)
                == "trial-0042_epoch-05_val-0.5310")
        #expect(
            CheckpointName.text(trial: 12_345, epoch: 0.5, value: 2.30258)
                == "trial-12345_epoch-0.5_val-2.3026")
        #expect(
            CheckpointName.text(trial: 1, epoch: 120, value: 1)
                == "trial-0001_epoch-120_val-1.0000")
    }
}
