import Glibc
import HPCluster
import HPKeys
import HPStore
import HPTransport
import HPWire
package import Logging
import Synchronization

/// The daemon: one thread that receives, decides, commits, sends.
///
/// Nothing leaves before what it says is durable: a batch of messages becomes one transaction,
/// and only then are its answers sent.
package final class CoordinatorServer: Sendable {
    /// What other threads hand to the driver.
    private struct Shared {
        var isStopping = false
        var answers: [OutgoingFrame] = []
        var reports: [CheckpointReport] = []
        var selfTest: SelfTestReport?
        /// What workers and clients connect to, once it is listened on.
        var boundEndpoint: String?
    }

    private let endpoint: Endpoint
    private let store: JournalStore
    private let checkpoints: CheckpointArchive
    /// Nil on loopback, unless it is asked for.
    private let encryption: Encryption?
    private let submissions: SubmissionCheck
    private let logger: Logger
    private let waker: Waker
    private let shared = Mutex(Shared())

    /// Opens the data directory. Off loopback everything is encrypted: its keys are read, or made.
    ///
    /// - Throws: `StoreError` when the directory is taken, corrupt or not usable; `TransportError`
    ///   when the address is malformed; `KeyError` when keys can't be used.
    package init(_ configuration: ServerConfiguration, logger: Logger) throws {
        self.endpoint = try Endpoint(parsing: configuration.bind)
        self.logger = logger
        self.submissions = SubmissionCheck(dataRoot: configuration.dataRoot)
        self.waker = try Waker()
        let store = try JournalStore(directory: configuration.dataDirectory)
        self.store = store
        self.checkpoints = CheckpointArchive(
            CheckpointFolder(
                path: store.directory + "/checkpoints",
                reservedByteCount: configuration.reservedByteCount,
                freeByteCount: { store.condition.freeByteCount }))
        let encrypts = configuration.encrypts || !endpoint.isLoopback
        self.encryption = encrypts ? try Encryption(configuration, logger: logger) : nil
        encryption?.introduce(to: logger, dataDirectory: configuration.dataDirectory)
    }

    /// What the security self-test found; nil before it and without encryption.
    package var selfTest: SelfTestReport? { shared.withLock(\.selfTest) }

    /// Asks the driver to end after its current batch; callable from any thread.
    package func stop() {
        shared.withLock { $0.isStopping = true }
        waker.wake()
    }

    /// Serves until `stop`, on the calling thread.
    ///
    /// - Parameter ready: called once with the address that workers and clients connect to.
    /// - Throws: `TransportError` when the address is taken; `StoreError` when the disk fails;
    ///   `ClusterError` when the journal contradicts itself; `ServerError` when strangers could
    ///   get in.
    package func run(ready: (String) -> Void) throws {
        defer {
            // Before another process may serve the directory.
            checkpoints.close()
            store.close()
        }
        // A file that may not grow is an error to recover from, and no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        var desk = Desk(
            socket: try RouterSocket(waker: waker, security: encryption?.security ?? .loopback),
            driver: try CoordinatorDriver(
                journal: store, at: MonotonicClock.now,
                screen: { [submissions, store] request in
                    submissions.refusal(
                        of: request, freeByteCount: store.condition.freeByteCount)
                }))
        if let encryption, try !testSecurity(of: encryption, at: &desk) { return }
        let bound = try desk.socket.listen(on: endpoint)
        shared.withLock { $0.boundEndpoint = bound }
        ready(bound)
        while !isStopping {
            try turn(&desk, timeoutMilliseconds: patience(of: desk.driver))
        }
    }

    /// What the driver's thread works with.
    private struct Desk: ~Copyable {
        var socket: RouterSocket
        var driver: CoordinatorDriver<JournalStore>
        let timekeeper = StudyTimekeeper()
        /// The log's length when it last changed, and when that was.
        var logBytes = 0
        var logChangedAt = MonotonicClock.now
    }

    private var isStopping: Bool { shared.withLock(\.isStopping) }

    private func turn(_ desk: inout Desk, timeoutMilliseconds: Int) throws {
        let received = try desk.socket.receive(
            timeoutMilliseconds: timeoutMilliseconds, maximumCount: Self.batchMaximum)
        let now = MonotonicClock.now
        let turn = try desk.driver.turn(
            received.map(frame), checkpoints: takeReports(), at: now)
        for notice in turn.notices { log(notice) }
        desk.timekeeper.observe(desk.driver.core.state.studies, at: now)
        let farewells = received.filter { $0.origin == .revoked }.map(farewell)
        send(turn.frames + takeAnswers() + farewells, through: &desk.socket)
        checkpoints.perform(turn.checkpoints) { [self] report in
            shared.withLock { $0.reports.append(report) }
            waker.wake()
        }
        answer(turn.queries, from: desk.driver, desk.timekeeper.elapsed(at: now), at: now)
        try settleLog(&desk, at: now)
    }

    /// Nothing was committed for so long: there is time to tidy up.
    private static let idleSeconds = 1.0

    private func settleLog(_ desk: inout Desk, at now: Instant) throws {
        let logBytes = store.logBytes
        if logBytes != desk.logBytes {
            desk.logBytes = logBytes
            desk.logChangedAt = now
        } else if logBytes > 0, now.seconds(since: desk.logChangedAt) >= Self.idleSeconds {
            try store.settleLog()
            desk.logBytes = store.logBytes
            desk.logChangedAt = now
        }
    }

    // MARK: - Who may speak

    /// Long enough on a machine that has much else to do.
    private static let selfTestSeconds = 30.0

    /// Knocks at the socket while it listens for that alone; false when `stop` came first.
    private func testSecurity(of encryption: Encryption, at desk: inout Desk) throws -> Bool {
        let address = try desk.socket.listen(on: Endpoint(parsing: "tcp://127.0.0.1:*"))
        defer { desk.socket.unlisten(at: address) }
        let test = try SecuritySelfTest(
            at: address, of: encryption, missingFences: desk.socket.missingFences)
        let deadline = MonotonicClock.now.advanced(bySeconds: Self.selfTestSeconds)
        while try !test.advance(), MonotonicClock.now < deadline, !isStopping {
            try turn(&desk, timeoutMilliseconds: 5)
        }
        guard !isStopping else { return false }
        let report = test.report(at: WallClock.now)
        shared.withLock { $0.selfTest = report }
        guard report.failures.isEmpty else { throw ServerError.insecure(failures: report.failures) }
        logger.info("the security self-test passed: \(report.checks.count) checks")
        return true
    }

    /// What the driver hears. A peer whose key was revoked has said its last.
    private func frame(_ received: Received) -> IncomingFrame {
        let session = SessionID(received.session)
        switch received.origin {
        case .loopback:
            return IncomingFrame(
                sender: Sender(session: session, authority: .local), body: received.body)
        case .holder(let key):
            let fingerprint = key.publicKey.fingerprint
            let authority: Authority =
                key.role == .admin ? .admin(key: fingerprint) : .worker(key: fingerprint)
            return IncomingFrame(
                sender: Sender(session: session, authority: authority), body: received.body)
        case .revoked:
            return IncomingFrame(
                sender: Sender(session: session, authority: .revoked), body: received.body)
        }
    }

    private func farewell(_ received: Received) -> OutgoingFrame {
        let message = CoordinatorMessage.refused(
            code: "key", detail: "this key was revoked: ask for another one")
        return OutgoingFrame(
            session: SessionID(received.session), body: WireCodec.encode(message))
    }

    // MARK: - One batch

    /// Frames drained in one turn: one transaction's worth at the journal's rate.
    private static let batchMaximum = 4096
    /// The loop wakes at least this often, so that a longer gap means a suspended process.
    private static let patienceMaximumMilliseconds = 1000

    private func patience(of driver: CoordinatorDriver<JournalStore>) -> Int {
        guard let deadline = driver.nextDeadline else { return Self.patienceMaximumMilliseconds }
        let milliseconds = Int((deadline.seconds(since: MonotonicClock.now) * 1000).rounded(.up))
        return min(max(milliseconds, 0), Self.patienceMaximumMilliseconds)
    }

    private func log(_ notice: Notice) {
        let level: Logger.Level =
            switch notice.severity {
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        logger.log(level: level, "\(notice.text)")
    }

    private func send(_ frames: [OutgoingFrame], through socket: inout RouterSocket) {
        for frame in frames {
            let outcome = socket.send(frame.body, to: frame.session.bytes)
            // Whatever was lost is said again: state, not queues, is what peers are told.
            if outcome != .sent { logger.debug("a message was not delivered: \(outcome)") }
        }
    }

    // MARK: - Documents, off this thread

    private func answer(
        _ queries: [(session: SessionID, request: ClientRequest)],
        from driver: CoordinatorDriver<JournalStore>,
        _ elapsed: [StudyElapsed], at now: Instant
    ) {
        guard !queries.isEmpty else { return }
        let snapshot = Snapshot(
            core: driver.core, degradation: driver.degradation?.reason,
            refusedFrames: driver.refusedFrameCount,
            endpoint: shared.withLock(\.boundEndpoint) ?? endpoint.text,
            security: SecurityCondition(encryption, selfTest), takenAt: now,
            workers: driver.core.workers(at: now), elapsed: elapsed)
        let store = store
        Task.detached { [self] in
            for (session, request) in queries {
                guard case .query(let query) = request.command else { continue }
                let bodies = Documents(snapshot: snapshot, store: store).answer(query)
                post(
                    bodies.map { body in
                        let reply = ClientReply(id: request.id, body: body)
                        return OutgoingFrame(
                            session: session, body: WireCodec.encode(.reply(reply)))
                    })
            }
        }
    }

    private func post(_ answers: [OutgoingFrame]) {
        shared.withLock { $0.answers.append(contentsOf: answers) }
        waker.wake()
    }

    private func takeReports() -> [CheckpointReport] {
        shared.withLock { shared in
            defer { shared.reports = [] }
            return shared.reports
        }
    }

    private func takeAnswers() -> [OutgoingFrame] {
        shared.withLock { shared in
            defer { shared.answers = [] }
            return shared.answers
        }
    }
}
