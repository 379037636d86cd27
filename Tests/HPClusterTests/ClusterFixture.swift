import ClusterTesting
import HPCluster
import HPSearch
import Testing

/// A coordinator with a hand-moved clock, a journal in memory, and workers that answer by rule.
struct ClusterFixture {
    var coordinator: Coordinator
    let store = MemoryJournal()
    var journal: [JournalRecord] { store.committed }
    var now = Instant(nanoseconds: 0)
    var notices: [String] = []
    /// For the folder of checkpoints.
    var orders: [CheckpointOrder] = []

    static let digest = "data"
    static let engine = "engine/1"

    private let looksForContradictions: Bool
    private let limits: ClusterLimits

    init(
        looksForContradictions: Bool = true, limits: ClusterLimits = ClusterLimits()
    ) throws {
        self.looksForContradictions = looksForContradictions
        self.limits = limits
        coordinator = try Coordinator(replaying: [], limits: limits, at: now)
        _ = apply(coordinator.start(at: now))
    }

    static func spec(
        name: String = "study", stages: String = "- {name: coarse, trials: 6, epochs: 1}",
        extra: String = ""
    ) throws -> StudySpec {
        let target = extra.hasPrefix(",") ? extra : ""
        return try StudySpec.read(
            text: """
                study: \(name)
                seed: 7
                objective: {metric: val_accuracy, goal: maximize\(target)}
                data: {dataset: digits}
                parameters:
                  learning_rate: {log_uniform: [1.0e-4, 1.0]}
                stages:
                  \(stages)
                \(extra.hasPrefix(",") ? "" : extra)
                """, file: "test.yaml")
    }

    /// Handles a message and returns what goes out; the journal keeps what it says.
    mutating func receive(_ message: PeerMessage, from session: SessionID) -> [Outbound] {
        apply(coordinator.handle(.received(from: session, message), at: now))
    }

    mutating func revoke(_ session: SessionID) -> [Outbound] {
        apply(coordinator.handle(.revoked(session), at: now))
    }

    mutating func receive(_ report: CheckpointReport) -> [Outbound] {
        apply(coordinator.handle(.checkpoint(report), at: now))
    }

    mutating func pass(seconds: Double) -> [Outbound] {
        now = now.advanced(bySeconds: seconds)
        return apply(coordinator.handle(.clock, at: now))
    }

    /// Moves the clock in steps in which the coordinator's own loop stays awake.
    mutating func wait(seconds: Double) -> [Outbound] {
        var sent: [Outbound] = []
        var left = seconds
        while left > 0 {
            sent += pass(seconds: min(left, 1))
            left -= 1
        }
        return sent
    }

    mutating func submit(_ spec: StudySpec) -> [Outbound] {
        receive(
            .request(ClientRequest(id: 1, command: .submit(content: spec.content))),
            from: SessionID([99]))
    }

    /// The coordinator dies and another takes up the journal.
    mutating func restart() throws {
        coordinator = try Coordinator(replaying: journal, limits: limits, at: now)
        _ = apply(coordinator.start(at: now))
    }

    private mutating func apply(_ effects: Effects) -> [Outbound] {
        guard let committed = try? store.commit(effects) else {
            preconditionFailure("the journal in memory fails only when it is told to")
        }
        notices += committed.notices
        orders += committed.checkpoints
        guard looksForContradictions else { return committed.messages }
        let contradictions = coordinator.contradictions()
        if !contradictions.isEmpty { Issue.record("\(contradictions)") }
        return committed.messages
    }

    var study: Study { coordinator.state.studies[0].study }
}

/// A worker of the tests: remembers what it was given.
struct FakeWorker {
    var session: SessionID
    var identity: WorkerIdentity
    var members: [Assignment.Member] = []
    var verdicts: [LeaseVerdict] = []
    var canceled: [Lease] = []
    var studyDigest: String
    private var introductions = 0

    init(_ number: UInt8, incarnation: UInt64 = 1, studyDigest: String) {
        session = SessionID([number])
        identity = WorkerIdentity(
            id: "worker-\(number)", incarnation: incarnation, name: "worker-\(number)")
        self.studyDigest = studyDigest
    }

    mutating func hello(slots: Int = 1, held: [Lease] = []) -> PeerMessage {
        introductions += 1
        return .hello(
            Hello(
                protocolVersion: ClusterLimits.protocolVersion, introduction: introductions,
                worker: identity, slots: slots,
                engineRevision: ClusterFixture.engine, held: held))
    }

    mutating func take(_ outbound: [Outbound]) {
        for sent in outbound where sent.session == session {
            switch sent.message {
            case .assign(let assignment): members += assignment.members
            case .verdicts(let verdicts): self.verdicts += verdicts
            case .cancel(let leases):
                canceled += leases
                members.removeAll { leases.contains($0.lease) }
            default: break
            }
        }
    }

    /// The result that this configuration always has: a pure function of its parameters.
    static func value(of parameters: [ParameterValue]) -> Double {
        let rate = parameters[0].asNumber ?? 0
        return 1 / (1 + (rate - 0.01).magnitude * 10)
    }

    func report(
        _ member: Assignment.Member, dataDigest: String = ClusterFixture.digest
    ) -> TrialReport {
        let value = Self.value(of: member.parameters)
        return TrialReport(
            lease: member.lease, studyDigest: studyDigest, dataDigest: dataDigest,
            engineRevision: ClusterFixture.engine,
            outcome: .trained(
                state: .complete, reason: "", detail: "",
                result: TrialResult(
                    objectiveCurve: [value], value: value, standardError: 0.01, bestEpoch: 1,
                    epochs: 1, metrics: TrialMetrics(validationAccuracy: value), seconds: 0.1),
                recordings: TrialRecordings()))
    }

    /// Reports everything that it holds.
    mutating func finishAll() -> PeerMessage {
        defer { members = [] }
        return .results(members.map { report($0) })
    }
}

extension ClusterFixture {
    /// Connects a worker and lets it take what it is given.
    mutating func connect(_ worker: inout FakeWorker, slots: Int = 1, held: [Lease] = []) {
        let hello = worker.hello(slots: slots, held: held)
        worker.take(receive(hello, from: worker.session))
    }

    /// The worker reports all it holds, and takes what it is given next.
    mutating func finish(_ worker: inout FakeWorker) {
        let message = worker.finishAll()
        worker.take(receive(message, from: worker.session))
    }

    /// Runs the study to its end with one worker.
    mutating func drain(_ worker: inout FakeWorker) {
        for _ in 0..<1000 where !worker.members.isEmpty { finish(&worker) }
    }
}
