import HPCluster
import HPSearch
import Testing

/// The worker's end: what it asks for before trials of an earlier attempt begin.
@Suite("Checkpoints on their way to a worker")
struct CheckpointFetchTests {
    private static let start = Instant(nanoseconds: 0)
    private let leases = [1, 2, 3].map { Lease(study: 1, trial: $0, attempt: 2) }
    private let digest: String
    private var session: WorkerSession

    /// A worker that was just handed three trials, two of them with an offer.
    init() throws {
        let spec = try ClusterFixture.spec()
        digest = spec.contentDigest
        session = WorkerSession(
            identity: WorkerIdentity(id: "w", incarnation: 1, name: "w"), slots: 1,
            engineRevision: ClusterFixture.engine, spooled: [], at: Self.start)
        let welcome = CoordinatorMessage.welcome(
            epoch: 1, heartbeatSeconds: 2, checkpointByteCountMaximum: 1000)
        _ = session.handle(.received(welcome), at: Self.start)
        let assignment = Assignment(
            study: 1, content: spec.content, epochs: 9, dataDigest: "",
            members: leases.map { lease in
                .init(
                    lease: lease, replicate: 0, parameters: [.number(0.01)],
                    checkpoint: lease.trial == 2
                        ? nil : CheckpointOffer(epoch: 5, byteCount: 250))
            })
        let given = session.handle(.received(.assign(assignment)), at: Self.start)
        #expect(given.start.isEmpty)
        #expect(given.look.map(\.lease) == [leases[0], leases[2]])
        #expect(given.look.map(\.studyDigest) == [spec.contentDigest, spec.contentDigest])
        #expect(session.held == leases)
    }

    private func after(_ seconds: Double) -> Instant { Self.start.advanced(bySeconds: seconds) }

    private func part(
        _ trial: Int = 1, _ offset: Int, epoch: Int = 5, value: Double = 0.53104,
        count: Int = 100
    ) -> WorkerSession.Event {
        let header = CheckpointHeader(
            lease: leases[trial - 1], epoch: epoch, value: value, byteCount: 250)
        let bytes = [UInt8](repeating: 7, count: min(count, 250 - offset))
        return .received(.checkpointPart(.init(header: header, offset: offset, bytes: bytes)))
    }

    /// What the session asks once the coordinator was heard.
    private mutating func requests(at seconds: Double) -> [CheckpointRequest] {
        _ = session.handle(
            .received(.heartbeatAcknowledged(heartbeatSeconds: 2)), at: after(seconds))
        return session.handle(.clock, at: after(seconds)).messages.compactMap { message in
            if case .checkpointRequest(let request) = message { request } else { nil }
        }
    }

    private mutating func found(_ trial: Int, epoch: Int) -> WorkerSession.Effects {
        session.handle(.checkpointLookedFor(leases[trial - 1], epoch: epoch), at: Self.start)
    }

    @Test mutating func `what the disk has is not asked for`() {
        #expect(found(1, epoch: 5).start.isEmpty)
        let started = found(3, epoch: 6).start
        #expect(started.count == 1 && started[0].members.map(\.lease) == leases)
        #expect(requests(at: 1).isEmpty)
    }

    @Test mutating func `each member's own comes part by part, then the bundle starts`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 4)
        for trial in [1, 3] {
            for offset in [0, 100, 200] {
                #expect(
                    requests(at: 1) == [.init(lease: leases[trial - 1], offset: offset)])
                #expect(requests(at: 1).isEmpty)
                let kept = session.handle(part(trial, offset), at: after(1))
                #expect(kept.keep.map(\.part.offset) == [offset])
                #expect(kept.keep.map(\.studyDigest) == [digest])
                let isLast = trial == 3 && offset == 200
                #expect(kept.start.isEmpty != isLast)
                #expect(kept.notices.contains { $0.contains("of epoch 5") } == (offset == 200))
            }
        }
        #expect(requests(at: 2).isEmpty)
    }

    @Test mutating func `what arrives late, twice or unasked is nothing`() {
        _ = found(1, epoch: 0)
        #expect(session.handle(part(1, 100), at: after(1)).keep.isEmpty)
        #expect(session.handle(part(1, 0), at: after(1)).keep.count == 1)
        #expect(session.handle(part(1, 0), at: after(1)).keep.isEmpty)
        #expect(session.handle(part(2, 0), at: after(1)).keep.isEmpty)
        #expect(session.handle(part(3, 0), at: after(1)).keep.isEmpty)
        #expect(requests(at: 1) == [.init(lease: leases[0], offset: 100)])
    }

    @Test mutating func `a refusal, another file or a full disk, and it begins anew`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 0)
        let refused = session.handle(
            .received(.checkpointRefused(leases[0], detail: "gone")), at: after(1))
        #expect(refused.start.isEmpty)
        #expect(refused.notices.contains { $0.contains("begins anew") && $0.contains("gone") })
        _ = session.handle(part(3, 0), at: after(1))
        let changed = session.handle(part(3, 100, epoch: 6), at: after(1))
        #expect(changed.keep.isEmpty)
        #expect(changed.start.count == 1)
    }

    @Test mutating func `a coordinator that was started again goes on with the same file`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 9)
        let first = session.handle(part(1, 0), at: after(1)).keep
        // It knows the value from the file's name.
        let second = session.handle(part(1, 100, value: 0.531), at: after(2)).keep
        #expect(first.count == 1 && second.map(\.part.header) == first.map(\.part.header))
        #expect(requests(at: 2) == [.init(lease: leases[0], offset: 200)])
    }

    @Test mutating func `one that takes longer than it is worth begins anew`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 0)
        for offset in 0..<5 {
            let seconds = 29 * Double(offset)
            #expect(requests(at: seconds) == [.init(lease: leases[0], offset: offset)])
            let byte = part(1, offset, count: 1)
            #expect(session.handle(byte, at: after(seconds)).keep.count == 1)
        }
        #expect(session.nextDeadline <= after(120))
        let ended = session.handle(.clock, at: after(120))
        #expect(ended.notices.contains { $0.contains("begins anew") && $0.contains("slowly") })
        // The next may be smaller.
        #expect(ended.messages.contains(.checkpointRequest(.init(lease: leases[2], offset: 0))))
    }

    @Test mutating func `a disk that takes no part lets it begin anew`() {
        _ = found(3, epoch: 9)
        _ = found(1, epoch: 0)
        let unusable = session.handle(.checkpointUnusable(leases[0]), at: after(1))
        #expect(unusable.start.count == 1)
    }

    @Test mutating func `a silent coordinator is waited for half a minute`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 0)
        for seconds in [0.0, 10, 20] { #expect(requests(at: seconds).count == 1) }
        #expect(session.nextDeadline <= after(30))
        let givenUp = session.handle(.clock, at: after(30))
        #expect(givenUp.start.count == 1)
        #expect(givenUp.notices.count { $0.contains("begins anew") } == 2)
    }

    @Test mutating func `a coordinator that is gone is waited for no longer`() {
        _ = found(1, epoch: 0)
        _ = found(3, epoch: 9)
        _ = session.handle(.clock, at: after(20))
        #expect(!session.isConnected)
        #expect(session.nextDeadline <= after(30))
        #expect(session.handle(.clock, at: after(30)).start.count == 1)
    }

    @Test mutating func `a canceled member isn't waited for`() {
        _ = found(3, epoch: 9)
        let canceled = session.handle(.received(.cancel([leases[0]])), at: after(1))
        #expect(canceled.cancel == [leases[0]])
        #expect(canceled.start.count == 1)
    }

    @Test mutating func `a worker that leaves begins nothing`() {
        _ = found(1, epoch: 0)
        let left = session.handle(.shutdown, at: after(1))
        #expect(left.messages.contains(.handBack(leases)))
        #expect(session.handle(.clock, at: after(40)).start.isEmpty)
    }
}
