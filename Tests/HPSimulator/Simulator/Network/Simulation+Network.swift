import HPCluster
import HPServer
import HPWire

/// From one process to another.
extension Simulation {
    // MARK: - Frames at the coordinator's socket

    func open(_ frame: Frame) -> IncomingMail {
        let session = sessions[frame.session]
        let message = try? WireCodec.decodePeerMessage(frame.body)
        tell("coordinator", "hears \(session.party.text): \(message.map(describe) ?? "noise")")
        return IncomingMail(
            frame: IncomingFrame(
                sender: Sender(
                    session: Sessions.name(frame.session), authority: session.authority),
                body: frame.body),
            message: message, owner: sessions.owner(frame.session))
    }

    func open(_ frame: OutgoingFrame) -> OutgoingMail? {
        guard let number = sessions.number(frame.session),
            let message = try? WireCodec.decodeCoordinatorMessage(frame.body)
        else {
            observer.report(DurabilityChecker.name, "a frame left that nobody can read")
            return nil
        }
        return OutgoingMail(frame: frame, message: message, owner: sessions.owner(number))
    }

    /// A frame leaves the coordinator.
    func send(_ mail: OutgoingMail) {
        let session = sessions[mail.owner.session]
        tell("coordinator", "tells \(session.party.text): \(describe(mail.message))")
        let frame = Frame(session: mail.owner.session, body: mail.frame.body, sentAt: now)
        switch session.party {
        case .client: schedule(.frameToClient(frame), after: 0.001)
        case .worker(let index):
            guard session.isOpen else {
                tally[.messagesDropped] += 1
                return
            }
            let arrivals = network.arrivals(of: .toWorker, worker: index, at: now, &tally)
            for arrival in arrivals { queue.schedule(.frameToWorker(frame), at: arrival) }
        }
    }

    // MARK: - Frames at a worker's socket

    /// A frame leaves a worker's process on its connection; without one it is lost.
    func send(_ body: [UInt8], fromWorker index: Int) {
        guard let connection = workers[index].process?.connection else {
            tally[.messagesDropped] += 1
            return
        }
        send(body, fromWorker: index, on: connection)
    }

    func send(_ body: [UInt8], fromWorker index: Int, on connection: Int) {
        let frame = Frame(session: connection, body: body, sentAt: now)
        for arrival in network.arrivals(of: .toCoordinator, worker: index, at: now, &tally) {
            queue.schedule(.frameToCoordinator(frame), at: arrival)
        }
    }

    func arriveAtWorker(_ frame: Frame) {
        guard case .worker(let index) = sessions[frame.session].party,
            workers[index].process?.connection == frame.session,
            !isHealed || frame.sentAt >= healedAt
        else {
            tally[.messagesDropped] += 1
            return
        }
        if workers[index].process?.isPaused == true {
            workers[index].process?.mail.append(.frame(frame.body))
        } else {
            receive([frame.body], at: index)
        }
    }

    // MARK: - Connections

    /// A worker's socket tries again and again, a little later each time.
    func scheduleConnection(_ index: Int) {
        guard workers[index].process != nil else { return }
        let life = workers[index].life
        schedule(.workerConnects(index, life: life), after: workerRandom.uniform(0.05, 2))
    }

    func connectWorker(_ index: Int, _ life: Int) {
        guard workers[index].life == life, let process = workers[index].process,
            process.connection == nil, coordinator.driver != nil
        else { return }
        guard network.isReachable(index) else { return scheduleConnection(index) }
        let connection = sessions.open(
            Sessions.Session(
                party: .worker(index), identity: identity(index, process.incarnation),
                authority: authority(index), coordinatorLife: coordinator.life))
        workers[index].process?.connection = connection
        tell("worker \(index)", "is connected")
        if process.isPaused {
            workers[index].process?.mail.append(.connection)
        } else {
            handle([.connected], at: index)
        }
    }

    /// The connection is gone; what is under way may still arrive.
    func disconnect(_ index: Int) {
        guard let connection = workers[index].process?.connection else { return }
        sessions.close(connection)
        workers[index].process?.connection = nil
    }

    func authority(_ index: Int) -> Authority {
        swarm.isEncrypted ? .worker(key: key(index)) : .local
    }

    /// No key is the beginning of another.
    func key(_ index: Int) -> String { "key-\(100 + index)" }

    /// A process as the coordinator knows it: with keys, the key is a part of the id.
    func identity(_ index: Int, _ incarnation: UInt64) -> WorkerIdentity {
        let traits = workers[index].traits
        return WorkerIdentity(
            id: swarm.isEncrypted ? "\(traits.id).\(key(index))" : traits.id,
            incarnation: incarnation, name: traits.name)
    }
}
