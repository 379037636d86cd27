import HPCluster
import HPSearch
import HPWire

/// Faults of each class come again and again, at random, until the healed phase.
extension Simulation {
    func scheduleFault(_ kind: FaultKind) {
        guard let mean = meanSeconds(kind) else { return }
        schedule(.fault(kind), after: faultRandom.wait(meanSeconds: mean))
    }

    private func meanSeconds(_ kind: FaultKind) -> Double? {
        switch kind {
        case .coordinatorCrash: swarm.coordinator.crashMeanSeconds
        case .coordinatorPause: swarm.coordinator.pauseMeanSeconds
        case .fullDisk: swarm.coordinator.fullMeanSeconds
        case .reset: swarm.network.resetMeanSeconds
        case .partition: swarm.network.partitionMeanSeconds
        case .clog: swarm.network.clogMeanSeconds
        case .workerCrash: swarm.workers.crashMeanSeconds
        case .workerPause: swarm.workers.pauseMeanSeconds
        case .workerTermination: swarm.workers.terminationMeanSeconds
        case .herd: swarm.workers.herdMeanSeconds
        case .fullSpool: swarm.workers.spoolFullMeanSeconds
        case .lie: workers.contains { $0.traits.isLiar } ? swarm.lieMeanSeconds : nil
        case .operatorWhim: swarm.operatorMeanSeconds
        }
    }

    func commit(_ kind: FaultKind) {
        guard !isHealed else { return }
        scheduleFault(kind)
        let index = faultRandom.next(below: workers.count)
        switch kind {
        case .coordinatorCrash:
            guard coordinator.driver != nil else { return }
            crashCoordinator(losesPower: faultRandom.happens(swarm.coordinator.powerLossShare))
        case .coordinatorPause: pauseCoordinator()
        case .fullDisk: fillDisk()
        case .reset: reset(index)
        case .partition: cutOff(index)
        case .clog:
            tally[.clogs] += 1
            tell("network", "holds what is sent to and from worker \(index)")
            network.clog(
                index, until: now.advanced(bySeconds: faultRandom.logUniform(0.5, 60)))
        case .workerCrash: crash(index)
        case .workerPause: pause(index)
        case .workerTermination: terminate(index)
        case .herd: restartHerd()
        case .fullSpool:
            tally[.spoolFullWindows] += 1
            workers[index].spool.isFull = true
            schedule(.spoolHasRoom(index), after: faultRandom.logUniform(1, 120))
        case .lie: lie()
        case .operatorWhim: followWhim()
        }
    }

    // MARK: - The coordinator

    private func pauseCoordinator() {
        guard coordinator.driver != nil, !coordinator.isPaused else { return }
        tally[.coordinatorPauses] += 1
        let seconds = faultRandom.logUniform(1, min(7200, 4 * swarm.safetySeconds))
        tell("coordinator", "stands still for \(seconds) s")
        coordinator.pause(clockStandsStill: faultRandom.happens(0.3), at: now)
        schedule(.coordinatorResumes(life: coordinator.life), after: seconds)
    }

    private func fillDisk() {
        guard !storage.isFull else { return }
        tally[.fullWindows] += 1
        tell("disk", "is full")
        storage.isFull = true
        schedule(.diskHasRoom, after: faultRandom.logUniform(0.5, 120))
    }

    // MARK: - The network

    private func reset(_ index: Int) {
        guard workers[index].process?.connection != nil else { return }
        tally[.connectionResets] += 1
        tell("network", "resets the connection of worker \(index)")
        disconnect(index)
        scheduleConnection(index)
    }

    private func cutOff(_ index: Int) {
        tally[.partitions] += 1
        let direction = faultRandom.next(below: 3)
        tell("network", "cuts off worker \(index)")
        let seconds = faultRandom.logUniform(1, 120)
        // Now and then a whole rack.
        let last = faultRandom.happens(0.2) ? min(workers.count, index + 8) : index + 1
        for worker in index..<last {
            network.block(worker, toCoordinator: direction != 1, toWorker: direction != 2)
            schedule(.linkHeals(worker), after: seconds)
        }
    }

    // MARK: - Workers

    private func crash(_ index: Int) {
        guard workers[index].process != nil else { return }
        tally[.workerCrashes] += 1
        endWorker(
            index, losesPower: faultRandom.happens(swarm.workers.powerLossShare),
            restartSeconds: restartSeconds())
    }

    private func pause(_ index: Int) {
        guard workers[index].process?.isPaused == false else { return }
        tally[.workerPauses] += 1
        let seconds = faultRandom.logUniform(1, min(7200, 4 * swarm.safetySeconds))
        tell("worker \(index)", "stands still for \(seconds) s")
        workers[index].process?.isPaused = true
        schedule(.workerResumes(index, life: workers[index].life), after: seconds)
    }

    private func terminate(_ index: Int) {
        guard workers[index].process?.isPaused == false else { return }
        tally[.workerTerminations] += 1
        tell("worker \(index)", "is asked to leave")
        handle([.shutdown], at: index)
    }

    private func restartHerd() {
        tally[.herdRestarts] += 1
        for index in workers.indices where workers[index].process != nil {
            endWorker(
                index, losesPower: false, restartSeconds: faultRandom.uniform(0.5, 3))
        }
    }
}
