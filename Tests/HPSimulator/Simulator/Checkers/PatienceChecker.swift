import HPCluster

/// A worker is given up only when it was silent for as long as the protocol says, on a clock that
/// stands still while the coordinator does; after a restart all workers have an amnesty.
struct PatienceChecker: Checker {
    static let name = "patience"

    /// What the protocol promises.
    private let limits = ClusterLimits()
    /// Seconds for which a coordinator process was awake; a turn that comes late is no evidence.
    private var awakeSeconds = 0.0
    private var lastTurn: Instant?
    private var startedAt = 0.0
    /// When each worker was last heard, and the newest process that said hello.
    private var heardAt: [String: Double] = [:]
    private var newest: [String: UInt64] = [:]
    private var starts: [WorkerIdentity] = []

    /// Rounding, and a turn that just missed a deadline.
    private static let toleranceSeconds = 0.01

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .coordinatorStarted(let now):
            lastTurn = now
            startedAt = awakeSeconds
            heardAt = [:]
            newest = [:]
            return []
        case .workerStarted(_, let identity):
            starts.append(identity)
            return []
        case .handed(let frames, let now):
            pass(to: now)
            for frame in frames { note(frame) }
            return []
        case .record(.attemptEnded(let lease, .lost, let detail)):
            return impatience(lease, detail, ledger).map { [$0] } ?? []
        default: return []
        }
    }

    private mutating func pass(to now: Instant) {
        let gap = lastTurn.map { now.seconds(since: $0) } ?? 0
        lastTurn = now
        if gap <= limits.suspensionSeconds { awakeSeconds += gap }
    }

    private mutating func note(_ frame: HandedFrame) {
        guard let identity = frame.owner.identity, let message = frame.message else { return }
        if case .hello = message { newest[identity.id] = newer(identity) }
        if newest[identity.id] == identity.incarnation { heardAt[identity.id] = awakeSeconds }
    }

    /// The newer of the process that says hello and the one that is known.
    private func newer(_ identity: WorkerIdentity) -> UInt64 {
        guard let known = newest[identity.id] else { return identity.incarnation }
        let order = starts.filter { $0.id == identity.id }.map(\.incarnation)
        let isOlder =
            (order.firstIndex(of: identity.incarnation) ?? 0) < (order.firstIndex(of: known) ?? 0)
        return isOlder ? known : identity.incarnation
    }

    private func impatience(_ lease: Lease, _ detail: String, _ ledger: Ledger) -> String? {
        guard let attempt = ledger.attempt(lease) else { return nil }
        let worker = attempt.worker
        if let known = newest[worker.id], known != worker.incarnation { return nil }
        let patience =
            heardAt[worker.id] == nil
            ? limits.amnestySeconds
            : limits.silenceSeconds(heartbeatSeconds: limits.heartbeatSeconds)
        let silence = awakeSeconds - (heardAt[worker.id] ?? startedAt)
        if silence >= patience - Self.toleranceSeconds { return nil }
        return "trial \(lease.trial) was taken from \(worker.name) after \(silence) s of "
            + "\(patience) s (\(detail))"
    }
}
