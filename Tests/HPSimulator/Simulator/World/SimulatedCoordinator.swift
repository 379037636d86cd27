import HPCluster
import HPServer

/// The coordinator's process, if one runs, and what waits for it.
struct SimulatedCoordinator {
    /// Counts processes from 1.
    var life = 0
    var driver: CoordinatorDriver<SimulatedJournal>?
    /// Seconds by which the process's clock is ahead of the simulation's.
    var clockOffsetSeconds = 0.0
    var inbox: [Frame] = []
    private(set) var isPaused = false
    /// Since when the process's clock stands still with it, as on a sleeping machine.
    private var clockStandsSince: Instant?
    /// Frames of a turn that wait for its commit; nil between turns.
    var outgoing: [OutgoingMail]?
    var checkpointOrders: [CheckpointOrder] = []
    var checkpointReports: [CheckpointReport] = []
    /// What the archive's thread has yet to do.
    var archive: [CheckpointOrder] = []
    /// Only the wake-up that was scheduled last counts.
    var wakeToken = 0
    var lastTurnAt: Instant?

    /// Frames that wait at most: beyond them peers' messages are lost.
    static let inboxMaximum = 20_000
    /// As the server drains them.
    static let batchMaximum = 4096

    mutating func pause(clockStandsStill: Bool, at now: Instant) {
        isPaused = true
        clockStandsSince = clockStandsStill ? now : nil
    }

    mutating func resume(at now: Instant) {
        if let since = clockStandsSince {
            clockOffsetSeconds -= 0.999 * now.seconds(since: since)
        }
        clockStandsSince = nil
        isPaused = false
    }
}

extension Simulation {
    /// A process takes up what the disk holds.
    func startCoordinator() {
        guard coordinator.driver == nil else { return }
        let life = coordinator.life + 1
        coordinator = SimulatedCoordinator()
        coordinator.life = life
        coordinator.clockOffsetSeconds = faultRandom.uniform(0, 1e6)
        tally[.coordinatorStarts] += 1
        tell("coordinator", "starts, process \(life)")
        do {
            let journal = try SimulatedJournal(storage: storage, saboteur: saboteur)
            observer.observe(.recovered(try storage.records()))
            absorb(takeSynchronized())
            let clock = clock(aheadBy: coordinator.clockOffsetSeconds)
            let driver = try CoordinatorDriver(
                journal: journal, limits: saboteur.limits, at: clock)
            coordinator.driver = driver
            coordinator.lastTurnAt = clock
            // What the former process wrote last becomes durable with the first commit of this.
            absorb(takeSynchronized())
            // On a full disk the epoch, and all that it means, begins when there is room.
            if driver.degradation == nil {
                observer.observe(.coordinatorStarted(at: clock))
                observer.compare(driver.core.state)
            }
        } catch {
            return endCoordinator(because: error)
        }
        for index in workers.indices { scheduleConnection(index) }
        wakeCoordinator(after: 0)
    }

    func wakeCoordinator(after seconds: Double) {
        coordinator.wakeToken += 1
        schedule(.coordinatorWakes(token: coordinator.wakeToken), after: seconds)
    }

    func wakeCoordinator(_ token: Int) {
        guard token == coordinator.wakeToken, coordinator.driver != nil, !coordinator.isPaused,
            coordinator.outgoing == nil
        else { return }
        turn()
    }

    func arriveAtCoordinator(_ frame: Frame) {
        let session = sessions[frame.session]
        if !session.isOpen { tally[.messagesStale] += 1 }
        guard coordinator.driver != nil, session.coordinatorLife == coordinator.life,
            coordinator.inbox.count < SimulatedCoordinator.inboxMaximum,
            !isHealed || frame.sentAt >= healedAt
        else {
            tally[.messagesDropped] += 1
            return
        }
        coordinator.inbox.append(frame)
        if !coordinator.isPaused, coordinator.outgoing == nil { wakeCoordinator(after: 0) }
    }

    // MARK: - A turn

    private func turn() {
        guard var driver = coordinator.driver else { return }
        let clock = clock(aheadBy: coordinator.clockOffsetSeconds)
        let mails = coordinator.inbox.prefix(SimulatedCoordinator.batchMaximum).map(open)
        coordinator.inbox.removeFirst(mails.count)
        let reports = coordinator.checkpointReports
        coordinator.checkpointReports = []
        planCommitFault()
        // The only copy: the state is changed in place.
        coordinator.driver = nil
        let result = Result {
            try ignoreGap(&driver, until: clock)
            return try driver.turn(
                saboteur.incoming(mails, observer.ledger).map(\.frame), checkpoints: reports,
                at: clock)
        }
        coordinator.driver = driver
        coordinator.lastTurnAt = clock
        let transactions = takeSynchronized()
        // A disk that has room again begins an epoch, after what a former process wrote last.
        let epochCount = transactions.lastIndex(where: beginsEpoch).map { $0 + 1 } ?? 0
        absorb(transactions[..<epochCount])
        if epochCount > 0 { observer.observe(.coordinatorStarted(at: clock)) }
        observer.observe(.handed(mails.map(\.handed), at: clock))
        absorb(transactions[epochCount...])
        switch result {
        case .success(let turn):
            conclude(turn, driver, hasCommitted: !transactions.isEmpty)
        case .failure(let error): endCoordinator(because: error)
        }
    }

    private func conclude(
        _ turn: Turn, _ driver: CoordinatorDriver<SimulatedJournal>, hasCommitted: Bool
    ) {
        for notice in turn.notices { tell("coordinator", notice.text) }
        // One that can't write knows what it read, some of which may not be synchronized yet.
        if driver.degradation == nil { observer.compare(driver.core.state) }
        let mails = saboteur.outgoing(turn.frames.compactMap(open), observer.ledger)
        for mail in mails { observer.observe(.sent(mail.message, to: mail.owner)) }
        for order in turn.checkpoints { observer.observe(.ordered(order, by: owner(of: order))) }
        observer.observe(.turnEnded(isDegraded: driver.degradation != nil))
        coordinator.outgoing = mails
        coordinator.checkpointOrders = turn.checkpoints
        let seconds =
            hasCommitted
            ? faultRandom.logUniform(
                0.001, isHealed ? 0.01 : max(0.002, swarm.coordinator.slowestCommitSeconds))
            : 0.0001
        schedule(.coordinatorSends(life: coordinator.life), after: seconds)
    }

    /// The commit is over: the frames leave, and the loop goes on.
    func sendFrames(_ life: Int) {
        guard life == coordinator.life, !coordinator.isPaused, let driver = coordinator.driver,
            let mails = coordinator.outgoing
        else { return }
        if !isHealed, !mails.isEmpty, faultRandom.happens(swarm.coordinator.crashAtSendChance) {
            let losesPower = faultRandom.happens(swarm.coordinator.powerLossShare)
            return crashCoordinator(losesPower: losesPower)
        }
        coordinator.outgoing = nil
        for mail in mails { send(mail) }
        orderOfArchive(saboteur.orders(coordinator.checkpointOrders))
        coordinator.checkpointOrders = []
        guard coordinator.inbox.isEmpty, coordinator.checkpointReports.isEmpty else {
            return wakeCoordinator(after: 0)
        }
        let clock = clock(aheadBy: coordinator.clockOffsetSeconds)
        // The loop wakes at least once a second, and not before the next millisecond.
        let seconds = driver.nextDeadline.map { $0.seconds(since: clock) } ?? 1
        wakeCoordinator(after: min(1, max(0.001, seconds)))
    }

    /// As if the loop had counted the time for which it was suspended.
    private func ignoreGap(
        _ driver: inout CoordinatorDriver<SimulatedJournal>, until clock: Instant
    ) throws {
        guard saboteur.bug == .ignoresTickGap, var time = coordinator.lastTurnAt else { return }
        while clock.seconds(since: time) > ClusterLimits().suspensionSeconds {
            time = time.advanced(bySeconds: 2.9)
            _ = try driver.turn([], at: time)
        }
    }

    private func takeSynchronized() -> [[JournalRecord]] {
        do {
            return try storage.takeSynchronized()
        } catch {
            observer.report(ReplayChecker.name, "\(error)")
            return []
        }
    }

    /// Takes in what became durable.
    private func absorb(_ transactions: some Sequence<[JournalRecord]>) {
        for transaction in transactions {
            for record in transaction { tell("journal", describe(record)) }
            observer.observe(transaction: transaction)
            for record in transaction { count(record) }
        }
    }

    private func beginsEpoch(_ transaction: [JournalRecord]) -> Bool {
        if case .coordinatorStarted = transaction.first { true } else { false }
    }

    private func planCommitFault() {
        guard !isHealed, storage.fault == nil else { return }
        if faultRandom.happens(swarm.coordinator.crashAtCommitChance) {
            let losesPower = faultRandom.happens(swarm.coordinator.powerLossShare)
            storage.fault = faultRandom.pick([
                .killedBefore(losesPower: losesPower), .killedWhileWriting(losesPower: losesPower),
                .killedAfter(losesPower: losesPower),
            ])
        } else if faultRandom.happens(swarm.coordinator.inputErrorChance) {
            storage.fault = .inputError
        }
    }

    // MARK: - The end of a process

    private func endCoordinator(because error: any Error) {
        var losesPower = false
        switch error {
        case DiskFailure.killed(let power):
            tally[.crashesAtCommit] += 1
            losesPower = power
        case DiskFailure.failed(let explanation):
            tally[.inputErrors] += 1
            if explanation.contains("refused a record") {
                observer.report(TerminalChecker.name, explanation)
            }
        case DiskFailure.full: break
        case let error as ClusterError: observer.report(ReplayChecker.name, "\(error)")
        default: observer.report(LivenessChecker.name, "the coordinator ended: \(error)")
        }
        tell("coordinator", "ends: \(error)")
        crashCoordinator(losesPower: losesPower)
    }

    /// The process is gone, with its memory; a new one starts a little later.
    func crashCoordinator(losesPower: Bool) {
        if let mails = coordinator.outgoing, !mails.isEmpty {
            // Killed between two sends.
            tally[.crashesAtSend] += 1
            for mail in mails.prefix(faultRandom.next(below: mails.count + 1)) { send(mail) }
        }
        tally[.coordinatorCrashes] += 1
        if losesPower { tally[.coordinatorPowerLosses] += 1 }
        tell("coordinator", losesPower ? "loses its power" : "is gone")
        let life = coordinator.life
        coordinator = SimulatedCoordinator()
        coordinator.life = life
        storage.fault = nil
        storage.crash(losesPower: losesPower, &tally)
        saboteur.forget()
        for index in workers.indices { disconnect(index) }
        schedule(.coordinatorStarts, after: isHealed ? 1 : faultRandom.logUniform(0.3, 120))
    }

    func resumeCoordinator(_ life: Int) {
        guard life == coordinator.life, coordinator.isPaused else { return }
        tell("coordinator", "runs again")
        coordinator.resume(at: now)
        if coordinator.outgoing == nil { wakeCoordinator(after: 0) } else { sendFrames(life) }
    }
}
