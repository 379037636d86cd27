import HPCluster

/// A costly result is on its worker's disk until its trial has ended in the journal.
struct SpoolChecker: Checker {
    static let name = "spool"

    private struct Kept {
        var lease: Lease
        var dataDigest: String
        var engineRevision: String
    }

    /// Results without a verdict, by worker.
    private var kept: [Int: [Kept]] = [:]
    /// Only asked, never iterated.
    private var rejected: Set<Lease> = []
    /// Workers that were quarantined once: their results of that time are not wanted.
    private var distrusted: Set<String> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .spooled(let reports, let worker):
            kept[worker, default: []] += reports.map { report in
                Kept(
                    lease: report.lease, dataDigest: report.dataDigest,
                    engineRevision: report.engineRevision)
            }
            return []
        case .record(.workerOrdered(let worker, _, .quarantined)):
            distrusted.insert(worker)
            return []
        case .received(.verdicts(let verdicts), _):
            for verdict in verdicts where verdict.verdict == .rejected {
                rejected.insert(verdict.lease)
            }
            return []
        case .settled(let leases, let worker):
            let settled = (kept[worker] ?? []).filter { leases.contains($0.lease) }
            kept[worker]?.removeAll { leases.contains($0.lease) }
            return settled.filter { isStillNeeded($0, ledger) }.map {
                "worker \(worker) let go of trial \($0.lease.trial), which has no result"
            }
        case .spool(let leases, let worker):
            return (kept[worker] ?? []).filter { !leases.contains($0.lease) }.map {
                "the result of trial \($0.lease.trial) is gone from the disk of worker \(worker)"
            }
        default: return []
        }
    }

    /// Whether the trial could end by this result.
    private func isStillNeeded(_ kept: Kept, _ ledger: Ledger) -> Bool {
        guard let study = ledger.study(kept.lease.study), !ledger.isTerminal(kept.lease),
            let attempt = ledger.attempt(kept.lease)
        else { return false }
        return !rejected.contains(kept.lease)
            && !distrusted.contains(attempt.worker.id)
            && (study.dataDigest ?? kept.dataDigest) == kept.dataDigest
            && (study.engineRevision ?? kept.engineRevision) == kept.engineRevision
    }
}
