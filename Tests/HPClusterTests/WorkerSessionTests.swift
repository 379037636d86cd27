import HPCluster
import HPSearch
import Testing

@Suite("WorkerSession")
struct WorkerSessionTests {
    private let identity = WorkerIdentity(id: "w", incarnation: 1, name: "w")
    private let start = Instant(nanoseconds: 0)
    private let welcome = CoordinatorMessage.welcome(
        epoch: 1, heartbeatSeconds: 2, checkpointByteCountMaximum: 0)

    private func session(spooled: [TrialReport] = []) -> WorkerSession {
        WorkerSession(
            identity: identity, slots: 1, engineRevision: ClusterFixture.engine,
            spooled: spooled, at: start)
    }

    private func assignment(content: String?) -> Assignment {
        Assignment(
            study: 1, content: content, epochs: 1, dataDigest: "",
            members: [
                Assignment.Member(
                    lease: Lease(study: 1, trial: 1, attempt: 1), replicate: 0,
                    parameters: [.number(0.01)])
            ])
    }

    private func report(of lease: Lease) -> TrialReport {
        TrialReport(
            lease: lease, studyDigest: "", dataDigest: "", engineRevision: "",
            outcome: .failed(reason: "error", detail: ""))
    }

    @Test func `it introduces itself until it is welcome, then sends heartbeats`() {
        var session = session()
        let first = session.handle(.clock, at: start)
        guard case .hello = first.messages.first else {
            Issue.record("no hello")
            return
        }
        _ = session.handle(.received(welcome), at: start)
        let later = session.handle(.clock, at: start.advanced(bySeconds: 2))
        #expect(later.messages == [.heartbeat(held: [])])
    }

    @Test func `an attempt that ended is handed back and not begun again`() throws {
        var session = session()
        let content = try ClusterFixture.spec().content
        let lease = Lease(study: 1, trial: 1, attempt: 1)
        _ = session.handle(.received(welcome), at: start)
        _ = session.handle(.received(.cancel([lease])), at: start)
        let given = session.handle(.received(.assign(assignment(content: content))), at: start)
        #expect(given.start.isEmpty)
        #expect(given.messages == [.handBack([lease])])
        #expect(session.held.isEmpty)
    }

    @Test func `it introduces itself on each connection`() {
        var session = session()
        _ = session.handle(.clock, at: start)
        _ = session.handle(.received(welcome), at: start)
        let again = session.handle(.connected, at: start.advanced(bySeconds: 0.1))
        guard case .hello(let hello) = again.messages.first else {
            Issue.record("no hello")
            return
        }
        #expect(hello.introduction == 2)
        #expect(!session.isConnected)
    }

    @Test func `a result is sent again until its verdict`() throws {
        var session = session()
        let content = try ClusterFixture.spec().content
        _ = session.handle(.received(welcome), at: start)
        let given = session.handle(.received(.assign(assignment(content: content))), at: start)
        #expect(given.start.count == 1)
        let lease = Lease(study: 1, trial: 1, attempt: 1)
        let sent = session.handle(.finished([report(of: lease)]), at: start)
        #expect(sent.messages == [.results([report(of: lease)])])
        #expect(session.held == [lease])
        let again = session.handle(.clock, at: start.advanced(bySeconds: 2))
        #expect(again.messages.contains(.results([report(of: lease)])))
        let settled = session.handle(
            .received(.verdicts([LeaseVerdict(lease: lease, verdict: .committed)])),
            at: start.advanced(bySeconds: 3))
        #expect(settled.settled == [lease])
        #expect(session.held.isEmpty)
    }

    @Test func `results of an earlier process are sent after the welcome`() {
        let lease = Lease(study: 1, trial: 4, attempt: 2)
        var session = session(spooled: [report(of: lease)])
        guard case .hello(let hello) = session.handle(.clock, at: start).messages.first else {
            Issue.record("no hello")
            return
        }
        #expect(hello.held == [lease])
        let welcomed = session.handle(
            .received(welcome), at: start)
        #expect(welcomed.messages == [.results([report(of: lease)])])
    }

    @Test func `long curves are sent in frames of their own`() {
        let point = EpochMetrics(
            epoch: 1, learningRate: 0, validationAccuracy: 0, validationLoss: 0,
            trainingAccuracy: 0, trainingLoss: 0)
        let spooled = (1...20).map { number in
            TrialReport(
                lease: Lease(study: 1, trial: number, attempt: 1), studyDigest: "",
                dataDigest: "", engineRevision: "",
                outcome: .trained(
                    state: .complete, reason: "", detail: "",
                    result: TrialResult(
                        objectiveCurve: [], value: 0, standardError: 0, bestEpoch: 1, epochs: 1,
                        metrics: TrialMetrics(), seconds: 0),
                    recordings: TrialRecordings(
                        curve: [EpochMetrics](
                            repeating: point, count: number <= 2 ? 50_000 : 1))))
        }
        var session = session(spooled: spooled)
        let sent = session.handle(
            .received(welcome), at: start)
        let counts = sent.messages.map { message in
            if case .results(let reports) = message { reports.count } else { 0 }
        }
        #expect(counts == [1, 16, 3])
    }

    @Test func `a canceled trial's late result is dropped`() throws {
        var session = session()
        let content = try ClusterFixture.spec().content
        _ = session.handle(.received(welcome), at: start)
        _ = session.handle(.received(.assign(assignment(content: content))), at: start)
        let lease = Lease(study: 1, trial: 1, attempt: 1)
        let canceled = session.handle(.received(.cancel([lease])), at: start)
        #expect(canceled.cancel == [lease])
        let late = session.handle(.finished([report(of: lease)]), at: start)
        #expect(late.messages.isEmpty)
        #expect(late.settled == [lease])
    }

    @Test func `a leaving worker hands back what it runs`() throws {
        var session = session()
        let content = try ClusterFixture.spec().content
        _ = session.handle(.received(welcome), at: start)
        _ = session.handle(.received(.assign(assignment(content: content))), at: start)
        let lease = Lease(study: 1, trial: 1, attempt: 1)
        let leaving = session.handle(.shutdown, at: start)
        #expect(leaving.messages == [.handBack([lease]), .goodbye])
        #expect(leaving.cancel == [lease])
        #expect(leaving.exit == .left)
    }

    @Test func `an assignment of a study that it never heard of is handed back`() {
        var session = session()
        _ = session.handle(.received(welcome), at: start)
        let given = session.handle(.received(.assign(assignment(content: nil))), at: start)
        #expect(given.start.isEmpty)
        #expect(given.messages == [.handBack([Lease(study: 1, trial: 1, attempt: 1)])])
    }

    @Test func `a refused worker leaves for good`() {
        var session = session()
        let effects = session.handle(
            .received(.refused(code: "version", detail: "too old")), at: start)
        #expect(effects.exit == .refused(code: "version", detail: "too old"))
    }
}
