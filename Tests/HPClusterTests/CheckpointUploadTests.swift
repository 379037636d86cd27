import HPCluster
import HPSearch
import Testing

/// The worker's end: what it sends, and when.
@Suite("Checkpoints on their way to the coordinator")
struct CheckpointUploadTests {
    private static let start = Instant(nanoseconds: 0)
    private let leases = [1, 2].map { Lease(study: 1, trial: $0, attempt: 1) }

    /// A registered worker that trains two trials since the start.
    private func session(
        takes byteCountMaximum: Int = 1000, spooled: [TrialReport] = []
    ) throws -> WorkerSession {
        var session = WorkerSession(
            identity: WorkerIdentity(id: "w", incarnation: 1, name: "w"), slots: 1,
            engineRevision: ClusterFixture.engine, spooled: spooled,
            limits: ClusterLimits(
                checkpoints: CheckpointLimits(worthSeconds: 120, partByteCount: 100)),
            at: Self.start)
        _ = session.handle(.received(welcome(byteCountMaximum)), at: Self.start)
        let assignment = Assignment(
            study: 1, content: try ClusterFixture.spec().content, epochs: 9, dataDigest: "",
            members: leases.map { .init(lease: $0, replicate: 0, parameters: [.number(0.01)]) })
        let given = session.handle(.received(.assign(assignment)), at: Self.start)
        #expect(given.start.count == 1)
        return session
    }

    private func welcome(_ byteCountMaximum: Int) -> CoordinatorMessage {
        .welcome(
            epoch: 1, heartbeatSeconds: 2, checkpointByteCountMaximum: byteCountMaximum)
    }

    private func header(_ trial: Int = 1, epoch: Int = 1, byteCount: Int = 250) -> CheckpointHeader
    {
        CheckpointHeader(
            lease: leases[trial - 1], epoch: epoch, value: 0.5, byteCount: byteCount)
    }

    private func receipt(of header: CheckpointHeader, _ byteCount: Int) -> WorkerSession.Event {
        .received(
            .checkpointReceipt(
                CheckpointReceipt(
                    lease: header.lease, epoch: header.epoch, byteCount: byteCount)))
    }

    private func after(_ seconds: Double) -> Instant { Self.start.advanced(bySeconds: seconds) }

    /// What is sent once the coordinator is heard, so that the session isn't given up.
    private func upload(_ session: inout WorkerSession, at seconds: Double) -> WantedPart? {
        _ = session.handle(
            .received(.heartbeatAcknowledged(heartbeatSeconds: 2)), at: after(seconds))
        return session.handle(.clock, at: after(seconds)).upload
    }

    @Test func `less than two minutes of work isn't sent`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(119))
        #expect(upload(&session, at: 119) == nil)
        _ = session.handle(.checkpointSaved(header(epoch: 2)), at: after(120))
        #expect(upload(&session, at: 120)?.header == header(epoch: 2))
    }

    @Test func `parts go one by one, each after the answer to the last`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        let first = upload(&session, at: 130)
        #expect(first?.offset == 0 && first?.byteCount == 100)
        #expect(upload(&session, at: 131) == nil)
        _ = session.handle(receipt(of: header(), 100), at: after(131))
        #expect(upload(&session, at: 131)?.offset == 100)
        _ = session.handle(receipt(of: header(), 200), at: after(132))
        let last = upload(&session, at: 132)
        #expect(last?.offset == 200 && last?.byteCount == 50)
        _ = session.handle(receipt(of: header(), 250), at: after(133))
        #expect(upload(&session, at: 133) == nil)
        // What is whole there covers the work up to its own epoch.
        _ = session.handle(.checkpointSaved(header(epoch: 2)), at: after(249))
        #expect(upload(&session, at: 249) == nil)
        _ = session.handle(.checkpointSaved(header(epoch: 3)), at: after(250))
        #expect(upload(&session, at: 250)?.header.epoch == 3)
    }

    @Test func `one goes to its end when a later one is there, and the most work goes first`()
        throws
    {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        _ = session.handle(.checkpointSaved(header(2)), at: after(140))
        #expect(upload(&session, at: 140)?.header == header(2))
        _ = session.handle(.checkpointSaved(header(2, epoch: 2)), at: after(150))
        _ = session.handle(receipt(of: header(2), 100), at: after(150))
        #expect(upload(&session, at: 150)?.header == header(2))
        _ = session.handle(receipt(of: header(2), 250), at: after(160))
        #expect(upload(&session, at: 160)?.header == header())
    }

    @Test func `results and the farewell go first`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        let report = TrialReport(
            lease: leases[1], studyDigest: "", dataDigest: "", engineRevision: "",
            outcome: .failed(reason: "error", detail: ""))
        _ = session.handle(.finished([report]), at: after(130))
        #expect(upload(&session, at: 130) == nil)
        #expect(session.nextDeadline > after(130))
        let verdict = LeaseVerdict(lease: leases[1], verdict: .committed)
        _ = session.handle(.received(.verdicts([verdict])), at: after(131))
        #expect(upload(&session, at: 131) != nil)
        _ = session.handle(.shutdown, at: after(132))
        #expect(upload(&session, at: 150) == nil)
    }

    @Test func `what nobody answers is sent again, and given up after three times`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        for seconds in [130.0, 140, 150] {
            #expect(upload(&session, at: seconds)?.offset == 0)
            #expect(session.nextDeadline <= after(seconds + 10))
        }
        #expect(upload(&session, at: 160) == nil)
        // The trial goes on, and another one is tried when it is worth it again.
        #expect(session.held == leases)
        _ = session.handle(.checkpointSaved(header(epoch: 2)), at: after(279))
        #expect(upload(&session, at: 279) == nil)
        _ = session.handle(.checkpointSaved(header(epoch: 3)), at: after(280))
        #expect(upload(&session, at: 280)?.header.epoch == 3)
    }

    @Test func `a coordinator that came back is told from where it left off`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        #expect(upload(&session, at: 130) != nil)
        _ = session.handle(receipt(of: header(), 100), at: after(131))
        #expect(upload(&session, at: 131)?.offset == 100)
        _ = session.handle(.connected, at: after(132))
        #expect(session.handle(.clock, at: after(132)).upload == nil)
        _ = session.handle(.received(welcome(1000)), at: after(133))
        #expect(upload(&session, at: 133)?.offset == 100)
        // Another process has nothing of it.
        _ = session.handle(receipt(of: header(), 0), at: after(134))
        #expect(upload(&session, at: 134)?.offset == 0)
    }

    @Test func `answers that go back again and again end the upload`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        for round in 1...3 {
            #expect(upload(&session, at: 130)?.offset == 0, "\(round)")
            _ = session.handle(receipt(of: header(), 100), at: after(130))
            #expect(upload(&session, at: 130)?.offset == 100, "\(round)")
            _ = session.handle(receipt(of: header(), 0), at: after(130))
        }
        #expect(upload(&session, at: 130) == nil)
    }

    @Test func `a refusal is said, and costs the upload alone`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        #expect(upload(&session, at: 130) != nil)
        let refused = session.handle(
            .received(.checkpointRefused(leases[0], detail: "no room")), at: after(131))
        #expect(refused.notices.count == 1 && refused.notices[0].contains("no room"))
        #expect(refused.cancel.isEmpty && session.held == leases)
        #expect(upload(&session, at: 131) == nil)
    }

    @Test func `nothing is sent of a trial that is over, too large or without a number`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        _ = session.handle(.received(.cancel([leases[0]])), at: after(130))
        #expect(upload(&session, at: 130) == nil)
        _ = session.handle(.checkpointSaved(header(2, byteCount: 1001)), at: after(130))
        #expect(upload(&session, at: 130) == nil)
        var nameless = header(2)
        nameless.value = .infinity
        _ = session.handle(.checkpointSaved(nameless), at: after(130))
        #expect(upload(&session, at: 130) == nil)
    }

    @Test func `an answer about another epoch says nothing of this one`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        #expect(upload(&session, at: 130)?.offset == 0)
        _ = session.handle(receipt(of: header(epoch: 2), 100), at: after(131))
        #expect(upload(&session, at: 131) == nil)
        #expect(upload(&session, at: 140)?.offset == 0)
    }

    @Test func `what is being sent of a trial that is over goes no further`() throws {
        var session = try session()
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        #expect(upload(&session, at: 130)?.header == header())
        #expect(session.upload == header())
        _ = session.handle(.received(.cancel([leases[0]])), at: after(131))
        #expect(session.upload == nil)
        _ = session.handle(receipt(of: header(), 100), at: after(131))
        #expect(upload(&session, at: 145) == nil)
        _ = session.handle(.checkpointSaved(header(2)), at: after(150))
        #expect(upload(&session, at: 150)?.header == header(2))
    }

    @Test func `a coordinator of an older release is sent nothing`() throws {
        var session = try session(takes: 0)
        _ = session.handle(.checkpointSaved(header()), at: after(130))
        #expect(upload(&session, at: 130) == nil)
    }
}
