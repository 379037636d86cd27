import HPCluster

/// A costly result is on its worker's disk until its trial has ended in the journal.
struct SpoolChecker: Checker {
    static let name = "spool"

    /// Results without a verdict, by worker.
    private var kept: [Int: [Lease]] = [:]
    /// Only asked, never iterated.
    private var rejected: Set<Lease> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .spooled(let reports, let worker):
            for report in reports where !(kept[worker] ?? []).contains(report.lease) {
                kept[worker, default: []].append(report.lease)
            }
            return []
        case .received(.verdicts(let verdicts), _):
            for verdict in verdicts where verdict.verdict == .rejected {
                rejected.insert(verdict.lease)
            }
            return []
        case .settled(let leases, let worker):
            defer { kept[worker]?.removeAll { leases.contains($0) } }
            return leases.compactMap { lease in
                guard kept[worker]?.contains(lease) == true, !ledger.isTerminal(lease),
                    !rejected.contains(lease)
                else { return nil }
                return "worker \(worker) let go of trial \(lease.trial), which has no result"
            }
        case .spool(let leases, let worker):
            return (kept[worker] ?? []).filter { !leases.contains($0) }.map {
                "the result of trial \($0.trial) is gone from the disk of worker \(worker)"
            }
        default: return []
        }
    }
}
