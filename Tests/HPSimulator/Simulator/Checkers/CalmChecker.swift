import HPCluster
import HPSearch

/// Without faults no worker idles while work waits, and the trials of a dead worker run elsewhere
/// within ten seconds.
struct CalmChecker: Checker {
    static let name = "idle"

    private struct Orphan {
        var lease: Lease
        var since: Double
    }

    /// Seconds of patience: a lost worker's trials run elsewhere by then.
    static let patienceSeconds = 10.0
    /// Seconds are looked at one by one, and messages take some time.
    private static let toleranceSeconds = 1.0

    private static let freeSeconds = 2.0

    private var orphans: [Orphan] = []
    /// Since when each worker idles though it could work.
    private var idleSince: [Int: Double] = [:]

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .healed:
            idleSince = [:]
            return []
        case .calmSecond(let calm):
            orphans += calm.dead.map { Orphan(lease: $0, since: calm.seconds) }
            return idle(calm) + stranded(calm, ledger)
        default: return []
        }
    }

    private mutating func idle(_ calm: Calm) -> [String] {
        var problems: [String] = []
        for worker in calm.workers {
            guard worker.isSettled, !worker.isBusy,
                calm.demands.contains(where: { !$0.waiting.isEmpty && canRun($0, worker) })
            else {
                idleSince[worker.index] = nil
                continue
            }
            let since = idleSince[worker.index] ?? calm.seconds
            idleSince[worker.index] = since
            if calm.seconds - since > Self.patienceSeconds + Self.toleranceSeconds {
                problems.append(
                    "worker \(worker.index) has idled for \(calm.seconds - since) s, work waits")
            }
        }
        return problems
    }

    /// Free for more than the moment between two trials.
    private func isFree(_ worker: Calm.Worker, _ calm: Calm) -> Bool {
        idleSince[worker.index].map { calm.seconds - $0 >= Self.freeSeconds } ?? false
    }

    private func canRun(_ demand: StudyDemand, _ worker: Calm.Worker) -> Bool {
        (demand.dataDigest ?? worker.dataDigest) == worker.dataDigest
            && (demand.engineRevision ?? worker.engineRevision) == worker.engineRevision
    }

    private mutating func stranded(_ calm: Calm, _ ledger: Ledger) -> [String] {
        orphans.removeAll { orphan in
            guard let trial = ledger.trial(orphan.lease.study, orphan.lease.trial) else {
                return true
            }
            return ledger.isTerminal(orphan.lease) || trial.attempts.count > orphan.lease.attempt
        }
        let late = orphans.filter {
            calm.seconds - $0.since > Self.patienceSeconds + Self.toleranceSeconds
        }
        return late.compactMap { orphan in
            guard let demand = calm.demands.first(where: { $0.study == orphan.lease.study }),
                orphan.lease.trial < demand.endingTrial,
                calm.workers.contains(where: { isFree($0, calm) && canRun(demand, $0) })
            else { return nil }
            return "trial \(orphan.lease.trial) of a dead worker still waits after "
                + "\(calm.seconds - orphan.since) s, a worker is free"
        }
    }
}
