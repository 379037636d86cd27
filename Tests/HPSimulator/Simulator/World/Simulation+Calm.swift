import HPCluster
import HPSearch
import HPServer

/// The last part of the healed phase: one more study, and a worker that dies in the middle of it.
struct Examination {
    var hasBegun = false
    var hasKilled = false
    /// Leases of workers that died since the last second.
    var dead: [Lease] = []

    mutating func note(died leases: [Lease], isCalm: Bool) {
        if isCalm { dead += leases }
    }
}

/// The phase without faults.
extension Simulation {
    /// After faults have stopped, leases of before may take the amnesty to settle, and sessions a
    /// few heartbeats.
    private static let settlingSeconds = 45.0

    var isCalm: Bool {
        isHealed && now.seconds(since: healedAt) > Self.settlingSeconds
    }

    func passSecond() {
        schedule(.second, after: 1)
        if !isHealed {
            let seconds = now.seconds(since: Instant(nanoseconds: 0))
            if seconds >= swarm.safetySeconds || (seconds > 30 && isDone) { heal() }
            return
        }
        guard isCalm else { return }
        if !examination.hasBegun { return examine() }
        observeCalm()
        if !examination.hasKilled { killOne() }
        if isDone { isOver = true }
        if now >= deadline {
            isOver = true
            unfinished = whatIsLeft()
        }
    }

    /// Every fault stops, every process runs, every connection is made anew.
    private func heal() {
        tell("world", "is healed")
        isHealed = true
        healedAt = now
        network.heal()
        storage.isFull = false
        storage.fault = nil
        startCoordinator()
        coordinator.resume(at: now)
        if coordinator.outgoing == nil {
            wakeCoordinator(after: 0)
        } else {
            sendFrames(coordinator.life)
        }
        for index in workers.indices {
            workers[index].spool.isFull = false
            if workers[index].process == nil { startWorker(index) }
            resumeWorker(index, workers[index].life)
            disconnect(index)
            scheduleConnection(index)
        }
        observer.observe(.healed)
    }

    private func examine() {
        examination.hasBegun = true
        var random = SimulationRandom(seed: seed &+ 1, use: .workload)
        let study = SimulatedStudy(
            name: "examination", trialMaximum: 2 * workers.count + 2, swarm: swarm,
            random: &random)
        studies.append(study)
        plan(.submit(content: study.content), after: 0)
    }

    /// A worker dies in the middle of its work and stays away: others take over.
    private func killOne() {
        let busy = workers.indices.filter { workers[$0].process?.bundles.isEmpty == false }
        guard busy.count >= 1, workers.count >= 2 else { return }
        examination.hasKilled = true
        tally[.handovers] += 1
        endWorker(faultRandom.pick(busy), losesPower: false, restartSeconds: 60)
    }

    private func observeCalm() {
        guard let driver = coordinator.driver else { return }
        let held = strays()
        let demands = driver.core.state.studies.filter(\.isHandingOut).map { run in
            let endingTrial = run.endingTrial ?? .max
            return StudyDemand(
                study: run.study.id, dataDigest: run.study.dataDigest,
                engineRevision: run.study.engineRevision,
                waiting: run.waiting.filter {
                    $0 < endingTrial && !held.contains([run.study.id, $0])
                }, endingTrial: endingTrial)
        }
        let calmWorkers = workers.indices.compactMap { index -> Calm.Worker? in
            guard let process = workers[index].process else { return nil }
            return Calm.Worker(
                index: index, identity: identity(index, process.incarnation),
                isBusy: !process.held.isEmpty || !process.bundles.isEmpty
                    || !process.orders.isEmpty,
                dataDigest: workers[index].traits.dataDigest,
                engineRevision: workers[index].traits.engineRevision,
                isSettled: process.session.isConnected
                    && observer.ledger.standing(of: identity(index, 0).id) == .released)
        }
        let dead = examination.dead
        examination.dead = []
        observer.observe(
            .calmSecond(
                Calm(
                    seconds: now.seconds(since: healedAt), workers: calmWorkers, demands: demands,
                    dead: dead)))
    }

    /// Studies and trials that a worker goes on with, though the journal has them waiting.
    private func strays() -> Set<[Int]> {
        var strays: Set<[Int]> = []
        for worker in workers {
            for lease in worker.process?.held ?? [] { strays.insert([lease.study, lease.trial]) }
        }
        return strays
    }

    // MARK: - The end

    /// Whether everything that must end has ended.
    private var isDone: Bool { whatIsLeft().isEmpty }

    private func whatIsLeft() -> [String] {
        var left: [String] = []
        for study in studies
        where !observer.ledger.studies.contains(where: { $0.spec.name == study.spec.name }) {
            left.append("study \(study.spec.name) was not submitted")
        }
        for study in observer.ledger.studies where !study.state.isTerminal {
            let open = study.trials.count { $0.finished == nil }
            left.append(
                "study \(study.spec.name) is \(study.state.rawValue) with \(open) open trials")
        }
        for (index, worker) in workers.enumerated() {
            if !worker.spool.leases.isEmpty {
                left.append("worker \(index) has \(worker.spool.leases.count) results on its disk")
            }
            if let held = worker.process?.held, !held.isEmpty {
                left.append("worker \(index) holds \(held.count) attempts")
            }
        }
        left += checkpoints.rest
        if !coordinator.archive.isEmpty { left.append("the archive has something to do") }
        if !clients.areContent { left.append("a client waits for an answer") }
        if coordinator.driver?.degradation != nil { left.append("the coordinator can't write") }
        return left
    }

    /// A generous bound: every open trial fails as often as it may, one after the other.
    private var deadline: Instant {
        let seconds = studies.map { study in
            let trials = study.spec.stages.map(\.trialCount).reduce(0, +)
            return Double(trials * study.spec.limits.attempts)
                * (study.trainingSeconds.upperBound + 15)
        }.reduce(300, +)
        return healedAt.advanced(bySeconds: Self.settlingSeconds + seconds)
    }
}
