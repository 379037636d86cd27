package import HPCluster
import HPWire

/// The coordinator's turn: frames in, one transaction, frames out.
///
/// It has no socket, no clock and no thread, so that the program and the simulator run the same.
/// Nothing leaves before what it says is durable. When a commit fails for want of room the core
/// is dropped and rebuilt from the journal, and nothing is acknowledged until there is room again.
/// Checkpoints give the journal their room: at once those that are still coming, then all.
package struct CoordinatorDriver<Store: Journal> {
    /// The state as the journal has it. While the driver is degraded it only answers queries.
    package private(set) var core: Coordinator
    /// Why nothing is accepted at present; nil when all is well.
    package private(set) var degradation: Degradation?
    /// Frames that were not messages of this protocol.
    package private(set) var refusedFrameCount = 0

    private let journal: Store
    private let limits: ClusterLimits
    private let screen: (ClientRequest) -> ClientReply?
    /// What an opening has to say and to ask, for the next turn.
    private var openingNotices: [Notice] = []
    private var openingOrders: [CheckpointOrder] = []

    /// A coordinator that can't write.
    package struct Degradation: Sendable {
        package var since: Instant
        package var reason: String
        fileprivate var retryAt: Instant
        fileprivate var hasGivenUpCheckpoints = false
    }

    /// Seconds until the next try to write again. A disk on the brink has room and has none by
    /// turns: each time that it is full again soon after, the tries are half as frequent.
    private var retrySeconds = Self.retrySecondsMinimum
    private var recoveredAt: Instant?
    private static var retrySecondsMinimum: Double { 1 }
    private static var retrySecondsMaximum: Double { 32 }
    private static var relapseSeconds: Double { 60 }

    /// Takes up a journal and opens a coordinator epoch. A full disk is no error: the driver
    /// begins degraded.
    ///
    /// - Parameter screen: answers requests that must not reach the core; nil lets one through.
    /// - Throws: `ClusterError` when the journal contradicts itself, `Store.Failure` when the disk
    ///   fails otherwise than for want of room.
    package init(
        journal: Store, limits: ClusterLimits = ClusterLimits(), at now: Instant,
        screen: @escaping (ClientRequest) -> ClientReply? = { _ in nil }
    ) throws {
        self.journal = journal
        self.limits = limits
        self.screen = screen
        self.core = try Coordinator(replaying: journal.records(), limits: limits, at: now)
        try open(at: now)
    }

    /// Handles what arrived, what came of earlier turns' orders, and the time that has passed.
    ///
    /// - Throws: `Store.Failure` when the disk fails otherwise than for want of room,
    ///   `ClusterError` when the journal contradicts itself: the process must end.
    package mutating func turn(
        _ frames: [IncomingFrame], checkpoints: [CheckpointReport] = [], at now: Instant
    ) throws -> Turn {
        if let degradation, now >= degradation.retryAt { try reopen(at: now) }
        var turn = takeOpening()
        guard degradation == nil else {
            for frame in frames { refuse(frame, &turn) }
            return turn
        }
        var effects = Effects()
        for report in checkpoints { effects.append(core.handle(.checkpoint(report), at: now)) }
        for frame in frames {
            guard let event = event(of: frame, &turn) else { continue }
            effects.append(core.handle(event, at: now))
        }
        effects.append(core.handle(.clock, at: now))
        do {
            turn.add(try journal.commit(effects))
        } catch {
            guard error.isRecoverable else { throw error }
            core = try Coordinator(replaying: journal.records(), limits: limits, at: now)
            degrade(because: error, at: now)
            turn = takeOpening()
            for frame in frames { refuse(frame, &turn) }
        }
        return turn
    }

    /// When `turn` has something to do without a frame, if ever.
    package var nextDeadline: Instant? { degradation?.retryAt ?? core.nextDeadline }

    // MARK: - The journal

    private mutating func takeOpening() -> Turn {
        var turn = Turn()
        swap(&turn.notices, &openingNotices)
        swap(&turn.checkpoints, &openingOrders)
        return turn
    }

    private mutating func reopen(at now: Instant) throws {
        guard journal.hasRoom else {
            degradation?.retryAt = now.advanced(bySeconds: retrySeconds)
            return giveUpCheckpoints()
        }
        try open(at: now)
        if degradation == nil { recoveredAt = now } else { giveUpCheckpoints() }
    }

    private mutating func giveUpCheckpoints() {
        guard degradation?.hasGivenUpCheckpoints == false else { return }
        degradation?.hasGivenUpCheckpoints = true
        openingOrders.append(.removeAll)
    }

    private mutating func open(at now: Instant) throws {
        var candidate = core
        let effects = candidate.start(at: now)
        do {
            let committed = try journal.commit(effects)
            core = candidate
            if degradation != nil {
                openingNotices.append(Notice(.warning, "there is room again: the work goes on"))
            }
            degradation = nil
            openingOrders += committed.checkpoints
            openingNotices += committed.notices.map { Notice(.info, $0) }
        } catch {
            guard error.isRecoverable else { throw error }
            degrade(because: error, at: now)
        }
    }

    private mutating func degrade(because failure: Store.Failure, at now: Instant) {
        if degradation == nil {
            openingNotices.append(
                Notice(.error, "\(failure); nothing is acknowledged until there is room"))
            // What was coming is forgotten here as well.
            openingOrders.append(.list)
            let isRelapse =
                recoveredAt.map { now.seconds(since: $0) < Self.relapseSeconds } ?? false
            retrySeconds =
                isRelapse
                ? min(2 * retrySeconds, Self.retrySecondsMaximum) : Self.retrySecondsMinimum
        }
        degradation = Degradation(
            since: degradation?.since ?? now, reason: "\(failure)",
            retryAt: now.advanced(bySeconds: retrySeconds),
            hasGivenUpCheckpoints: degradation?.hasGivenUpCheckpoints ?? false)
    }

    /// Workers get no answer and keep what they have; people are told why.
    private mutating func refuse(_ frame: IncomingFrame, _ turn: inout Turn) {
        guard case .request(let request) = admit(frame, &turn) else { return }
        let message = "nothing is accepted at present: \(degradation?.reason ?? "")"
        turn.send(
            .reply(ClientReply(id: request.id, body: .error(exitCode: 1, message: message))),
            to: frame.sender.session)
    }

    // MARK: - Who may say what

    private mutating func event(of frame: IncomingFrame, _ turn: inout Turn) -> Event? {
        let session = frame.sender.session
        if frame.sender.authority == .revoked { return .revoked(session) }
        return admit(frame, &turn).map { .received(from: session, $0) }
    }

    /// The message of a frame that the core is to hear; every other frame is answered here.
    private mutating func admit(_ frame: IncomingFrame, _ turn: inout Turn) -> PeerMessage? {
        do {
            let message = try WireCodec.decodePeerMessage(frame.body)
            guard case .request(let request) = message else {
                return admit(message, of: frame.sender, &turn)
            }
            return admit(request, of: frame.sender, &turn)
        } catch {
            refusedFrameCount += 1
            turn.notices.append(Notice(.warning, "a message was refused: \(error)"))
            // A peer of another version can't be helped; damaged bytes are as good as lost.
            guard case .version = error else { return nil }
            turn.send(.refused(code: "version", detail: "\(error)"), to: frame.sender.session)
            return nil
        }
    }

    private func admit(
        _ request: ClientRequest, of sender: Sender, _ turn: inout Turn
    ) -> PeerMessage? {
        if sender.authority == .revoked { return nil }
        if case .worker = sender.authority {
            let message = """
                this key is a worker's, it may only run trials: commands need a key with the \
                role admin, which `hpcoord keys authorize NAME --role admin` makes
                """
            let body = ClientReply.Body.error(exitCode: 77, message: message)
            turn.send(.reply(ClientReply(id: request.id, body: body)), to: sender.session)
            return nil
        }
        if case .query = request.command {
            turn.queries.append((sender.session, request))
            return nil
        }
        guard degradation == nil, let refusal = screen(request) else { return .request(request) }
        turn.send(.reply(refusal), to: sender.session)
        return nil
    }

    private func admit(
        _ message: PeerMessage, of sender: Sender, _ turn: inout Turn
    ) -> PeerMessage? {
        switch sender.authority {
        case .local: return message
        case .revoked: return nil
        case .worker(let key):
            guard case .hello(var hello) = message else { return message }
            // Another key that learned a worker's id can't take its place.
            hello.worker.id += ".\(key)"
            return .hello(hello)
        case .admin:
            let detail = """
                this key is an administrator's, it may not run trials: workers need a key with \
                the role worker, which `hpcoord keys authorize NAME --role worker` makes
                """
            turn.send(.refused(code: "role", detail: detail), to: sender.session)
            return nil
        }
    }
}
