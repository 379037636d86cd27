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
    /// When each worker was last heard on the session of its latest introduction, and that.
    private var heardAt: [WorkerIdentity: Double] = [:]
    private var newest: [String: Introduction] = [:]

    private struct Introduction {
        var incarnation: UInt64
        var number: Int
        var session: Int
    }

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
        let known = newest[identity.id]
        switch message {
        // Commands of a worker are answered at the door.
        case .request: return
        case .hello(let hello):
            let introduction = Introduction(
                incarnation: identity.incarnation, number: hello.introduction,
                session: frame.owner.session)
            if let known, !isNews(introduction, known, identity) { return }
            newest[identity.id] = introduction
        default: if known?.session != frame.owner.session { return }
        }
        heardAt[identity] = awakeSeconds
    }

    /// A process that is older than one which is there is not heard.
    private func isNews(
        _ introduction: Introduction, _ known: Introduction, _ identity: WorkerIdentity
    ) -> Bool {
        if introduction.incarnation == known.incarnation {
            return introduction.number > known.number
        }
        let other = WorkerIdentity(
            id: identity.id, incarnation: known.incarnation, name: identity.name)
        let silence = awakeSeconds - (heardAt[other] ?? 0)
        return introduction.incarnation > known.incarnation
            || silence >= silenceSeconds - Self.toleranceSeconds
    }

    private var silenceSeconds: Double {
        limits.silenceSeconds(heartbeatSeconds: limits.heartbeatSeconds)
    }

    private func impatience(_ lease: Lease, _ detail: String, _ ledger: Ledger) -> String? {
        guard let attempt = ledger.attempt(lease) else { return nil }
        let worker = attempt.worker
        if let known = newest[worker.id], known.incarnation > worker.incarnation { return nil }
        let patience = heardAt[worker] == nil ? limits.amnestySeconds : silenceSeconds
        let silence = awakeSeconds - (heardAt[worker] ?? startedAt)
        if silence >= patience - Self.toleranceSeconds { return nil }
        return "trial \(lease.trial) was taken from \(worker.name) after \(silence) s of "
            + "\(patience) s (\(detail))"
    }
}
