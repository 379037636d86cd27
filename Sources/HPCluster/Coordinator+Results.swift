import HPSearch
import OrderedCollections

/// What came of trials: the first valid result of a trial wins.
extension Coordinator {
    mutating func commit(_ reports: [TrialReport], from session: SessionID) {
        var verdicts: [LeaseVerdict] = []
        for report in reports {
            verdicts.append(commit(report, from: session))
            let open = state.study(report.lease.study)?.open[report.lease.trial]
            if open?.attempt != report.lease.attempt { forget(report.lease) }
        }
        send(.verdicts(verdicts), to: session)
        mayAssign = true
        var studies: [StudyID] = []
        for report in reports where !studies.contains(report.lease.study) {
            studies.append(report.lease.study)
        }
        for id in studies { advance(id) }
    }

    private mutating func commit(
        _ report: TrialReport, from session: SessionID
    ) -> LeaseVerdict {
        let lease = report.lease
        switch judge(report, from: session) {
        case .answered(let verdict, let detail):
            return LeaseVerdict(lease: lease, verdict: verdict, detail: detail)
        case .mismatched(let detail):
            end(lease, .preempted, detail)
            decline(lease.study, .init(code: "data-differs", detail: detail), by: session)
            return LeaseVerdict(lease: lease, verdict: .rejected, detail: detail)
        case .broke(let outcome, let detail):
            end(lease, outcome, detail)
            return LeaseVerdict(lease: lease, verdict: .committed, detail: detail)
        case .final(let pins):
            if pins { pin(report) }
            supersedeOpenAttempt(of: lease)
            finish(report, session)
            return LeaseVerdict(lease: lease, verdict: .committed)
        }
    }

    /// What a report means, found before anything is recorded: a study that is still being read
    /// would be copied as a whole by the first record.
    private enum Judgement {
        /// It changes nothing.
        case answered(LeaseVerdict.Verdict, detail: String = "")
        /// The worker trains on other data or with another engine.
        case mismatched(detail: String)
        /// The attempt ends without a result.
        case broke(AttemptOutcome, detail: String)
        /// The trial's result; `pins` says whether it is the study's first.
        case final(pins: Bool)
    }

    private func judge(_ report: TrialReport, from session: SessionID) -> Judgement {
        let lease = report.lease
        guard let run = state.study(lease.study), let trial = run.trial(lease.trial),
            run.study.contentDigest == report.studyDigest, lease.attempt >= 1,
            lease.attempt <= trial.attempts
        else {
            return .answered(
                .rejected, detail: "this coordinator never handed out that attempt")
        }
        if trial.state == .canceled { return .answered(.canceled) }
        if trial.state.isTerminal {
            let isWinner = run.winningAttempt(of: lease.trial) == lease.attempt
            return .answered(isWinner ? .duplicate : .superseded)
        }
        if let refusal = refusal(of: lease, run, session) {
            return .answered(.rejected, detail: refusal)
        }
        if let mismatch = mismatch(report, run.study) { return .mismatched(detail: mismatch) }
        switch report.outcome {
        case .trained(let state, _, _, let result, let recordings):
            guard isUsable(state, result, run.study.spec.objective) else {
                return .broke(
                    .crashed, detail: "the worker sent a result without a usable value")
            }
            guard recordings.hasRowsThatFit(result, in: state, of: run.study.spec) else {
                return .broke(
                    .crashed, detail: "the worker sent validation rows that don't fit the value")
            }
            return .final(pins: run.study.dataDigest == nil)
        case .failed: return .final(pins: false)
        case .broke(let outcome, let detail): return .broke(outcome, detail: detail)
        }
    }

    /// A result is taken only from the worker that the attempt was handed to, and only while an
    /// operator trusts it.
    private func refusal(of lease: Lease, _ run: StudyRun, _ session: SessionID) -> String? {
        guard let worker = peers[session]?.worker.id, run.holder(of: lease) == worker else {
            return "that attempt was handed to another worker"
        }
        return state.standing(of: worker) == .quarantined ? Self.quarantineDetail : nil
    }

    private func mismatch(_ report: TrialReport, _ study: Study) -> String? {
        if case .trained = report.outcome {} else { return nil }
        if let pinned = study.dataDigest, pinned != report.dataDigest {
            return """
                the worker's data has SHA-256 \(report.dataDigest.prefix(12))..., the study was \
                begun on \(pinned.prefix(12))...: give every worker the same files, or, if they \
                were changed, restore them or submit the spec under another name
                """
        }
        if let pinned = study.engineRevision, pinned != report.engineRevision {
            return """
                the worker's engine is \(report.engineRevision), the study was begun with \
                \(pinned): install the same release everywhere
                """
        }
        return nil
    }

    private func isUsable(
        _ state: Trial.State, _ result: TrialResult, _ objective: Objective
    ) -> Bool {
        switch state {
        case .complete:
            result.objectiveCurve.allSatisfy(\.isFinite)
                && result.value
                    == objective.index(ofValueIn: result.objectiveCurve).map {
                        result.objectiveCurve[$0]
                    }
                && result.standardError?.isFinite ?? true
        case .diverged: result.value == nil
        case .waiting, .running, .pruned, .fail, .canceled: false
        }
    }

    private mutating func pin(_ report: TrialReport) {
        record(
            .studyPinned(
                study: report.lease.study, dataDigest: report.dataDigest,
                dataSummary: report.dataSummary.map(DataSummary.bounded),
                engineRevision: report.engineRevision))
    }

    private mutating func finish(_ report: TrialReport, _ session: SessionID) {
        let lease = report.lease
        var finished = FinishedTrial(
            study: lease.study, trial: lease.trial, attempt: lease.attempt, state: .fail,
            reason: "", detail: "", result: nil, worker: peers[session]?.worker.name ?? "")
        switch report.outcome {
        case .trained(let state, let reason, let detail, let result, let recordings):
            (finished.state, finished.reason, finished.detail) = (state, reason, detail)
            finished.result = result
            effects.recordings.append(
                RecordingsRecord(
                    study: lease.study, trial: lease.trial, attempt: lease.attempt,
                    recordings: recordings))
        case .failed(let reason, let detail):
            (finished.reason, finished.detail) = (reason, detail)
        case .broke:
            preconditionFailure("an attempt that broke has no final report")
        }
        record(.trialFinished(finished))
    }

    /// A late result makes the attempt that runs now needless.
    private mutating func supersedeOpenAttempt(of winner: Lease) {
        guard let open = state.study(winner.study)?.open[winner.trial],
            open.attempt != winner.attempt
        else { return }
        let needless = Lease(study: winner.study, trial: winner.trial, attempt: open.attempt)
        cancelAtWorker([needless])
        record(
            .attemptEnded(
                lease: needless, outcome: .superseded,
                detail: "attempt \(winner.attempt) came in first"))
        forget(needless)
    }

    /// Tells the workers that hold these leases to end them.
    mutating func cancelAtWorker(_ leases: [Lease]) {
        var held: OrderedDictionary<SessionID, [Lease]> = [:]
        for lease in leases {
            if let session = holders[lease] { held[session, default: []].append(lease) }
        }
        for (session, leases) in held { send(.cancel(leases), to: session) }
    }
}
