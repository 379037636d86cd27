import ClusterTesting
import HPCluster
import HPSearch
import HPServer
import HPWire
import Testing

/// Every message of every kind of peer: who may say what.
@Suite("Authorization")
struct AuthorizationTests {
    private static let lease = Lease(study: 1, trial: 1, attempt: 1)

    private static let workers: [PeerMessage] = [
        .hello(
            Hello(
                protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
                worker: WorkerIdentity(id: "w", incarnation: 1, name: "w"), slots: 1,
                engineRevision: "engine/1", held: [])),
        .heartbeat(held: [lease]),
        .results([
            TrialReport(
                lease: lease, studyDigest: "", dataDigest: "", engineRevision: "engine/1",
                outcome: .failed(reason: "r", detail: "d"))
        ]),
        .handBack([lease]),
        .declineStudy(study: 1, code: "c", detail: "d"),
        .checkpointPart(
            CheckpointPart(
                header: CheckpointHeader(lease: lease, epoch: 1, value: 0.5, byteCount: 2),
                offset: 0, bytes: [1, 2])),
        .checkpointRequest(CheckpointRequest(lease: lease, offset: 0)),
        .goodbye,
    ]

    private static let commands: [ClientRequest.Command] =
        [
            .submit(content: spec), .pause(study: "s"), .resume(study: "s"), .stop(study: "s"),
            .cancel(study: "s"), .acceptNarrowing(study: "s"), .order(worker: "w", .draining),
        ] + ClientRequest.Query.Kind.allCases.map { .query(.init(kind: $0, study: "s")) }

    private static let spec: String = {
        let text = """
            study: s
            seed: 1
            objective: {metric: val_accuracy, goal: maximize}
            data: {dataset: digits}
            parameters: {learning_rate: {log_uniform: [1.0e-4, 1.0]}}
            stages: [{name: coarse, trials: 4, epochs: 1}]
            """
        return (try? StudySpec.read(text: text, file: "test.yaml").content) ?? ""
    }()

    /// A new kind of message doesn't compile before it has a place here and a sample above.
    private static func kind(of message: PeerMessage) -> String {
        switch message {
        case .hello: "hello"
        case .heartbeat: "heartbeat"
        case .results: "results"
        case .handBack: "handBack"
        case .declineStudy: "declineStudy"
        case .checkpointPart: "checkpointPart"
        case .checkpointRequest: "checkpointRequest"
        case .goodbye: "goodbye"
        case .request(let request):
            switch request.command {
            case .submit: "submit"
            case .pause: "pause"
            case .resume: "resume"
            case .stop: "stop"
            case .cancel: "cancel"
            case .acceptNarrowing: "acceptNarrowing"
            case .order: "order"
            case .query(let query): "query \(query.kind)"
            }
        }
    }

    private static let samples =
        workers + commands.map { .request(ClientRequest(id: 7, command: $0)) }

    private enum Outcome: Equatable {
        case heard
        case refused
        case error(Int)
    }

    /// What a coordinator makes of one message, and whether that changed its journal.
    private func outcome(
        of message: PeerMessage, by authority: Authority
    ) throws -> (Outcome, changes: Bool) {
        let journal = MemoryJournal()
        let start = Instant(nanoseconds: 0)
        var driver = try CoordinatorDriver(journal: journal, at: start)
        let before = journal.committed
        let sender = Sender(session: SessionID([1]), authority: authority)
        let turn = try driver.turn(
            [IncomingFrame(sender: sender, body: WireCodec.encode(message))], at: start)
        let answers = try turn.frames.map { try WireCodec.decodeCoordinatorMessage($0.body) }
        for answer in answers {
            if case .refused(code: "role", _) = answer {
                #expect(turn.queries.isEmpty)
                return (.refused, journal.committed != before)
            }
            if case .reply(let reply) = answer, case .error(77, let text) = reply.body {
                #expect(reply.id == 7)
                #expect(text.contains("--role admin"))
                #expect(turn.queries.isEmpty)
                return (.error(77), journal.committed != before)
            }
        }
        return (.heard, journal.committed != before)
    }

    @Test func `every kind of message has a sample`() {
        #expect(Self.samples.count == 8 + 7 + ClientRequest.Query.Kind.allCases.count)
        #expect(Set(Self.samples.map(Self.kind)).count == Self.samples.count)
    }

    @Test func `a peer of this machine may say everything`() throws {
        for message in Self.samples {
            let (outcome, _) = try outcome(of: message, by: .local)
            #expect(outcome == .heard, "\(Self.kind(of: message))")
        }
        let submission = Self.samples[Self.workers.count]
        #expect(try outcome(of: submission, by: .local).changes)
    }

    @Test func `a worker's key may run trials and use no command`() throws {
        for message in Self.workers {
            let (outcome, _) = try outcome(of: message, by: .worker(key: "k"))
            #expect(outcome == .heard, "\(Self.kind(of: message))")
        }
        for message in Self.samples.dropFirst(Self.workers.count) {
            let (outcome, changes) = try outcome(of: message, by: .worker(key: "k"))
            #expect(outcome == .error(77), "\(Self.kind(of: message))")
            #expect(!changes)
        }
    }

    @Test func `a key that was revoked may say nothing`() throws {
        for message in Self.samples {
            let (outcome, changes) = try outcome(of: message, by: .revoked)
            #expect(outcome == .heard && !changes, "\(Self.kind(of: message))")
        }
    }

    @Test func `an administrator's key may use every command and run no trial`() throws {
        for message in Self.workers {
            let (outcome, changes) = try outcome(of: message, by: .admin(key: "k"))
            #expect(outcome == .refused, "\(Self.kind(of: message))")
            #expect(!changes)
        }
        for message in Self.samples.dropFirst(Self.workers.count) {
            let (outcome, _) = try outcome(of: message, by: .admin(key: "k"))
            #expect(outcome == .heard, "\(Self.kind(of: message))")
        }
    }
}
