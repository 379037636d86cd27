import HPCluster
import HPSearch
import HPWire

/// Workers' processes: the real session in a shell as the real worker's.
extension Simulation {
    func makeWorkers() {
        for index in 0..<swarm.workerCount {
            // The misfits come last, the liars first: a cluster has honest workers if it has two.
            let isMisfit = index > 0 && index >= swarm.workerCount - swarm.misfitCount
            let hasOtherEngine = isMisfit && workerRandom.happens(0.5)
            let word = workerRandom.word()
            let digits = String(word, radix: 16)
            let traits = SimulatedWorker.Traits(
                id: String(repeating: "0", count: 32 - digits.count) + digits,
                name: "host/slot-\(index)",
                slots: workerRandom.integer(in: 1...swarm.slotMaximum),
                dataDigest: isMisfit && !hasOtherEngine ? "other data" : "data",
                engineRevision: hasOtherEngine ? "engine/2" : "engine/1",
                isLiar: index < swarm.liarCount && swarm.workerCount > swarm.liarCount)
            workers.append(SimulatedWorker(traits: traits))
        }
    }

    func startWorker(_ index: Int) {
        guard workers[index].process == nil else { return }
        workers[index].life += 1
        let traits = workers[index].traits
        let offset = workerRandom.uniform(0, 1e6)
        let incarnation = wallNanoseconds()
        do {
            let spooled = try workers[index].spool.reopen()
            let session = WorkerSession(
                identity: WorkerIdentity(
                    id: traits.id, incarnation: incarnation, name: traits.name),
                slots: traits.slots, engineRevision: traits.engineRevision, spooled: spooled,
                limits: Self.workerLimits, at: clock(aheadBy: offset))
            workers[index].process = WorkerProcess(
                session: session, incarnation: incarnation, clockOffsetSeconds: offset)
            tell("worker \(index)", "starts, owes \(spooled.count) results")
        } catch {
            observer.report(SpoolChecker.name, "the spool of worker \(index): \(error)")
            return
        }
        observer.observe(.workerStarted(index, identity(index, incarnation)))
        scheduleConnection(index)
        handle([], at: index)
    }

    /// What a process takes for its number; now and then the clock was set back.
    private func wallNanoseconds() -> UInt64 {
        let stepSeconds = workerRandom.happens(0.05) ? workerRandom.logUniform(1, 3600) : 0
        return UInt64(1_000_000_000_000_000 + now.advanced(bySeconds: -stepSeconds).nanoseconds)
    }

    func receive(_ bodies: [[UInt8]], at index: Int) {
        var events: [WorkerSession.Event] = []
        for body in bodies {
            guard let message = try? WireCodec.decodeCoordinatorMessage(body) else { continue }
            tell("worker \(index)", "hears \(describe(message))")
            observer.observe(.received(message, worker: index))
            count(message)
            events.append(.received(message))
        }
        handle(events, at: index)
    }

    func wakeWorker(_ index: Int, _ life: Int, _ token: Int) {
        guard workers[index].life == life, let process = workers[index].process,
            process.wakeToken == token, !process.isPaused
        else { return }
        handle([], at: index)
    }

    /// One round of a worker's loop.
    func handle(_ events: [WorkerSession.Event], at index: Int) {
        guard let offset = workers[index].process?.clockOffsetSeconds else { return }
        let clock = clock(aheadBy: offset)
        var answers: [WorkerSession.Event] = []
        for event in events + [.clock] {
            if case .finished(let reports) = event { keep(reports, at: index) }
            guard let effects = workers[index].process?.session.handle(event, at: clock) else {
                return
            }
            cancel(effects.cancel, at: index)
            if !effects.start.isEmpty { order(effects.start, at: index) }
            settle(effects.settled, at: index)
            for message in effects.messages {
                tell("worker \(index)", "says \(describe(message))")
                send(WireCodec.encode(message), fromWorker: index)
                dropSpoolEarly(message, at: index)
            }
            answers += moveCheckpoints(effects, at: index)
            if let exit = effects.exit {
                tell("worker \(index)", "leaves: \(exit)")
                return endWorker(index, losesPower: false, restartSeconds: restartSeconds())
            }
        }
        if !answers.isEmpty { return handle(answers, at: index) }
        scheduleWake(index, at: clock)
    }

    private func scheduleWake(_ index: Int, at clock: Instant) {
        guard let deadline = workers[index].process?.session.nextDeadline else { return }
        let token = (workers[index].process?.wakeToken ?? 0) + 1
        workers[index].process?.wakeToken = token
        // As the worker's loop: never earlier than the next millisecond.
        let seconds = max(0.001, deadline.seconds(since: clock))
        schedule(
            .workerWakes(index, life: workers[index].life, token: token), after: seconds)
    }

    // MARK: - The spool

    /// Costly results are on the disk before they are sent.
    private func keep(_ reports: [TrialReport], at index: Int) {
        let costly = reports.filter { report in
            guard case .trained(_, _, _, let result, _) = report.outcome else { return false }
            return result.seconds > 1
        }
        guard !costly.isEmpty else { return }
        let isKept = workers[index].spool.store(
            costly, synchronizes: saboteur.bug != .skipsSpoolSync)
        guard isKept else { return tell("worker \(index)", "has no room for results") }
        tally[.spooledResults] += costly.count
        observer.observe(.spooled(costly, worker: index))
    }

    private func settle(_ leases: [Lease], at index: Int) {
        guard !leases.isEmpty else { return }
        workers[index].spool.remove(leases)
        observer.observe(.settled(leases, worker: index))
        showSpool(index)
    }

    private func dropSpoolEarly(_ message: PeerMessage, at index: Int) {
        guard saboteur.bug == .dropsSpoolEarly, case .results(let reports) = message else { return }
        workers[index].spool.remove(reports.map(\.lease))
        showSpool(index)
    }

    private func showSpool(_ index: Int) {
        observer.observe(.spool(workers[index].spool.leases, worker: index))
    }

    // MARK: - The end of a process

    /// The process is gone, with its memory; its disk stays.
    func endWorker(_ index: Int, losesPower: Bool, restartSeconds: Double) {
        guard let process = workers[index].process else { return }
        tell("worker \(index)", losesPower ? "loses its power" : "is gone")
        examination.note(
            died: observer.ledger.openLeases(
                ofWorker: identity(index, process.incarnation).id), isCalm: isCalm)
        disconnect(index)
        workers[index].process = nil
        if losesPower {
            tally[.hostPowerLosses] += 1
            tally[.droppedWrites] += workers[index].spool.losePower()
        }
        observer.observe(.workerDied(index))
        showSpool(index)
        schedule(.workerStarts(index), after: restartSeconds)
    }

    func restartSeconds() -> Double {
        isHealed ? workerRandom.uniform(1, 3) : workerRandom.logUniform(0.5, 120)
    }

    func resumeWorker(_ index: Int, _ life: Int) {
        guard workers[index].life == life, workers[index].process?.isPaused == true else { return }
        tell("worker \(index)", "runs again")
        workers[index].process?.isPaused = false
        let mail = workers[index].process?.mail ?? []
        workers[index].process?.mail = []
        var bodies: [[UInt8]] = []
        for item in mail {
            switch item {
            case .connection: handle([.connected], at: index)
            case .frame(let body): bodies.append(body)
            case .memberEnd(let bundle, let member):
                schedule(
                    .memberEnds(index, life: life, bundle: bundle, member: member), after: 0.001)
            }
        }
        receive(bodies, at: index)
    }
}
