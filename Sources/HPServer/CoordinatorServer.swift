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
        var answers: [Outbound] = []
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
        var socket = try RouterSocket(bind: endpoint, waker: waker)
        var core = try recover()
        let timekeeper = StudyTimekeeper()
        ready(socket.boundEndpoint)
        while !shared.withLock({ $0.isStopping }) {
            let received = try socket.receive(
                timeoutMilliseconds: patience(of: core), maximumCount: Self.batchMaximum)
            let now = MonotonicClock.now
            var queries: [(SessionID, ClientRequest)] = []
            let effects = handle(received, with: &core, at: now, queries: &queries)
            do {
                try store.commit(effects.journal, curves: effects.curves)
            } catch {
                guard error.isRecoverable else { throw error }
                logger.error("\(error)")
                core = try recover()
                waitForDisk()
                continue
            }
            log(effects.notices)
            timekeeper.observe(core.state.studies, at: now)
            send(effects.messages + takeAnswers(), through: &socket)
            answer(queries, from: core, timekeeper.elapsed(at: now), at: now)
        }
    }

    // MARK: - One batch

    /// Frames drained in one turn: one transaction's worth at the journal's rate.
    private static let batchMaximum = 4096
    /// The loop wakes at least this often, so that a longer gap means a suspended process.
    private static let patienceMaximumMilliseconds = 1000

    private func patience(of core: Coordinator) -> Int {
        guard let deadline = core.nextDeadline else { return Self.patienceMaximumMilliseconds }
        let milliseconds = Int((deadline.seconds(since: MonotonicClock.now) * 1000).rounded(.up))
        return min(max(milliseconds, 0), Self.patienceMaximumMilliseconds)
    }

    private func handle(
        _ received: [Received], with core: inout Coordinator, at now: Instant,
        queries: inout [(SessionID, ClientRequest)]
    ) -> Effects {
        var batch = Effects()
        for frame in received {
            let session = SessionID(frame.session)
            do {
                let message = try WireCodec.decodePeerMessage(frame.body)
                if case .request(let request) = message, case .query = request.command {
                    queries.append((session, request))
                } else if case .request(let request) = message,
                    let refusal = submissions.refusal(of: request)
                {
                    batch.messages.append(Outbound(session: session, message: .reply(refusal)))
                } else {
                    batch.append(core.handle(.received(from: session, message), at: now))
                }
            } catch {
                logger.warning("a message was refused: \(error)")
                // A peer of another version can't be helped; damaged bytes are as good as lost.
                guard case .version = error else { continue }
                let refusal = CoordinatorMessage.refused(code: "version", detail: "\(error)")
                batch.messages.append(Outbound(session: session, message: refusal))
            }
        }
        batch.append(core.handle(.clock, at: now))
        return batch
    }

    private func send(_ messages: [Outbound], through socket: inout RouterSocket) {
        for outbound in messages {
            let outcome = socket.send(
                WireCodec.encode(outbound.message), to: outbound.session.bytes)
            // Whatever was lost is said again: state, not queues, is what peers are told.
            if outcome != .sent { logger.debug("a message was not delivered: \(outcome)") }
        }
    }

    private func log(_ notices: [String]) {
        for notice in notices { logger.info("\(notice)") }
    }

    // MARK: - The journal

    private func recover() throws -> Coordinator {
        let records = try store.records()
        var core = try Coordinator(replaying: records, at: MonotonicClock.now)
        let effects = core.start()
        try store.commit(effects.journal, curves: effects.curves)
        log(effects.notices)
        return core
    }

    /// Blocks until the disk may have room again, or `stop`.
    private func waitForDisk() {
        logger.error("nothing is acknowledged until the disk has room again")
        waker.wait(milliseconds: 1000)
    }

    // MARK: - Documents, off this thread

    private func answer(
        _ queries: [(SessionID, ClientRequest)], from core: Coordinator,
        _ elapsed: [StudyElapsed], at now: Instant
    ) {
        guard !queries.isEmpty else { return }
        let snapshot = Snapshot(core: core, workers: core.workers(at: now), elapsed: elapsed)
        let store = store
        Task.detached { [self] in
            for (session, request) in queries {
                guard case .query(let query) = request.command else { continue }
                let bodies = Documents(snapshot: snapshot, store: store).answer(query)
                post(
                    bodies.map { body in
                        Outbound(
                            session: session,
                            message: .reply(ClientReply(id: request.id, body: body)))
                    })
            }
        }
    }

    private func post(_ answers: [Outbound]) {
        shared.withLock { $0.answers.append(contentsOf: answers) }
        waker.wake()
    }

    private func takeAnswers() -> [Outbound] {
        shared.withLock { shared in
            defer { shared.answers = [] }
            return shared.answers
        }
    }
}
