import Glibc
import HPCluster
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
    }

    private let endpoint: Endpoint
    private let store: JournalStore
    private let submissions: SubmissionCheck
    private let logger: Logger
    private let waker: Waker
    private let shared = Mutex(Shared())

    /// Opens the data directory.
    ///
    /// - Throws: `StoreError` when the directory is taken, corrupt or not usable; `TransportError`
    ///   when the address is malformed or off loopback.
    package init(_ configuration: ServerConfiguration, logger: Logger) throws {
        self.endpoint = try Endpoint(parsing: configuration.bind)
        self.logger = logger
        self.submissions = SubmissionCheck(dataRoot: configuration.dataRoot)
        self.waker = try Waker()
        self.store = try JournalStore(directory: configuration.dataDirectory)
    }

    /// Asks the driver to end after its current batch; callable from any thread.
    package func stop() {
        shared.withLock { $0.isStopping = true }
        waker.wake()
    }

    /// Serves until `stop`, on the calling thread.
    ///
    /// - Parameter ready: called once with the address that workers and clients connect to.
    /// - Throws: `TransportError` when the address is taken; `StoreError` when the disk fails;
    ///   `ClusterError` when the journal contradicts itself.
    package func run(ready: (String) -> Void) throws {
        defer { store.close() }
        // A file that may not grow is an error to recover from, and no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        var socket = try RouterSocket(bind: endpoint, waker: waker)
        var driver = try CoordinatorDriver(
            journal: store, at: MonotonicClock.now,
            screen: { [submissions, store] request in
                submissions.refusal(
                    of: request, freeByteCount: store.condition.freeByteCount)
            })
        let timekeeper = StudyTimekeeper()
        ready(socket.boundEndpoint)
        while !shared.withLock({ $0.isStopping }) {
            let received = try socket.receive(
                timeoutMilliseconds: patience(of: driver), maximumCount: Self.batchMaximum)
            let now = MonotonicClock.now
            let turn = try driver.turn(received.map(frame), at: now)
            for notice in turn.notices { log(notice) }
            timekeeper.observe(driver.core.state.studies, at: now)
            send(turn.frames + takeAnswers(), through: &socket)
            answer(turn.queries, from: driver, timekeeper.elapsed(at: now), at: now)
        }
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

    private func frame(_ received: Received) -> IncomingFrame {
        IncomingFrame(
            sender: Sender(session: SessionID(received.session), authority: .local),
            body: received.body)
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
            refusedFrames: driver.refusedFrameCount, endpoint: endpoint.text, takenAt: now,
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

    private func takeAnswers() -> [OutgoingFrame] {
        shared.withLock { shared in
            defer { shared.answers = [] }
            return shared.answers
        }
    }
}
