import HPCluster

/// What becomes of messages: when they arrive, how often, and whether at all.
struct Network {
    /// A worker's link; the client's is always well.
    private struct Link {
        var blocksToCoordinator = false
        var blocksToWorker = false
        /// Messages are held until then.
        var cloggedUntil = Instant(nanoseconds: 0)
        /// No message of the direction arrives earlier, where messages keep their order.
        var lastToCoordinator = Instant(nanoseconds: 0)
        var lastToWorker = Instant(nanoseconds: 0)
    }

    enum Direction {
        case toCoordinator
        case toWorker
    }

    /// Faults end with the safety phase.
    var faults: Swarm.Network
    private var links: [Link]
    private var random: SimulationRandom

    init(_ swarm: Swarm, seed: UInt64) {
        faults = swarm.network
        links = Array(repeating: Link(), count: swarm.workerCount)
        random = SimulationRandom(seed: seed, use: .network)
    }

    /// When a message that is sent now arrives; empty when it is lost, twice when it is doubled.
    mutating func arrivals(
        of direction: Direction, worker: Int, at now: Instant, _ tally: inout Tally
    ) -> [Instant] {
        tally[.messagesSent] += 1
        if isBlocked(direction, worker) || random.happens(faults.dropChance * looseness) {
            tally[.messagesDropped] += 1
            return []
        }
        var arrivals = [arrival(of: direction, worker: worker, at: now, &tally)]
        if random.happens(faults.duplicateChance * looseness) {
            tally[.messagesDuplicated] += 1
            arrivals.append(arrival(of: direction, worker: worker, at: now, &tally))
        }
        return arrivals
    }

    /// Whether a connection can be made.
    func isReachable(_ worker: Int) -> Bool {
        !links[worker].blocksToCoordinator && !links[worker].blocksToWorker
    }

    mutating func block(_ worker: Int, toCoordinator: Bool, toWorker: Bool) {
        links[worker].blocksToCoordinator = toCoordinator
        links[worker].blocksToWorker = toWorker
    }

    mutating func clog(_ worker: Int, until end: Instant) {
        links[worker].cloggedUntil = end
    }

    /// All is well from now on.
    mutating func heal() {
        faults = Swarm.Network()
        faults.isOrdered = true
        links = Array(repeating: Link(), count: links.count)
    }

    /// Messages of an ordered connection are neither lost nor doubled one by one.
    private var looseness: Double { faults.isOrdered ? 0 : 1 }

    private func isBlocked(_ direction: Direction, _ worker: Int) -> Bool {
        switch direction {
        case .toCoordinator: links[worker].blocksToCoordinator
        case .toWorker: links[worker].blocksToWorker
        }
    }

    private mutating func arrival(
        of direction: Direction, worker: Int, at now: Instant, _ tally: inout Tally
    ) -> Instant {
        var delaySeconds = random.logUniform(0.0002, 0.005)
        if random.happens(faults.slowChance) {
            tally[.messagesDelayed] += 1
            delaySeconds = random.logUniform(0.001, max(0.002, faults.slowestSeconds))
        }
        let start = max(now, links[worker].cloggedUntil)
        var arrival = start.advanced(bySeconds: delaySeconds)
        guard faults.isOrdered else { return arrival }
        switch direction {
        case .toCoordinator:
            arrival = max(arrival, links[worker].lastToCoordinator)
            links[worker].lastToCoordinator = arrival
        case .toWorker:
            arrival = max(arrival, links[worker].lastToWorker)
            links[worker].lastToWorker = arrival
        }
        return arrival
    }
}
