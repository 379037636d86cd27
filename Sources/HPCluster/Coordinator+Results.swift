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
        guard let run = state.study(lease.study), let trial = run.trial(lease.trial),
            run.study.contentDigest == report.studyDigest, lease.attempt >= 1,
            lease.attempt <= trial.attempts
        else {
            return LeaseVerdict(
                lease: lease, verdict: .rejected,
                detail: "this coordinator never handed out that attempt")
        }
        if trial.state.isTerminal { return settledVerdict(lease, run, trial) }
        if let refusal = refusal(of: lease, run, session) {
            return LeaseVerdict(lease: lease, verdict: .rejected, detail: refusal)
        }
        if let mismatch = mismatch(report, run.study) {
            end(lease, .preempted, mismatch)
            decline(lease.study, .init(code: "data-differs", detail: mismatch), by: session)
            return LeaseVerdict(lease: lease, verdict: .rejected, detail: mismatch)
        }
        switch report.outcome {
        case .trained(let state, let reason, let detail, let result, let curve):
            guard isUsable(state, result, run.study.spec.objective) else {
                return broken(lease, .crashed, "the worker sent a result without a usable value")
            }
            pin(report, run.study)
            finish(report, session, state, reason, detail, result)
            effects.curves.append(
                CurveRecord(
                    study: lease.study, trial: lease.trial, attempt: lease.attempt, points: curve))
            return LeaseVerdict(lease: lease, verdict: .committed)
        case .failed(let reason, let detail):
            finish(report, session, .fail, reason, detail, nil)
            return LeaseVerdict(lease: lease, verdict: .committed)
        case .broke(let outcome, let detail):
            return broken(lease, outcome, detail)
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

    private func settledVerdict(
        _ lease: Lease, _ run: StudyRun, _ trial: Trial
    ) -> LeaseVerdict {
        if trial.state == .canceled { return LeaseVerdict(lease: lease, verdict: .canceled) }
        let isWinner = run.winningAttempt(of: lease.trial) == lease.attempt
        return LeaseVerdict(lease: lease, verdict: isWinner ? .duplicate : .superseded)
    }

    private func mismatch(_ report: TrialReport, _ study: Study) -> String? {
        if case .trained = report.outcome {} else { return nil }
        if let pinned = study.dataDigest, pinned != report.dataDigest {
            return """
                the worker's data has SHA-256 \(report.dataDigest.prefix(12))..., the study was \
                begun on \(pinned.prefix(12))...: give every worker the same files
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
                && result.value == objective.best(of: result.objectiveCurve)
                && result.standardError?.isFinite ?? true
        case .diverged: result.value == nil
        case .waiting, .running, .pruned, .fail, .canceled: false
        }
    }

    private mutating func broken(
        _ lease: Lease, _ outcome: AttemptOutcome, _ detail: String
    ) -> LeaseVerdict {
        end(lease, outcome, detail)
        return LeaseVerdict(lease: lease, verdict: .committed, detail: detail)
    }

    private mutating func pin(_ report: TrialReport, _ study: Study) {
        guard study.dataDigest == nil else { return }
        record(
            .studyPinned(
                study: study.id, dataDigest: report.dataDigest,
                engineRevision: report.engineRevision))
    }

    private mutating func finish(
        _ report: TrialReport, _ session: SessionID, _ trialState: Trial.State, _ reason: String,
        _ detail: String, _ result: TrialResult?
    ) {
        let lease = report.lease
        supersedeOpenAttempt(of: lease)
        record(
            .trialFinished(
                FinishedTrial(
                    study: lease.study, trial: lease.trial, attempt: lease.attempt,
                    state: trialState, reason: reason, detail: detail, result: result,
                    worker: peers[session]?.worker.name ?? "")))
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
