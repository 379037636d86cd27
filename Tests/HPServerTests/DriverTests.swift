import ClusterTesting
import HPCluster
import HPSearch
import HPServer
import HPWire
import Testing

@Suite("Driver")
struct DriverTests {
    private let start = Instant(nanoseconds: 0)

    private func frame(
        _ message: PeerMessage, from session: UInt8 = 1, as authority: Authority = .local
    ) -> IncomingFrame {
        IncomingFrame(
            sender: Sender(session: SessionID([session]), authority: authority),
            body: WireCodec.encode(message))
    }

    private func submission(_ id: UInt64 = 1) throws -> PeerMessage {
        let spec = try StudySpec.read(
            text: """
                study: driven
                seed: 1
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits}
                parameters: {learning_rate: {log_uniform: [1.0e-4, 1.0]}}
                stages: [{name: coarse, trials: 4, epochs: 1}]
                """, file: "test.yaml")
        return .request(ClientRequest(id: id, command: .submit(content: spec.content)))
    }

    private func hello(id: String = "w") -> PeerMessage {
        .hello(
            Hello(
                protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
                worker: WorkerIdentity(id: id, incarnation: 1, name: "w"), slots: 1,
                engineRevision: "engine/1", held: []))
    }

    private func messages(_ turn: Turn) throws -> [CoordinatorMessage] {
        try turn.frames.map { try WireCodec.decodeCoordinatorMessage($0.body) }
    }

    private func replies(_ turn: Turn) throws -> [ClientReply.Body] {
        try messages(turn).compactMap { message in
            if case .reply(let reply) = message { reply.body } else { nil }
        }
    }

    @Test func `a submission is durable when its reply leaves`() throws {
        let journal = MemoryJournal()
        var driver = try CoordinatorDriver(journal: journal, at: start)
        let turn = try driver.turn([frame(submission())], at: start)
        guard case .accepted = try replies(turn).first else {
            Issue.record("the submission was not accepted")
            return
        }
        #expect(try ClusterState(replaying: journal.committed).study(named: "driven") != nil)
    }

    @Test func `nothing is acknowledged while the disk is full, then the work goes on by itself`()
        throws
    {
        let journal = MemoryJournal()
        var driver = try CoordinatorDriver(journal: journal, at: start)
        journal.failure = .init(isRecoverable: true)
        let full = try driver.turn([frame(submission()), frame(hello(), from: 2)], at: start)
        guard case .error(1, _) = try replies(full).first, full.frames.count == 1 else {
            Issue.record("the person was not told, or the worker was")
            return
        }
        #expect(driver.degradation != nil)
        #expect(full.notices.contains { $0.severity == .error })
        #expect(full.checkpoints == [.list])
        #expect(driver.core.state.studies.isEmpty)

        let later = start.advanced(bySeconds: 0.5)
        let refused = try driver.turn([frame(submission()), frame(hello(), from: 2)], at: later)
        guard case .error(1, let message) = try replies(refused).first else {
            Issue.record("the submission was not refused")
            return
        }
        #expect(message.contains("nothing is accepted"))
        #expect(refused.frames.count == 1)

        journal.failure = nil
        let healed = start.advanced(bySeconds: 2)
        #expect(driver.nextDeadline.map { $0 <= healed } == true)
        let turn = try driver.turn([frame(submission())], at: healed)
        #expect(driver.degradation == nil)
        #expect(try replies(turn).count == 1)
        #expect(driver.core.state.study(named: "driven") != nil)
        #expect(try ClusterState(replaying: journal.committed) == driver.core.state)
    }

    @Test func `a coordinator may start on a full disk, from which checkpoints go first`() throws {
        let journal = MemoryJournal()
        journal.failure = .init(isRecoverable: true)
        var driver = try CoordinatorDriver(journal: journal, at: start)
        #expect(driver.degradation != nil)
        let orders: [[CheckpointOrder]] = try (0..<4).map { second in
            try driver.turn([], at: start.advanced(bySeconds: Double(second))).checkpoints
        }
        #expect(orders == [[.list], [.removeAll], [], []])
        journal.failure = nil
        let turn = try driver.turn([], at: start.advanced(bySeconds: 5))
        #expect(turn.checkpoints == [.list])
        #expect(driver.degradation == nil)
        #expect(driver.core.state.epoch == 1)
    }

    @Test func `a disk that fails otherwise ends the coordinator`() throws {
        let journal = MemoryJournal()
        var driver = try CoordinatorDriver(journal: journal, at: start)
        journal.failure = .init(isRecoverable: false)
        #expect(throws: MemoryJournal.Failure.self) {
            try driver.turn([frame(try submission())], at: start)
        }
    }

    @Test func `a worker's key may not use the commands`() throws {
        var driver = try CoordinatorDriver(journal: MemoryJournal(), at: start)
        let requests: [PeerMessage] = [
            try submission(),
            .request(ClientRequest(id: 2, command: .query(.init(kind: .list)))),
        ]
        for request in requests {
            let turn = try driver.turn([frame(request, as: .worker(key: "k"))], at: start)
            guard case .error(77, _) = try replies(turn).first else {
                Issue.record("\(request) was let through")
                continue
            }
            #expect(turn.queries.isEmpty)
        }
        #expect(driver.core.state.studies.isEmpty)
    }

    @Test func `an administrator's key may not run trials`() throws {
        var driver = try CoordinatorDriver(journal: MemoryJournal(), at: start)
        let turn = try driver.turn([frame(hello(), as: .admin(key: "k"))], at: start)
        guard case .refused("role", _) = try messages(turn).first else {
            Issue.record("it was let in")
            return
        }
        #expect(driver.core.workers(at: start).isEmpty)
    }

    @Test func `workers with one id and different keys are different workers`() throws {
        var driver = try CoordinatorDriver(journal: MemoryJournal(), at: start)
        _ = try driver.turn(
            [
                frame(hello(), from: 1, as: .worker(key: "a")),
                frame(hello(), from: 2, as: .worker(key: "b")),
            ], at: start)
        #expect(driver.core.workers(at: start).map(\.id) == ["w.a", "w.b"])
    }

    @Test func `bytes that are no message are counted and answered by nothing`() throws {
        var driver = try CoordinatorDriver(journal: MemoryJournal(), at: start)
        let sender = Sender(session: SessionID([1]), authority: .local)
        let turn = try driver.turn(
            [IncomingFrame(sender: sender, body: [0xFF, 0xFF, 0xFF])], at: start)
        #expect(turn.frames.isEmpty)
        #expect(driver.refusedFrameCount == 1)
    }
}
