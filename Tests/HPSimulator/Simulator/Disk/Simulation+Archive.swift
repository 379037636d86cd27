import HPCluster

/// The thread of the coordinator that has the folder of checkpoints: slow, and now and then the
/// disk fails. What waits for it goes with the process.
extension Simulation {
    /// Behind what is ordered already.
    func orderOfArchive(_ orders: [CheckpointOrder]) {
        let isIdle = coordinator.archive.isEmpty
        coordinator.archive += orders
        if isIdle { awaitArchive() }
    }

    private func awaitArchive() {
        guard !coordinator.archive.isEmpty else { return }
        let slowestSeconds = isHealed ? 0.001 : swarm.coordinator.slowestArchiveSeconds
        schedule(
            .archiveWorks(life: coordinator.life),
            after: archiveRandom.logUniform(0.0001, slowestSeconds))
    }

    func workArchive(_ life: Int) {
        guard life == coordinator.life, coordinator.driver != nil, !coordinator.archive.isEmpty
        else { return }
        // The process stands still with all its threads.
        if coordinator.isPaused { return schedule(.archiveWorks(life: life), after: 1) }
        let order = coordinator.archive.removeFirst()
        let fails =
            !isHealed && archiveRandom.happens(swarm.coordinator.archiveFailureChance)
        if let report = checkpoints.perform(order, fails: fails) {
            inspect(report)
            coordinator.checkpointReports.append(report)
            if coordinator.outgoing == nil { wakeCoordinator(after: 0) }
        }
        awaitArchive()
    }

    /// What became whole is what a worker has of that epoch.
    private func inspect(_ report: CheckpointReport) {
        switch report {
        case .received(let header, let byteCount, _) where byteCount == header.byteCount:
            tell("archive", "has all of \(describe(header.lease)) as of epoch \(header.epoch)")
            let bytes = checkpoints.bytes(ofTrial: header.lease.trial, study: header.lease.study)
            guard bytes != Self.bytes(of: header) else { return }
            observer.report(
                CheckpointChecker.name,
                "trial \(header.lease.trial) has a checkpoint that nobody sent")
        case .notWritten(let header, let detail, _):
            tally[.archiveFailures] += 1
            tell("archive", "can't write of \(describe(header.lease)): \(detail)")
        case .notGiven(let lease, let detail, _):
            tally[.archiveFailures] += 1
            tell("archive", "can't read of \(describe(lease)): \(detail)")
        case .listed, .received, .given, .removed: break
        }
    }

    /// Whose part it is, or who asked for one.
    func owner(of order: CheckpointOrder) -> SessionOwner? {
        switch order {
        case .write(_, let session), .read(_, _, let session):
            sessions.number(session).map(sessions.owner)
        case .list, .discardUpload, .remove, .removeAll: nil
        }
    }
}
