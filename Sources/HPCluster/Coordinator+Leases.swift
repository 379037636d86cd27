import HPSearch
import OrderedCollections

/// How attempts end without a result, and what that costs their trials.
extension Coordinator {
    /// The session's worker runs this bundle.
    mutating func hold(_ bundle: Peer.Bundle, by session: SessionID) {
        for lease in bundle.leases { holders[lease] = session }
        peers[session]?.bundles.append(bundle)
    }

    /// No session holds this lease any more.
    mutating func forget(_ lease: Lease) {
        guard let session = holders.removeValue(forKey: lease) else { return }
        peers[session]?.forget(lease)
    }

    /// Whether leases are open whose workers have not come back since the restart.
    var hasOrphans: Bool {
        // Every lease that is held is open.
        state.studies.map(\.open.count).reduce(0, +) > holders.count
    }

    mutating func expireAmnesty(at now: Instant) {
        guard now >= amnestyUntil, hasOrphans else { return }
        for run in state.studies {
            for (lease, _) in run.openLeases where holders[lease] == nil {
                end(lease, .lost, "the worker did not come back after the coordinator's restart")
            }
        }
    }

    /// Ends an open attempt without a result: the trial waits again, or fails for good.
    mutating func end(_ lease: Lease, _ outcome: AttemptOutcome, _ detail: String) {
        guard let open = state.study(lease.study)?.open[lease.trial],
            open.attempt == lease.attempt
        else { return }
        record(.attemptEnded(lease: lease, outcome: outcome, detail: detail))
        if open.isCharged(with: outcome) { dropWhatWasGiven(to: lease) }
        forget(lease)
        mayAssign = true
        failIfUsedUp(lease, outcome, detail)
        cancelIfStopping(lease)
        advance(lease.study)
    }

    /// A study that stops hands out nothing more: a trial that would wait again would wait for
    /// ever.
    private mutating func cancelIfStopping(_ lease: Lease) {
        guard let run = state.study(lease.study), run.study.state == .stopping,
            run.trial(lease.trial)?.state == .waiting
        else { return }
        cancelTrials([lease.trial], of: lease.study, reason: "stopped")
    }

    private mutating func failIfUsedUp(
        _ lease: Lease, _ outcome: AttemptOutcome, _ detail: String
    ) {
        guard let attempts = usedUpAttempts(of: lease) else { return }
        let reason =
            switch outcome {
            case .outOfMemory: "oom"
            case .timeout: "timeout"
            case .crashed: "crashed"
            case .ok, .lost, .preempted, .superseded: "poison"
            }
        record(
            .trialFinished(
                FinishedTrial(
                    study: lease.study, trial: lease.trial, attempt: lease.attempt, state: .fail,
                    reason: reason,
                    detail: "\(attempts) attempts failed; the last: \(detail)", result: nil,
                    worker: "")))
    }

    /// How many attempts the trial had, when that was all it may have.
    private func usedUpAttempts(of lease: Lease) -> Int? {
        guard let run = state.study(lease.study) else { return nil }
        let attempts = run.study.spec.limits.attempts
        return run.charges[lease.trial, default: 0] >= attempts ? attempts : nil
    }
}
