package import HPCluster
package import HPNet
import HPSearch
import HPWire

/// Trains a trial again, to compare what comes of it with what was committed.
package struct TrialRerun: Sendable {
    private let executor: BundleExecutor

    /// - Parameter dataRoot: the folder that the spec's data path lies below.
    package init(dataRoot: String) {
        executor = BundleExecutor(loader: DataLoader(dataRoot: dataRoot))
    }

    /// What came of the repetition.
    package enum Outcome: Sendable, Hashable {
        case same
        /// A sentence that says what differs.
        case different(String)
        /// It can't be repeated here; a sentence that says why.
        case impossible(String)
    }

    /// Trains the trial on this thread.
    package func repeatTrial(_ evidence: TrialEvidence) -> Outcome {
        train(evidence) { _, _ in }
    }

    /// Trains the trial on this thread, and keeps the network of its best epoch.
    ///
    /// - Returns: the network where the outcome is `same` and the trial has a value, else nil.
    package func bestModel(_ evidence: TrialEvidence) -> (outcome: Outcome, model: TrainedModel?) {
        guard case .trained(_, _, _, let result, _) = evidence.report.outcome, result.value != nil
        else { return (.impossible("it has no value, so no epoch of it is the best"), nil) }
        var model: TrainedModel?
        let outcome = train(evidence) { trainer, evaluation in
            if evaluation.epoch == result.bestEpoch { model = trainer.model(of: 0) }
        }
        return (outcome, outcome == .same ? model : nil)
    }

    private func train(
        _ evidence: TrialEvidence, onEvaluation: (BundleTrainer, Evaluation) -> Void
    ) -> Outcome {
        guard let content = evidence.assignment.content, let spec = try? StudySpec(content: content)
        else { return .impossible("its spec can't be read by this release") }
        let revision = evidence.report.engineRevision
        guard revision == Engine.revision else {
            return .impossible(
                "it was trained with engine \(revision), this is \(Engine.revision): use the "
                    + "release that trained it")
        }
        let order = WorkerSession.Order(
            study: evidence.assignment.study, studyDigest: spec.contentDigest, spec: spec,
            epochs: evidence.assignment.epochs, dataDigest: evidence.assignment.dataDigest,
            members: evidence.assignment.members)
        var outcome = Outcome.impossible("training ended without a result")
        executor.execute(
            order, shouldStop: { _ in false },
            onEvaluation: { trainer, _, evaluation in onEvaluation(trainer, evaluation) }
        ) { event in
            switch event {
            case .finished(let reports):
                if let report = reports.first {
                    outcome = Self.compare(report.outcome, with: evidence.report.outcome)
                }
            case .declined(_, _, let detail): outcome = .impossible(detail)
            case .received, .connected, .checkpointSaved, .checkpointLookedFor,
                .checkpointUnusable, .clock, .shutdown:
                break
            }
        }
        return outcome
    }

    /// Compares everything that training gives but the time it took.
    static func compare(
        _ new: TrialReport.Outcome, with old: TrialReport.Outcome
    ) -> Outcome {
        guard case .trained(let newState, let newReason, _, let newResult, let newRecordings) = new,
            case .trained(let oldState, let oldReason, _, let oldResult, let oldRecordings) = old
        else { return .different("one has a result, the other has none") }
        if newState != oldState || newReason != oldReason {
            return .different(
                "it is \(newState.rawValue) now, and was committed as \(oldState.rawValue)")
        }
        let pairs: [(String, [Double], [Double])] = [
            ("objective", newResult.objectiveCurve, oldResult.objectiveCurve),
            ("standard error", numbers(newResult.standardError), numbers(oldResult.standardError)),
            ("best epoch", [newResult.bestEpoch], [oldResult.bestEpoch]),
            ("epochs", [newResult.epochs], [oldResult.epochs]),
            ("metrics", numbers(newResult.metrics), numbers(oldResult.metrics)),
            (
                "curve", newRecordings.curve.flatMap(numbers), oldRecordings.curve.flatMap(numbers)
            ),
        ]
        for (name, new, old) in pairs where new.map(\.bitPattern) != old.map(\.bitPattern) {
            return .different("its \(name) has other bits now")
        }
        // Releases that didn't keep rows left none to compare with.
        if let old = oldRecordings.correctness,
            newRecordings.correctness != old
                || newRecordings.crossedCorrectness != oldRecordings.crossedCorrectness
        {
            return .different("other validation rows are right now")
        }
        // A release that didn't look inside left no flags either.
        guard let looks = oldRecordings.diagnostics else { return .same }
        if newResult.flags != oldResult.flags { return .different("its flags are others now") }
        let isSame =
            newRecordings.diagnostics.map(DiagnosticsCodec.encode) == DiagnosticsCodec.encode(looks)
        return isSame ? .same : .different("its diagnostics have other bits now")
    }

    private static func numbers(_ number: Double?) -> [Double] {
        number.map { [$0] } ?? []
    }

    private static func numbers(_ metrics: TrialMetrics) -> [Double] {
        [
            metrics.validationAccuracy, metrics.validationLoss, metrics.trainingAccuracy,
            metrics.trainingLoss, metrics.initialLoss,
        ].flatMap(numbers)
    }

    private static func numbers(_ point: EpochMetrics) -> [Double] {
        [
            point.epoch, point.learningRate, point.validationAccuracy, point.validationLoss,
            point.trainingAccuracy, point.trainingLoss,
        ]
    }
}
