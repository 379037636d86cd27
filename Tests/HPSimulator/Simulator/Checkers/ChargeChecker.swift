import HPCluster
import HPSearch

/// A trial is convicted by as many counted failures as its spec allows, no fewer and no more, and
/// only by those for which it alone can answer.
struct ChargeChecker: Checker {
    static let name = "charges"

    private struct Loss {
        var lease: Lease
        var worker: WorkerIdentity
        var alone: Bool
    }

    /// Attempts that ended in the transaction, and those of them that were lost.
    private var ended: [Lease] = []
    private var losses: [Loss] = []

    private static let convictions = ["poison", "oom", "timeout", "crashed"]

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .record(.attemptLeased(let lease, _, _)): return usedUp(lease, ledger)
        case .record(.attemptEnded(let lease, let outcome, _)):
            ended.append(lease)
            if outcome == .lost, let attempt = ledger.attempt(lease) {
                losses.append(Loss(lease: lease, worker: attempt.worker, alone: attempt.alone))
            }
            return []
        case .record(.trialFinished(let finished)): return conviction(finished, ledger)
        case .transaction:
            defer {
                ended = []
                losses = []
            }
            return unpunished(ledger) + innocents()
        case .sent(.assign(let assignment), _):
            guard assignment.members.count > 1 else { return [] }
            return assignment.members.filter { ledger.attempt($0.lease)?.alone == true }.map {
                "trial \($0.lease.trial) is said to run alone and was sent in a bundle"
            }
        default: return []
        }
    }

    private func limit(_ study: Int, _ ledger: Ledger) -> Int {
        ledger.study(study)?.spec.limits.attempts ?? 0
    }

    private func usedUp(_ lease: Lease, _ ledger: Ledger) -> [String] {
        guard let trial = ledger.trial(lease.study, lease.trial) else { return [] }
        return trial.charges >= limit(lease.study, ledger)
            ? ["trial \(lease.trial) is handed out after \(trial.charges) counted failures"] : []
    }

    private func conviction(_ finished: FinishedTrial, _ ledger: Ledger) -> [String] {
        guard finished.state == .fail, Self.convictions.contains(finished.reason),
            let trial = ledger.trial(finished.study, finished.trial)
        else { return [] }
        let limit = limit(finished.study, ledger)
        return trial.charges == limit
            ? []
            : [
                "trial \(finished.trial) is FAIL (\(finished.reason)) by \(trial.charges) "
                    + "counted failures of \(limit)"
            ]
    }

    private func unpunished(_ ledger: Ledger) -> [String] {
        ended.compactMap { lease in
            guard let trial = ledger.trial(lease.study, lease.trial), !ledger.isTerminal(lease),
                trial.charges >= limit(lease.study, ledger)
            else { return nil }
            return "trial \(lease.trial) goes on after \(trial.charges) counted failures"
        }
    }

    /// When a process dies nobody knows which of its trials killed it.
    private func innocents() -> [String] {
        losses.filter { loss in
            loss.alone
                && losses.contains { $0.lease != loss.lease && $0.worker == loss.worker }
        }.map {
            "trial \($0.lease.trial) is charged with a loss that it shared with other trials of "
                + $0.worker.name
        }
    }
}
