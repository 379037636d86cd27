import HPCluster
import HPSearch
import HPServer
import HPWire

/// Commits a bug, if there is one: on the way to the disk, to the workers or from them.
///
/// The product's code has no branch for it. What is altered is only what passes between its parts.
final class Saboteur {
    let bug: KnownBug?
    /// Records that were acknowledged and not committed.
    private var heldBack: [JournalRecord] = []
    /// The last session of each worker.
    private var lastSession: [String: Sender] = [:]
    var lastAssignment: OutgoingMail?
    var lastParameters: [ParameterValue] = []

    init(bug: KnownBug?) {
        self.bug = bug
    }

    /// A coordinator process ended: what only it knew is gone.
    func forget() {
        heldBack = []
    }

    // MARK: - On the way to the disk

    /// The transactions in which a transaction's records are committed.
    func transactions(of records: [JournalRecord]) -> [[JournalRecord]] {
        switch bug {
        case .acknowledgesBeforeCommit:
            defer { heldBack = records }
            return heldBack.isEmpty ? [] : [heldBack]
        case .changesRecord: return [records.map(changed)]
        case .dropsRecord:
            guard let place = records.firstIndex(where: isAttemptEnd) else { return [records] }
            var records = records
            records.remove(at: place)
            return records.isEmpty ? [] : [records]
        case .splitsTransaction: return split(records)
        case .reusesAttempt: return [records.map(reused)]
        case .commitsTwice: return [records.flatMap(doubled)]
        case .breaksBarrier: return [early(records)]
        case .convictsBundles: return [records.map(alone)]
        default: return [records]
        }
    }

    /// Whether a failure of the disk is taken for success.
    func hides(_ failure: DiskFailure) -> Bool { bug == .hidesFullDisk && failure == .full }

    private func changed(_ record: JournalRecord) -> JournalRecord {
        guard case .trialFinished(var finished) = record, let value = finished.result?.value else {
            return record
        }
        finished.result?.value = value.nextUp
        return .trialFinished(finished)
    }

    private func isAttemptEnd(_ record: JournalRecord) -> Bool {
        if case .attemptEnded = record { true } else { false }
    }

    private func split(_ records: [JournalRecord]) -> [[JournalRecord]] {
        records.reduce(into: [[]]) { transactions, record in
            transactions[transactions.count - 1].append(record)
            if isAttemptEnd(record) { transactions.append([]) }
        }.filter { !$0.isEmpty }
    }

    private func reused(_ record: JournalRecord) -> JournalRecord {
        guard case .attemptLeased(var lease, let worker, let alone) = record, lease.attempt > 1
        else { return record }
        lease.attempt -= 1
        return .attemptLeased(lease: lease, worker: worker, alone: alone)
    }

    private func doubled(_ record: JournalRecord) -> [JournalRecord] {
        if case .trialFinished = record { [record, record] } else { [record] }
    }

    /// The next stage's records before those that end the stage before.
    private func early(_ records: [JournalRecord]) -> [JournalRecord] {
        guard
            let start = records.firstIndex(where: { record in
                if case .stageBegan(_, let stage) = record { stage.index > 0 } else { false }
            })
        else { return records }
        return Array(records[start...]) + Array(records[..<start])
    }

    private func alone(_ record: JournalRecord) -> JournalRecord {
        guard case .attemptLeased(let lease, let worker, _) = record else { return record }
        return .attemptLeased(lease: lease, worker: worker, alone: true)
    }

    // MARK: - In the coordinator

    /// The limits that the coordinator runs with.
    var limits: ClusterLimits {
        // Checkpoints go back in several parts, too.
        let checkpoints = Simulation.checkpointLimits
        return switch bug {
        case .grantsNoAmnesty: ClusterLimits(amnestySeconds: 0, checkpoints: checkpoints)
        case .keepsTheLost: ClusterLimits(missedHeartbeats: 1_000_000, checkpoints: checkpoints)
        default: ClusterLimits(checkpoints: checkpoints)
        }
    }

    /// What the folder of checkpoints is asked to do.
    func orders(_ orders: [CheckpointOrder]) -> [CheckpointOrder] {
        guard bug == .keepsCheckpoints else { return orders }
        return orders.filter { order in
            if case .remove = order { false } else { true }
        }
    }

    /// Frames as the coordinator gets them.
    func incoming(_ frames: [IncomingMail], _ ledger: Ledger) -> [IncomingMail] {
        switch bug {
        case .dropsLateResults: frames.map { withoutLateResults($0, ledger) }
        case .trustsAnybody: frames.map { asTheHolder($0, ledger) }
        case .takesCheckpoints: frames.map { asTheHoldersPart($0, ledger) }
        case .ignoresRoles: frames.map(asAnybody)
        default: frames
        }
    }

    private func withoutLateResults(_ mail: IncomingMail, _ ledger: Ledger) -> IncomingMail {
        guard case .results(let reports) = mail.message else { return mail }
        let kept = reports.filter { ledger.attempt($0.lease)?.outcome != .lost }
        return kept.count == reports.count ? mail : mail.saying(.results(kept))
    }

    /// As if the coordinator didn't ask whose lease it is.
    private func asTheHolder(_ mail: IncomingMail, _ ledger: Ledger) -> IncomingMail {
        guard case .results(let reports) = mail.message, let report = reports.first,
            case .trained(_, _, _, let result, _) = report.outcome,
            result.value?.isFinite == true,
            ledger.study(report.lease.study)?.spec.contentDigest == report.studyDigest
        else { return from(holderOf: nil, mail, ledger) }
        return from(holderOf: report.lease, mail, ledger)
    }

    /// As if the coordinator didn't ask who sends a part of a checkpoint.
    private func asTheHoldersPart(_ mail: IncomingMail, _ ledger: Ledger) -> IncomingMail {
        guard case .checkpointPart(let part) = mail.message else {
            return from(holderOf: nil, mail, ledger)
        }
        return from(holderOf: part.header.lease, mail, ledger)
    }

    /// Mail about another worker's open attempt, as if that worker had sent it; who sent any other
    /// is remembered.
    private func from(
        holderOf lease: Lease?, _ mail: IncomingMail, _ ledger: Ledger
    ) -> IncomingMail {
        guard let lease, let attempt = ledger.attempt(lease), attempt.isOpen,
            attempt.worker.id != mail.owner.identity?.id,
            let session = lastSession[attempt.worker.id]
        else {
            if let id = mail.owner.identity?.id { lastSession[id] = mail.frame.sender }
            return mail
        }
        var mail = mail
        mail.frame.sender = session
        return mail
    }

    private func asAnybody(_ mail: IncomingMail) -> IncomingMail {
        guard case .request = mail.message else { return mail }
        var mail = mail
        mail.frame.sender.authority = .local
        return mail
    }

    // MARK: - In the workers

    /// What a worker makes of a value that it should compute from the trial alone.
    func value(_ value: Double, worker: Int, bundleSize: Int) -> Double {
        switch bug {
        case .trainsByBundle: value + 1e-9 * Double(bundleSize)
        case .trainsByMachine: value + 1e-9 * Double(worker)
        default: value
        }
    }

    // MARK: - In the report

    /// The study as the report sees it.
    func reported(_ study: Study, arrivals: [Int]) -> Study {
        guard bug == .reportsByArrival else { return study }
        var study = study
        for (place, number) in arrivals.sorted().enumerated()
        where study.trials.indices.contains(number - 1) {
            study.trials[number - 1].result?.objectiveCurve.append(Double(arrivals[place]))
        }
        return study
    }
}
