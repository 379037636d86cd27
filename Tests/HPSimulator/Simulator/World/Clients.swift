import HPCluster
import HPSearch
import HPWire

/// People at their terminals: each command is given until it is answered.
struct Clients {
    struct Command {
        var command: ClientRequest.Command
        var isAnswered = false
    }

    /// The request's id is the place in here.
    var commands: [Command] = []
    /// The connection to each coordinator process, and which process that was.
    var session: (number: Int, coordinatorLife: Int)?

    /// Whether nobody waits for an answer.
    var areContent: Bool { commands.allSatisfy(\.isAnswered) }
}

extension Simulation {
    func planCommands() {
        for (index, study) in studies.enumerated() {
            let seconds =
                index == 0 ? 1 : operatorRandom.uniform(0, swarm.safetySeconds / 2)
            plan(.submit(content: study.content), after: seconds)
            // The same content again attaches.
            while operatorRandom.happens(0.3) {
                plan(
                    .submit(content: study.content),
                    after: operatorRandom.uniform(0, swarm.safetySeconds))
            }
        }
    }

    func plan(_ command: ClientRequest.Command, after seconds: Double) {
        clients.commands.append(Clients.Command(command: command))
        schedule(.commandIsDue(clients.commands.count - 1), after: seconds)
    }

    func giveCommand(_ index: Int) {
        guard !clients.commands[index].isAnswered else { return }
        schedule(.commandIsDue(index), after: isHealed ? 2 : operatorRandom.uniform(2, 10))
        guard coordinator.driver != nil else { return }
        let command = clients.commands[index].command
        tell("client", "asks: \(describe(.request(ClientRequest(id: 0, command: command))))")
        let request = ClientRequest(id: UInt64(index), command: command)
        let frame = Frame(
            session: clientSession(), body: WireCodec.encode(.request(request)), sentAt: now)
        schedule(.frameToCoordinator(frame), after: operatorRandom.uniform(0.001, 0.01))
    }

    private func clientSession() -> Int {
        if let session = clients.session, session.coordinatorLife == coordinator.life {
            return session.number
        }
        let number = sessions.open(
            Sessions.Session(
                party: .client, identity: nil,
                authority: swarm.isEncrypted ? .admin(key: "admin") : .local,
                coordinatorLife: coordinator.life))
        clients.session = (number, coordinator.life)
        return number
    }

    func arriveAtClient(_ frame: Frame) {
        guard case .reply(let reply) = try? WireCodec.decodeCoordinatorMessage(frame.body),
            clients.commands.indices.contains(Int(reply.id))
        else { return }
        // A coordinator that can't write says so with 1: ask again later.
        if case .error(exitCode: 1, _) = reply.body { return }
        if !clients.commands[Int(reply.id)].isAnswered { tally[.operatorCommands] += 1 }
        clients.commands[Int(reply.id)].isAnswered = true
    }

    /// An operator does what operators do, whenever.
    func followWhim() {
        let study = operatorRandom.pick(studies)
        let name = study.spec.name
        switch operatorRandom.next(below: swarm.endsStudies ? 12 : 8) {
        case 0, 1:
            plan(.pause(study: name), after: 0)
            plan(.resume(study: name), after: operatorRandom.logUniform(0.1, 60))
        case 2: plan(.acceptNarrowing(study: name), after: 0)
        case 3: plan(.submit(content: study.content), after: 0)
        case 4:
            // Another content under the name of a study that is there is refused.
            guard observer.ledger.studies.contains(where: { $0.spec.name == name }) else { return }
            var other = study.spec
            other.seed += 1
            plan(.submit(content: other.content), after: 0)
        case 5, 6, 7: orderWorker()
        case 8, 9: plan(.stop(study: name), after: 0)
        default: plan(.cancel(study: name), after: 0)
        }
    }

    private func orderWorker() {
        let worker = name(operatorRandom.pick(Array(workers.indices)))
        let standing = operatorRandom.pick([WorkerStanding.draining, .quarantined])
        plan(.order(worker: worker, standing), after: 0)
        plan(.order(worker: worker, .released), after: operatorRandom.logUniform(1, 120))
    }

    /// A worker's id as operators see it.
    private func name(_ index: Int) -> String { identity(index, 0).id }

    /// Looks after studies that wait for somebody.
    func attend() {
        schedule(.attendantLooks, after: isHealed ? 10 : operatorRandom.uniform(20, 60))
        for study in observer.ledger.studies where study.state == .paused {
            if study.reason == "confirm" {
                plan(.acceptNarrowing(study: study.spec.name), after: 0)
            } else if isHealed {
                plan(.resume(study: study.spec.name), after: 0)
            }
        }
        for index in workers.indices
        where isHealed && observer.ledger.standing(of: name(index)) != .released {
            plan(.order(worker: name(index), .released), after: 0)
        }
    }
}
