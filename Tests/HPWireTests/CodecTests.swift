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
            initialLoss: 2.302585092994046),
        flags: [.learningRateLow, .overfit, .stillImproving], seconds: 1.5)
    static let curve = [
        EpochMetrics(
            epoch: 0.5, learningRate: 1e-300, validationAccuracy: 0.1, validationLoss: .infinity,
            trainingAccuracy: 0.2, trainingLoss: 3)
    ]
    static let diagnostics = TrialDiagnostics(
        epochs: [
            EpochDiagnostics(
                epoch: 0, dataLoss: 2.3, regularizationLoss: 0,
                layers: [
                    LayerDiagnostics(
                        activation: NumberDistribution(
                            mean: 0.1, standardDeviation: 0.5,
                            histogram: Histogram(
                                low: -1, high: 1, counts: (0..<32).map { $0 * $0 })),
                        gradient: NumberDistribution(mean: -0.0, standardDeviation: 1e-300),
                        deadShare: 0.25, isSymmetric: true)
                ]),
            EpochDiagnostics(
                epoch: 1, dataLoss: 1.3, regularizationLoss: 0.2,
                minibatchLoss: MinibatchLoss(mean: 1, standardDeviation: 2, first: 3, last: 4),
                layers: [
                    LayerDiagnostics(
                        weightUpdateRatio: 1e-3, biasUpdateRatio: 2e-3, scaleUpdateRatio: 3e-3,
                        slopeUpdateRatio: 4e-3,
                        activation: NumberDistribution(mean: 0, standardDeviation: .infinity),
                        gradient: NumberDistribution(mean: 0, standardDeviation: 0),
                        saturatedShare: 0)
                ]),
        ],
        firstLayer: WeightImages(
            rows: 2, columns: 3, channels: 1, tiles: [[0, 1, 2, 3, 4, 255], [9, 8, 7, 6, 5, 4]]))
    static let correctness = RowCorrectness((0..<23).map { $0 % 3 == 0 })
    static let crossed = CrossedCorrectness(
        rows: RowCorrectness((0..<23).map { $0 % 4 != 0 }),
        rightOutside: [7, 7, 0, 8, 20, 21, 9, 9, 9, 9])
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
        complete: 3, stage: "coarse",
        best: Leader(
            value: 0.5, trial: 9, configuration: 4, completeCount: 2, replicateCount: 3),
        busyWorkers: 1,
        connectedWorkers: 2, obstacles: ["o"])

    static let part = CheckpointPart(
        header: CheckpointHeader(lease: lease, epoch: 5, value: -0.5, byteCount: 9), offset: 7,
        bytes: [0, 255])

    static let peerMessages: [PeerMessage] =
        [
            .checkpointPart(part), .checkpointRequest(CheckpointRequest(lease: lease, offset: 7)),
            .hello(
                Hello(
                    protocolVersion: 1, introduction: 3, worker: worker, slots: 4,
                    engineRevision: "e", held: [lease])),
            .heartbeat(held: []), .heartbeat(held: [lease, lease]), .handBack([lease]), .goodbye,
            .declineStudy(study: 2, code: "c", detail: "d"),
            .results([
                report(
                    .trained(
                        state: .complete, reason: "", detail: "", result: result,
                        recordings: TrialRecordings(curve: curve, diagnostics: diagnostics))),
                report(
                    .trained(
                        state: .complete, reason: "", detail: "", result: result,
                        recordings: TrialRecordings(
                            correctness: correctness, crossedCorrectness: crossed))),
                report(
                    .trained(
                        state: .complete, reason: "", detail: "", result: result,
                        recordings: TrialRecordings(correctness: correctness))),
                report(.failed(reason: "r", detail: "d")),
                report(.broke(outcome: .outOfMemory, detail: "d")),
            ]),
            .results([]), .request(ClientRequest(id: 1, command: .submit(content: "{}"))),
            .request(ClientRequest(id: 2, command: .pause(study: "s"))),
            .request(ClientRequest(id: 3, command: .resume(study: "s"))),
            .request(ClientRequest(id: 4, command: .stop(study: "s"))),
            .request(ClientRequest(id: .max, command: .cancel(study: "s"))),
        ]
        + WorkerStanding.allCases.map { standing in
            .request(ClientRequest(id: 5, command: .order(worker: "w", standing)))
        }
        + ClientRequest.Query.Kind.allCases.map { kind in
            .request(
                ClientRequest(
                    id: 9,
                    command: .query(
                        .init(kind: kind, study: "s", trial: 3, format: "json", top: 7))))
        }

    static let coordinatorMessages: [CoordinatorMessage] =
        [
            .welcome(epoch: 7, heartbeatSeconds: 2, checkpointByteCountMaximum: 9), .whoAreYou,
            .checkpointReceipt(CheckpointReceipt(lease: lease, epoch: 5, byteCount: 0)),
            .checkpointRefused(lease, detail: "d"), .checkpointPart(part),
            .refused(code: "c", detail: "d"), .heartbeatAcknowledged(heartbeatSeconds: 3),
            .cancel([lease]),
            .assign(
                Assignment(
                    study: 1, content: nil, epochs: 0.5, dataDigest: "",
                    members: [
                        .init(lease: lease, replicate: 3, parameters: values),
                        .init(
                            lease: lease, replicate: 0, parameters: [],
                            checkpoint: CheckpointOffer(epoch: 5, byteCount: 1 << 30)),
                    ])),
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
            .studyPinned(study: 1, dataDigest: "d", dataSummary: "s", engineRevision: "e"),
            .studyPinned(study: 1, dataDigest: "d", dataSummary: nil, engineRevision: "e"),
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
        + WorkerStanding.allCases.map {
            .workerOrdered(worker: "w", name: "host/slot-0", standing: $0)
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

    @Test func `what a trial records and a spooled report survive`() throws {
        #expect(try CurveCodec.decode(CurveCodec.encode(Self.curve)) == Self.curve)
        let bytes = DiagnosticsCodec.encode(Self.diagnostics)
        #expect(try DiagnosticsCodec.decode(bytes) == Self.diagnostics)
        for crossed in [Self.crossed, nil] {
            let bytes = CorrectnessCodec.encode(Self.correctness, crossed: crossed)
            let rows = try CorrectnessCodec.decode(bytes)
            #expect(rows.correctness == Self.correctness && rows.crossed == crossed)
        }
        let report = Self.report(.failed(reason: "r", detail: "d"))
        #expect(try SpoolCodec.decode(SpoolCodec.encode(report)) == report)
    }

    @Test func `another version is refused by its number`() throws {
        var bytes = WireCodec.encode(PeerMessage.goodbye)
        #expect(bytes[0] == 8 && bytes[1] == 1)
        bytes[1] = 2
        #expect(throws: WireError.version(2)) { try WireCodec.decodePeerMessage(bytes) }
    }

    @Test func `another version is refused by its number even if its body can't be read`() {
        let body: [UInt8] = [0x12, 0x02, 0x0A, 0x7F]
        #expect(throws: WireError.version(9)) { try WireCodec.decodePeerMessage([8, 9] + body) }
        #expect(throws: WireError.malformed) { try WireCodec.decodePeerMessage([8, 1] + body) }
    }

    @Test func `no bytes at all are no message`() {
        #expect(throws: WireError.version(0)) { try WireCodec.decodePeerMessage([]) }
        #expect(throws: WireError.version(0)) { try WireCodec.decodeCoordinatorMessage([]) }
    }

    @Test func `an envelope without a body is refused`() {
        #expect(throws: WireError.field("body")) { try WireCodec.decodePeerMessage([8, 1]) }
    }

    @Test func `a field of a newer release is ignored`() throws {
        // Field 1000, a varint.
        let bytes = WireCodec.encode(PeerMessage.goodbye) + [0xC0, 0x3E, 0x01]
        #expect(try WireCodec.decodePeerMessage(bytes) == .goodbye)
    }

    @Test func `a number that no trial has is refused`() {
        let count = (1 << 53) + 1
        let lease = Lease(study: 1, trial: count, attempt: 1)
        #expect(throws: WireError.field("trial")) {
            try WireCodec.decodePeerMessage(WireCodec.encode(.handBack([lease])))
        }
        #expect(throws: WireError.field("lease")) {
            try JournalCodec.decode(
                JournalEntry(
                    kind: JournalEntry.Kind.attemptEnded.rawValue, study: 1, trial: -1,
                    attempt: 1, payload: [8, 2]))
        }
    }

    @Test(arguments: [Double.nan, .infinity, -1])
    func `epochs that no loop could count are refused`(epochs: Double) {
        let assignment = Assignment(
            study: 1, content: nil, epochs: epochs, dataDigest: "", members: [])
        #expect(throws: WireError.field("epochs")) {
            try WireCodec.decodeCoordinatorMessage(WireCodec.encode(.assign(assignment)))
        }
    }

    @Test func `an unknown kind of journal record is refused by its number`() {
        let entry = JournalEntry(kind: 99, study: 1, trial: nil, attempt: nil, payload: [])
        #expect(throws: WireError.field("journal kind 99")) { try JournalCodec.decode(entry) }
    }

    @Test func `kinds of journal records keep their numbers`() {
        #expect(JournalEntry.Kind.allCases.map(\.rawValue) == Array(1...10))
        let kinds = Self.records.map { JournalCodec.encode($0).kind }
        #expect(Set(kinds) == Set(1...10))
    }

    @Test func `images of other sizes than they say are refused`() {
        var images = WeightImages(rows: 2, columns: 2, channels: 3, tiles: [[1, 2, 3]])
        func expectRefusal() {
            let bytes = DiagnosticsCodec.encode(TrialDiagnostics(epochs: [], firstLayer: images))
            #expect(throws: WireError.field("weight images")) {
                try DiagnosticsCodec.decode(bytes)
            }
        }
        expectRefusal()
        images = WeightImages(rows: 0, columns: 1, channels: 1, tiles: [])
        expectRefusal()
        images = WeightImages(rows: 1 << 16, columns: 1 << 16, channels: 1, tiles: [])
        expectRefusal()
        images = WeightImages(
            rows: 1, columns: 1, channels: 1, tiles: [[UInt8]](repeating: [1], count: 26))
        expectRefusal()
    }

    /// A message of protobuf with a varint, then fields of bytes, numbered from 1.
    private static func message(_ count: UInt8, _ fields: [UInt8]...) -> [UInt8] {
        fields.enumerated().reduce([8, count]) { bytes, field in
            bytes + [UInt8(8 * (field.offset + 2) + 2), UInt8(field.element.count)] + field.element
        }
    }

    private static let badRows: [[UInt8]] = [
        // No row, too few bits, too many, a bit past the last row.
        message(0, []), message(9, [1]), message(8, [1, 0]), message(9, [1, 2]),
        // More rows than any result has: 2³⁰.
        [8, 0x80, 0x80, 0x80, 0x80, 4, 0x12, 1, 1],
    ]

    @Test(arguments: badRows)
    func `validation rows that are none are refused`(bytes: [UInt8]) {
        #expect(throws: WireError.field("validation rows")) {
            try CorrectnessCodec.decode(bytes)
        }
    }

    @Test func `rows outside of folds that don't fit are refused`() throws {
        // Three rows, so three folds, and two rows outside of each.
        func decode(_ outside: [UInt8]) throws -> CrossedCorrectness? {
            let crossed = [0x0A, 1, 5, 0x12, UInt8(outside.count)] + outside
            return try CorrectnessCodec.decode(Self.message(3, [7], crossed)).crossed
        }
        #expect(try decode([2, 1, 0])?.rightOutside == [2, 1, 0])
        for outside: [UInt8] in [[], [2, 1], [2, 1, 0, 0], [3, 0, 0]] {
            #expect(throws: WireError.field("rows outside of folds")) { try decode(outside) }
        }
    }

    @Test func `more looks than any training leaves are refused`() {
        let look = EpochDiagnostics(epoch: 0, dataLoss: 0, regularizationLoss: 0)
        let looks = [EpochDiagnostics](repeating: look, count: (1 << 16) + 1)
        #expect(throws: WireError.field("diagnostics")) {
            try DiagnosticsCodec.decode(DiagnosticsCodec.encode(TrialDiagnostics(epochs: looks)))
        }
    }

    @Test(arguments: [[TrialFlag.overfit, .learningRateLow], [.noisy, .noisy]])
    func `flags twice or in another order are refused`(flags: [TrialFlag]) {
        var result = Self.result
        result.flags = flags
        let record = JournalRecord.trialFinished(
            FinishedTrial(
                study: 1, trial: 1, attempt: 1, state: .complete, reason: "", detail: "",
                result: result, worker: ""))
        #expect(throws: WireError.field("flags")) {
            try JournalCodec.decode(JournalCodec.encode(record))
        }
    }

    @Test func `a deep nest of lists is refused and a shallow one survives`() throws {
        func record(depth: Int) -> JournalRecord {
            var value = ParameterValue.integer(1)
            for _ in 0..<depth { value = .list([value]) }
            return .trialCreated(
                study: 1,
                trial: CreatedTrial(
                    number: 1, stage: 0, configuration: 1, replicate: 0, parameters: [value]))
        }
        #expect(
            try JournalCodec.decode(JournalCodec.encode(record(depth: 12))) == record(depth: 12))
        #expect(throws: WireError.malformed) {
            try JournalCodec.decode(JournalCodec.encode(record(depth: 200)))
        }
    }

    @Test func `what a person types never ends a client`() throws {
        let query = ClientRequest.Query(kind: .trial, study: "s", trial: -5, top: -1)
        let bytes = WireCodec.encode(.request(ClientRequest(id: 1, command: .query(query))))
        guard case .request(let request) = try WireCodec.decodePeerMessage(bytes),
            case .query(let arrived) = request.command
        else {
            Issue.record("another message arrived")
            return
        }
        #expect(arrived.trial == 0 && arrived.top == 0)
    }
}
