import HPCluster
import HPSearch
import HPWire
import Testing

@Suite("Codecs")
struct CodecTests {
    static let lease = Lease(study: 3, trial: 17, attempt: 2)
    static let result = TrialResult(
        objectiveCurve: [0.1, 0.30000000000000004, .leastNonzeroMagnitude], value: 0.3,
        standardError: 0.01, bestEpoch: 2.5, epochs: 3,
        metrics: TrialMetrics(
            validationAccuracy: 0.3, validationLoss: nil, trainingAccuracy: 1, trainingLoss: 0,
            initialLoss: 2.302585092994046), seconds: 1.5)
    static let curve = [
        EpochMetrics(
            epoch: 0.5, learningRate: 1e-300, validationAccuracy: 0.1, validationLoss: .infinity,
            trainingAccuracy: 0.2, trainingLoss: 3)
    ]
    static let values: [ParameterValue] = [
        .boolean(true), .integer(-5), .number(-0.0), .text("é\n\"x\""),
        .list([.integer(1), .list([.text("")])]),
    ]
    static let domains: [ParameterDomain] = [
        .logUniform(low: 1e-6, high: 0.1), .uniform(low: -1, high: 1),
        .integer(low: -3, high: 9), .logInteger(low: 1, high: 1 << 40), .choice(values),
        .value(.text("relu")),
    ]
    static let worker = WorkerIdentity(id: "0123", incarnation: .max, name: "host/slot-0")
    static let progress = StudyProgress(
        study: "s", state: .running, reason: "r", detail: "d", planned: 10, done: 4, running: 2,
        complete: 3, stage: "coarse", bestValue: 0.5, bestTrial: 9, busyWorkers: 1,
        connectedWorkers: 2, obstacles: ["o"])

    static let peerMessages: [PeerMessage] =
        [
            .hello(
                Hello(
                    protocolVersion: 1, worker: worker, slots: 4, engineRevision: "e",
                    held: [lease])),
            .heartbeat(held: []), .heartbeat(held: [lease, lease]), .handBack([lease]), .goodbye,
            .declineStudy(study: 2, code: "c", detail: "d"),
            .results([
                report(
                    .trained(
                        state: .complete, reason: "", detail: "", result: result, curve: curve)),
                report(.failed(reason: "r", detail: "d")),
                report(.broke(outcome: .outOfMemory, detail: "d")),
            ]),
            .request(ClientRequest(id: 1, command: .submit(content: "{}"))),
            .request(ClientRequest(id: 2, command: .pause(study: "s"))),
            .request(ClientRequest(id: 3, command: .resume(study: "s"))),
            .request(ClientRequest(id: 4, command: .stop(study: "s"))),
            .request(ClientRequest(id: .max, command: .cancel(study: "s"))),
        ]
        + ClientRequest.Query.Kind.allCases.map { kind in
            .request(
                ClientRequest(
                    id: 9,
                    command: .query(
                        .init(kind: kind, study: "s", trial: 3, format: "json", top: 7))))
        }

    static let coordinatorMessages: [CoordinatorMessage] =
        [
            .welcome(epoch: 7, heartbeatSeconds: 2), .whoAreYou, .refused(code: "c", detail: "d"),
            .heartbeatAcknowledged, .cancel([lease]),
            .assign(
                Assignment(
                    study: 1, content: nil, epochs: 0.5, dataDigest: "",
                    members: [.init(lease: lease, replicate: 3, parameters: values)])),
            .assign(
                Assignment(study: 1, content: "", epochs: 2, dataDigest: "d", members: [])),
            .reply(ClientReply(id: 1, body: .accepted(progress))),
            .reply(ClientReply(id: 2, body: .error(exitCode: 66, message: "m"))),
            .reply(
                ClientReply(
                    id: 3, body: .document(bytes: [0, 255], index: 1, count: 2, progress: nil))),
            .reply(
                ClientReply(
                    id: 3, body: .document(bytes: [], index: 0, count: 1, progress: progress))),
        ]
        + LeaseVerdict.Verdict.allCases.map {
            .verdicts([LeaseVerdict(lease: lease, verdict: $0, detail: "d")])
        }

    static let records: [JournalRecord] =
        [
            .coordinatorStarted(epoch: 3), .studySubmitted(study: 1, content: "{}"),
            .stageBegan(
                study: 1,
                stage: Stage(
                    index: 1, name: "fine", epochs: 5, domains: domains,
                    moves: Move.Action.allCases.map { action in
                        Move(
                            parameter: "reg", action: action, from: domains[0], to: domains[1],
                            because: "because", evidence: [3, 1])
                    }, firstTrial: 8, trialCount: 5)),
            .trialCreated(
                study: 1,
                trial: CreatedTrial(
                    number: 8, stage: 1, configuration: 2, replicate: 1, parameters: values)),
            .attemptLeased(lease: lease, worker: worker, alone: true),
            .studyPinned(study: 1, dataDigest: "d", engineRevision: "e"),
        ]
        + AttemptOutcome.allCases.map {
            .attemptEnded(lease: lease, outcome: $0, detail: "d")
        }
        + Trial.State.allCases.flatMap { state in
            [result, nil].map { result in
                .trialFinished(
                    FinishedTrial(
                        study: 1, trial: 8, attempt: 1, state: state, reason: "r", detail: "d",
                        result: result, worker: "w"))
            }
        }
        + Study.State.allCases.map {
            .studyChanged(study: 1, state: $0, reason: "r", detail: "d")
        }

    static func report(_ outcome: TrialReport.Outcome) -> TrialReport {
        TrialReport(
            lease: lease, studyDigest: "s", dataDigest: "d", engineRevision: "e",
            outcome: outcome)
    }

    @Test(arguments: peerMessages)
    func `a message to the coordinator survives the wire`(message: PeerMessage) throws {
        #expect(try WireCodec.decodePeerMessage(WireCodec.encode(message)) == message)
    }

    @Test(arguments: coordinatorMessages)
    func `a message from the coordinator survives the wire`(
        message: CoordinatorMessage
    ) throws {
        #expect(try WireCodec.decodeCoordinatorMessage(WireCodec.encode(message)) == message)
    }

    @Test(arguments: records)
    func `a journal record survives its row`(record: JournalRecord) throws {
        #expect(try JournalCodec.decode(JournalCodec.encode(record)) == record)
    }

    @Test func `a curve and a spooled report survive`() throws {
        #expect(try CurveCodec.decode(CurveCodec.encode(Self.curve)) == Self.curve)
        let report = Self.report(.failed(reason: "r", detail: "d"))
        #expect(try SpoolCodec.decode(SpoolCodec.encode(report)) == report)
    }

    @Test func `another version is refused by its number`() throws {
        var bytes = WireCodec.encode(PeerMessage.goodbye)
        #expect(bytes[0] == 8 && bytes[1] == 1)
        bytes[1] = 2
        #expect(throws: WireError.version(2)) { try WireCodec.decodePeerMessage(bytes) }
    }

    @Test func `no bytes at all are no message`() {
        #expect(throws: WireError.version(0)) { try WireCodec.decodePeerMessage([]) }
    }

    /// A small generator of its own: the bytes need only be varied and the same each time.
    private struct Noise {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        mutating func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
    }

    @Test func `damaged bytes never trap`() {
        var noise = Noise()
        let samples =
            Self.peerMessages.map { WireCodec.encode($0) }
            + Self.coordinatorMessages.map { WireCodec.encode($0) }
        var decoded = 0
        for _ in 0..<20_000 {
            var bytes = samples[noise.next(samples.count)]
            for _ in 0...noise.next(4) where !bytes.isEmpty {
                switch noise.next(3) {
                case 0: bytes[noise.next(bytes.count)] = UInt8(noise.next(256))
                case 1: bytes.remove(at: noise.next(bytes.count))
                default: bytes.insert(UInt8(noise.next(256)), at: noise.next(bytes.count))
                }
            }
            if (try? WireCodec.decodePeerMessage(bytes)) != nil { decoded += 1 }
            if (try? WireCodec.decodeCoordinatorMessage(bytes)) != nil { decoded += 1 }
        }
        #expect(decoded > 100)
    }
}
