import HPCluster
import HPSearch

/// Nothing enters the journal but what the worker said that the attempt was issued to.
struct FencingChecker: Checker {
    static let name = "fencing"

    private struct Said {
        var worker: String
        var outcome: TrialReport.Outcome
    }

    /// Only asked, never iterated.
    private var said: [Lease: [Said]] = [:]

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .handed(let frames, _):
            for frame in frames { note(frame) }
            return []
        case .record(.trialFinished(let finished)): return unfounded(finished, ledger)
        case .record(.attemptEnded(let lease, let outcome, _)):
            return unfounded(lease, outcome, ledger)
        default: return []
        }
    }

    private mutating func note(_ frame: HandedFrame) {
        guard case .results(let reports) = frame.message, let worker = frame.owner.identity?.id
        else { return }
        for report in reports {
            said[report.lease, default: []].append(
                Said(worker: worker, outcome: report.outcome))
        }
    }

    private func unfounded(_ finished: FinishedTrial, _ ledger: Ledger) -> [String] {
        let lease = Lease(
            study: finished.study, trial: finished.trial, attempt: finished.attempt)
        if finished.state == .canceled && finished.result == nil { return [] }
        guard let attempt = ledger.attempt(lease) else {
            return ["trial \(lease.trial) ended by attempt \(lease.attempt), never begun"]
        }
        let isFounded = (said[lease] ?? []).contains { said in
            guard said.worker == attempt.worker.id else { return false }
            switch said.outcome {
            case .trained(let state, let reason, _, let result, _):
                return state == finished.state && reason == finished.reason
                    && result == finished.result
            case .failed(let reason, _):
                return finished.state == .fail && reason == finished.reason
            case .broke: return false
            }
        }
        // A conviction is founded on failures that are counted elsewhere.
        if isFounded || (finished.state == .fail && attempt.outcome != nil) { return [] }
        return [
            "trial \(lease.trial) is \(finished.state.rawValue), which \(attempt.worker.name) "
                + "never reported for attempt \(lease.attempt)"
        ]
    }

    private func unfounded(
        _ lease: Lease, _ outcome: AttemptOutcome, _ ledger: Ledger
    ) -> [String] {
        guard let attempt = ledger.attempt(lease) else {
            return ["attempt \(lease.attempt) of trial \(lease.trial) ended and never began"]
        }
        guard [.crashed, .outOfMemory, .timeout].contains(outcome) else { return [] }
        let isFounded = (said[lease] ?? []).contains { $0.worker == attempt.worker.id }
        return isFounded
            ? []
            : [
                "attempt \(lease.attempt) of trial \(lease.trial) is \(outcome.rawValue), which "
                    + "\(attempt.worker.name) never reported"
            ]
    }
}
