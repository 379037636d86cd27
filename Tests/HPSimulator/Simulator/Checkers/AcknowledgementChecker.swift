import HPCluster

/// What a worker was told is committed is in the journal, then and ever after.
struct AcknowledgementChecker: Checker {
    static let name = "lost-ack"

    /// Every record that was ever durable.
    private var durable: [JournalRecord] = []
    /// Attempts whose own workers reported an end of the trial.
    private var reported: Set<Lease> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .record(let record):
            durable.append(record)
            return []
        case .recovered(let records):
            return records.starts(with: durable)
                ? [] : ["\(durable.count) records were durable, \(records.count) are left"]
        case .handed(let frames, _):
            for frame in frames { note(frame, ledger) }
            return []
        case .received(.verdicts(let verdicts), let worker):
            return verdicts.compactMap { broken($0, ledger) }.map { "worker \(worker): \($0)" }
        default: return []
        }
    }

    private mutating func note(_ frame: HandedFrame, _ ledger: Ledger) {
        guard case .results(let reports) = frame.message else { return }
        for report in reports {
            if case .broke = report.outcome { continue }
            if ledger.attempt(report.lease)?.worker.id == frame.owner.identity?.id {
                reported.insert(report.lease)
            }
        }
    }

    private func broken(_ verdict: LeaseVerdict, _ ledger: Ledger) -> String? {
        let lease = verdict.lease
        guard verdict.verdict == .committed || verdict.verdict == .duplicate else { return nil }
        let place = "trial \(lease.trial) of study \(lease.study)"
        let trial = ledger.trial(lease.study, lease.trial)
        if let finished = trial?.finished, finished.attempt == lease.attempt { return nil }
        // A broken attempt is acknowledged too, and its trial goes on.
        if !reported.contains(lease), ledger.attempt(lease)?.isOpen == false { return nil }
        return "\(place) is \(verdict.verdict.rawValue) for attempt \(lease.attempt), "
            + "the journal has no such result"
    }
}
