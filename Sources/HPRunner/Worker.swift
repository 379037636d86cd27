package import HPCluster
import HPNet
import HPTransport
import HPWire
package import Logging
import Synchronization

/// A worker process, assembled: one thread that speaks, and slots that train.
package final class Worker: Sendable {
    private let configuration: WorkerConfiguration
    private let endpoint: Endpoint
    private let logger: Logger
    private let waker: Waker
    private let mailbox: Mailbox<WorkerSession.Event>
    private let slot: WorkerSlot
    private let loader: DataLoader

    /// Takes the first free identity below the spool root.
    ///
    /// - Parameter loader: shared with other workers of the process; nil for one of its own.
    /// - Throws: `SpoolError` when the spool can't be used, `NetError.kernels` when the environment
    ///   asks for kernels that are not there, `TransportError` when the address is malformed.
    package init(
        _ configuration: WorkerConfiguration, loader: DataLoader? = nil, logger: Logger
    ) throws {
        try Engine.requireKernels()
        self.configuration = configuration
        self.endpoint = try Endpoint(parsing: configuration.connect)
        self.logger = logger
        self.loader = loader ?? DataLoader(dataRoot: configuration.dataRoot)
        self.waker = try Waker()
        self.mailbox = Mailbox(waker: waker)
        self.slot = try WorkerSlot(root: configuration.spoolRoot)
    }

    package var name: String { slot.name }

    /// Asks the worker to hand back what it runs and to leave; callable from any thread.
    package func stop() {
        mailbox.post(.shutdown)
    }

    /// Works until `stop` or until the coordinator refuses this worker, on the calling thread.
    ///
    /// - Throws: `TransportError` or `SpoolError` when the system refuses.
    package func run() throws -> WorkerSession.Exit {
        let spool = try Spool(directory: slot.directory)
        let spooled = try spool.pending { logger.warning("\($0)") }
        if !spooled.isEmpty { logger.info("\(spooled.count) results of earlier are still owed") }
        let socket = try DealerSocket(
            connect: endpoint, waker: waker, reconnectMilliseconds: .random(in: 100...600),
            key: configuration.key)
        var doorkeeper = Doorkeeper(
            address: configuration.connect, key: configuration.key, logger: logger)
        var session = WorkerSession(
            identity: WorkerIdentity(
                id: slot.id, incarnation: RunnerClock.wallNanoseconds, name: slot.name),
            slots: configuration.slots, engineRevision: Engine.revision, spooled: spooled,
            limits: configuration.limits, at: RunnerClock.now)
        let keeper = ResultKeeper(spool: spool, logger: logger)
        let checkpoints = CheckpointStore(
            folder: slot.directory + "/checkpoints",
            notice: { [logger] in logger.warning("\($0)") },
            saved: { [mailbox] in mailbox.post(.checkpointSaved($0)) },
            resumed: { [logger] in logger.info("trial \($0) goes on from epoch \($1)") })
        let transfers = CheckpointTransfers(store: checkpoints)
        let pool = SlotPool(
            slots: configuration.slots,
            executor: BundleExecutor(
                loader: loader, checkpoints: checkpoints,
                checkpointWorthSeconds: configuration.checkpointWorthSeconds),
            mailbox: mailbox)
        var absence = Absence(since: RunnerClock.now)
        pool.open()
        defer { pool.close() }
        while true {
            let frames = try socket.receive(
                timeoutMilliseconds: patience(of: session), maximumCount: 256)
            let handshakes = socket.takeHandshakes()
            if let refusal = doorkeeper.refusal(after: handshakes) {
                return .refused(code: "key", detail: refusal)
            }
            let connections = handshakes.filter { $0 == .succeeded }.map { _ in
                WorkerSession.Event.connected
            }
            if absence.isRemarkable(of: session, at: RunnerClock.now) {
                logger.warning(
                    """
                    no coordinator answers at \(configuration.connect): is it running, and is \
                    that its address? Trying on
                    """)
            }
            let events = connections + frames.compactMap(decode) + mailbox.drain() + [.clock]
            for event in events {
                if case .finished(let reports) = event {
                    checkpoints.forget(keeper.keep(reports))
                }
                let effects = session.handle(event, at: RunnerClock.now)
                pool.cancel(effects.cancel)
                // A worker that leaves may be handed the same trials when it is back.
                let isLeaving = if case .shutdown = event { true } else { false }
                checkpoints.forget(effects.settled + (isLeaving ? [] : effects.cancel))
                for event in transfers.carryOut(effects) { mailbox.post(event) }
                for order in effects.start { pool.start(order) }
                keeper.settle(effects.settled)
                for notice in effects.notices { logger.info("\(notice)") }
                for message in effects.messages { _ = socket.send(WireCodec.encode(message)) }
                if let part = effects.upload { upload(part, transfers, socket) }
                transfers.closeFile(except: session.upload)
                if let exit = effects.exit {
                    checkpoints.clear(checkpoints.leases)
                    return exit
                }
            }
        }
    }

    /// After everything else there was to say.
    private func upload(
        _ wanted: WantedPart, _ transfers: CheckpointTransfers, _ socket: borrowing DealerSocket
    ) {
        guard let part = transfers.read(wanted) else {
            return mailbox.post(.checkpointUnusable(wanted.header.lease))
        }
        _ = socket.send(WireCodec.encode(PeerMessage.checkpointPart(part)))
    }

    private func patience(of session: WorkerSession) -> Int {
        let seconds = session.nextDeadline.seconds(since: RunnerClock.now)
        return min(max(Int((seconds * 1000).rounded(.up)), 0), 1000)
    }

    private func decode(_ frame: [UInt8]) -> WorkerSession.Event? {
        do {
            return .received(try WireCodec.decodeCoordinatorMessage(frame))
        } catch {
            logger.warning("a message of the coordinator can't be read: \(error)")
            return nil
        }
    }
}
