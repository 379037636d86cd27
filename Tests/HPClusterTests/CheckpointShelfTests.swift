import HPCluster
import HPSearch
import Testing

/// The coordinator's end: from whom it takes a checkpoint, and to whom it gives one.
@Suite("Checkpoints at the coordinator")
struct CheckpointShelfTests {
    private var fixture: ClusterFixture
    private var worker: FakeWorker
    private let spec: StudySpec

    /// A study of two trials, and a worker that holds both.
    init() throws {
        spec = try ClusterFixture.spec(stages: "- {name: coarse, trials: 2, epochs: 9}")
        fixture = try ClusterFixture(
            limits: ClusterLimits(
                checkpoints: CheckpointLimits(byteCountMaximum: 1000, totalByteCountMaximum: 1500)))
        _ = fixture.submit(spec)
        worker = FakeWorker(1, studyDigest: spec.contentDigest)
        fixture.connect(&worker)
        #expect(fixture.orders.first == .list)
        _ = fixture.receive(.listed([]))
        fixture.orders = []
    }

    private func header(
        _ trial: Int = 1, attempt: Int = 1, epoch: Int = 5, byteCount: Int = 600
    ) -> CheckpointHeader {
        CheckpointHeader(
            lease: Lease(study: 1, trial: trial, attempt: attempt), epoch: epoch, value: 0.5,
            byteCount: byteCount)
    }

    private func part(_ header: CheckpointHeader) -> PeerMessage {
        .checkpointPart(.init(header: header, offset: 0, bytes: [1]))
    }

    /// Why the part was refused; nil when it was not.
    private mutating func refusal(
        of header: CheckpointHeader, from session: SessionID? = nil
    ) -> String? {
        for sent in fixture.receive(part(header), from: session ?? worker.session) {
            if case .checkpointRefused(_, let detail) = sent.message { return detail }
        }
        return nil
    }

    /// All of it has arrived and is on the disk.
    private mutating func complete(_ header: CheckpointHeader) -> [Outbound] {
        #expect(refusal(of: header) == nil)
        return fixture.receive(
            .received(header, byteCount: header.byteCount, from: worker.session))
    }

    /// The worker is gone, another is handed its trials.
    private mutating func successor() -> FakeWorker {
        _ = fixture.wait(seconds: 10)
        var other = FakeWorker(2, studyDigest: spec.contentDigest)
        fixture.connect(&other)
        while other.members.isEmpty { other.take(fixture.pass(seconds: 1)) }
        return other
    }

    @Test mutating func `the holder's parts go to the disk, and what the disk has to the holder`() {
        #expect(refusal(of: header()) == nil)
        #expect(
            fixture.orders == [
                .write(.init(header: header(), offset: 0, bytes: [1]), from: worker.session)
            ])
        let told = fixture.receive(.received(header(), byteCount: 1, from: worker.session))
        #expect(
            told.map(\.message) == [
                .checkpointReceipt(.init(lease: header().lease, epoch: 5, byteCount: 1))
            ])
    }

    @Test mutating func `nobody else's are taken`() {
        var other = FakeWorker(2, studyDigest: spec.contentDigest)
        fixture.connect(&other)
        #expect(refusal(of: header(), from: other.session)?.contains("another worker") == true)
        #expect(refusal(of: header(attempt: 2)) != nil)
        #expect(refusal(of: header(3)) != nil)
        #expect(
            fixture.receive(part(header()), from: SessionID([77])).map(\.message) == [.whoAreYou])
        #expect(fixture.orders.isEmpty)
    }

    @Test mutating func `a former attempt's are refused once the trial is another's`() {
        _ = successor()
        #expect(
            fixture.receive(part(header()), from: worker.session).map(\.message) == [.whoAreYou])
        fixture.connect(&worker)
        fixture.orders = []
        #expect(refusal(of: header()) != nil)
        #expect(fixture.orders.isEmpty)
    }

    @Test mutating func `its size is bounded, and that of all together`() {
        #expect(refusal(of: header(byteCount: 1001))?.contains("more than 1000") == true)
        #expect(refusal(of: header(1, byteCount: 800)) == nil)
        #expect(refusal(of: header(2, byteCount: 701))?.contains("more than 1500") == true)
        #expect(refusal(of: header(2, byteCount: 700)) == nil)
        #expect(refusal(of: header(2, byteCount: 600)) != nil, "it changed its size")
        // One that failed takes no room.
        _ = fixture.receive(
            .notWritten(header(1, byteCount: 800), detail: "full", from: worker.session))
        #expect(refusal(of: header(1, byteCount: 750)) == nil)
    }

    @Test mutating func `late and doubled parts change nothing`() {
        _ = complete(header())
        fixture.orders = []
        let again = fixture.receive(part(header()), from: worker.session)
        #expect(
            again.map(\.message) == [
                .checkpointReceipt(.init(lease: header().lease, epoch: 5, byteCount: 600))
            ])
        #expect(fixture.receive(part(header(epoch: 4)), from: worker.session).isEmpty)
        #expect(fixture.orders.isEmpty)
        #expect(refusal(of: header(epoch: 6)) == nil)
        #expect(fixture.receive(part(header(epoch: 5)), from: worker.session).count == 1)
        #expect(fixture.orders.count == 1)
    }

    @Test mutating func `parts sent before what is coming now change nothing`() {
        #expect(refusal(of: header(epoch: 6)) == nil)
        fixture.orders = []
        #expect(fixture.receive(part(header(epoch: 5)), from: worker.session).isEmpty)
        #expect(fixture.orders.isEmpty)
        #expect(refusal(of: header(epoch: 6)) == nil)
        #expect(fixture.orders.count == 1)
    }

    /// The disk answers of one upload when another has begun.
    @Test(arguments: [true, false])
    mutating func `what came of a former upload ends no later one`(isWhole: Bool) {
        #expect(refusal(of: header(epoch: 5)) == nil)
        #expect(refusal(of: header(epoch: 6)) == nil)
        if isWhole {
            _ = fixture.receive(
                .received(header(epoch: 5), byteCount: 600, from: worker.session))
        } else {
            _ = fixture.receive(.notWritten(header(epoch: 5), detail: "", from: worker.session))
        }
        fixture.orders = []
        let other = successor()
        #expect(fixture.orders == [.discardUpload(study: 1, trial: 1)])
        #expect(other.members.contains { $0.checkpoint?.epoch == 5 } == isWhole)
    }

    @Test mutating func `whoever is handed the trial is offered it, and gets it`() {
        _ = complete(header())
        let other = successor()
        #expect(other.members.map(\.lease.trial) == [1])
        #expect(other.members[0].checkpoint == CheckpointOffer(epoch: 5, byteCount: 600))
        fixture.orders = []
        let request = CheckpointRequest(
            lease: Lease(study: 1, trial: 1, attempt: 2), offset: 100)
        #expect(fixture.receive(.checkpointRequest(request), from: other.session).isEmpty)
        #expect(
            fixture.orders == [.read(request, byteCount: 256 * 1024, to: other.session)])
        let given = CheckpointPart(
            header: header(attempt: 2), offset: 100, bytes: [1, 2])
        let sent = fixture.receive(.given(given, to: other.session))
        #expect(sent == [Outbound(session: other.session, message: .checkpointPart(given))])
    }

    @Test mutating func `what isn't there, or isn't the worker's, is not given`() {
        _ = complete(header())
        let requests = [
            CheckpointRequest(lease: header(2).lease, offset: 0),
            CheckpointRequest(lease: header(attempt: 2).lease, offset: 0),
            CheckpointRequest(lease: header().lease, offset: 600),
        ]
        fixture.orders = []
        for request in requests {
            let sent = fixture.receive(.checkpointRequest(request), from: worker.session)
            guard case .checkpointRefused(request.lease, _)? = sent.first?.message else {
                Issue.record("\(request) was not refused")
                continue
            }
        }
        #expect(fixture.orders.isEmpty)
    }

    @Test mutating func `one that can't be read is offered to nobody`() {
        _ = complete(header())
        _ = fixture.receive(.notGiven(header().lease, detail: "damaged", to: worker.session))
        #expect(fixture.orders.last == .remove(study: 1, trial: 1))
        #expect(successor().members.allSatisfy { $0.checkpoint == nil })
    }

    @Test mutating func `a lost attempt's upload goes, what is whole stays`() {
        _ = complete(header())
        #expect(refusal(of: header(epoch: 6)) == nil)
        fixture.orders = []
        _ = fixture.wait(seconds: 10)
        #expect(fixture.orders == [.discardUpload(study: 1, trial: 1)])
    }

    @Test mutating func `a new attempt's replaces what was there, whatever its epoch`() {
        _ = complete(header())
        let other = successor()
        let anew = header(attempt: 2, epoch: 1)
        #expect(refusal(of: anew, from: other.session) == nil)
        _ = fixture.receive(.received(anew, byteCount: 600, from: other.session))
        fixture.orders = []
        #expect(refusal(of: header(attempt: 2, epoch: 2), from: other.session) == nil)
        #expect(fixture.orders.count == 1)
    }

    @Test mutating func `files go with the result, and with the study`() {
        _ = complete(header(1, byteCount: 400))
        _ = complete(header(2, byteCount: 400))
        fixture.orders = []
        let first = worker.report(worker.members[0])
        _ = fixture.receive(.results([first]), from: worker.session)
        #expect(fixture.orders == [.remove(study: 1, trial: 1)])
        _ = fixture.receive(
            .request(ClientRequest(id: 2, command: .cancel(study: "study"))),
            from: SessionID([99]))
        #expect(
            fixture.orders == [.remove(study: 1, trial: 1), .remove(study: 1, trial: 2)])
    }

    /// The last part is with the disk when the worker is asked to leave.
    @Test
    mutating func `what becomes whole as its attempt ends is offered, and goes with the trial`() {
        #expect(refusal(of: header()) == nil)
        _ = fixture.receive(.handBack(worker.members.map(\.lease)), from: worker.session)
        _ = fixture.receive(.goodbye, from: worker.session)
        _ = fixture.receive(.received(header(), byteCount: 600, from: worker.session))
        var other = FakeWorker(2, studyDigest: spec.contentDigest)
        fixture.connect(&other)
        #expect(other.members.first?.checkpoint == CheckpointOffer(epoch: 5, byteCount: 600))
        fixture.orders = []
        fixture.drain(&other)
        #expect(fixture.study.state == .complete)
        #expect(fixture.orders == [.remove(study: 1, trial: 1)])
    }

    /// The worker's attempt of the first trial is killed for its memory; returns what the next one
    /// is offered.
    private mutating func outOfMemory() -> Int? {
        guard let member = worker.members.first(where: { $0.lease.trial == 1 }) else {
            Issue.record("the first trial isn't handed out again")
            return nil
        }
        worker.members.removeAll { $0.lease.trial == 1 }
        var report = worker.report(member)
        report.outcome = .broke(outcome: .outOfMemory, detail: "killed")
        worker.take(fixture.receive(.results([report]), from: worker.session))
        // At first it holds the other trial, too.
        if !worker.members.contains(where: { $0.lease.trial == 1 }) { fixture.finish(&worker) }
        return worker.members.first?.checkpoint?.epoch
    }

    @Test mutating func `one that an attempt died of is given to no other`() {
        _ = complete(header())
        #expect(outOfMemory() == 5)
        // The attempt that was given it comes no further.
        fixture.orders = []
        #expect(outOfMemory() == nil)
        #expect(fixture.orders.first == .remove(study: 1, trial: 1))
        fixture.drain(&worker)
        #expect(fixture.study.trials[0].state == .complete)
    }

    @Test mutating func `one that an attempt came beyond is`() {
        _ = complete(header())
        #expect(outOfMemory() == 5)
        _ = complete(header(attempt: 2, epoch: 7))
        #expect(outOfMemory() == 7)
    }

    private func quarantine() -> PeerMessage {
        .request(ClientRequest(id: 2, command: .order(worker: "worker-1", .quarantined)))
    }

    private var removals: [CheckpointOrder] {
        [1, 2].map { .remove(study: 1, trial: $0) }
    }

    @Test(arguments: [true, false])
    mutating func `what a worker made that is trusted no more is given to nobody`(
        isRevoked: Bool
    ) {
        _ = complete(header())
        #expect(refusal(of: header(2, byteCount: 500)) == nil)
        fixture.orders = []
        if isRevoked {
            _ = fixture.revoke(worker.session)
        } else {
            _ = fixture.receive(quarantine(), from: SessionID([99]))
        }
        #expect(fixture.orders.filter(removals.contains) == removals)
        // It was with the disk before.
        _ = fixture.receive(
            .received(header(2, byteCount: 500), byteCount: 500, from: worker.session))
        let other = successor()
        #expect(!other.members.isEmpty && other.members.allSatisfy { $0.checkpoint == nil })
    }

    @Test mutating func `nor is what others made of its trials before, or a former process has`()
        throws
    {
        _ = complete(header())
        let other = successor()
        #expect(other.members.contains { $0.checkpoint != nil })
        fixture.connect(&worker)
        _ = fixture.receive(quarantine(), from: SessionID([99]))
        #expect(fixture.orders.contains(.remove(study: 1, trial: 1)))
        try fixture.restart()
        fixture.orders = []
        _ = fixture.receive(
            .listed([CheckpointFile(study: 1, trial: 1, epoch: 3, byteCount: 50)]))
        #expect(fixture.orders == [.remove(study: 1, trial: 1)])
    }

    @Test mutating func `what becomes whole when its trial is over goes at once`() {
        #expect(refusal(of: header()) == nil)
        _ = fixture.receive(.handBack([header().lease]), from: worker.session)
        fixture.drain(&worker)
        var other = FakeWorker(2, studyDigest: spec.contentDigest)
        fixture.connect(&other)
        fixture.drain(&other)
        fixture.orders = []
        _ = fixture.receive(.received(header(), byteCount: 600, from: worker.session))
        #expect(fixture.orders == [.remove(study: 1, trial: 1)])
    }

    /// The first part came twice: the disk refused one and took the other.
    @Test mutating func `a part of an upload that failed before goes`() {
        #expect(refusal(of: header()) == nil)
        _ = fixture.receive(.notWritten(header(), detail: "", from: worker.session))
        fixture.orders = []
        _ = fixture.receive(.received(header(), byteCount: 1, from: worker.session))
        #expect(fixture.orders == [.discardUpload(study: 1, trial: 1)])
        // Not so when another has begun: that one's parts follow.
        #expect(refusal(of: header(epoch: 6)) == nil)
        fixture.orders = []
        _ = fixture.receive(.received(header(), byteCount: 1, from: worker.session))
        #expect(fixture.orders.isEmpty)
    }

    @Test mutating func `what is about to be removed is offered to nobody`() {
        _ = complete(header())
        _ = fixture.receive(.notGiven(header().lease, detail: "", to: worker.session))
        // It was written before, and is reported before it is gone.
        _ = fixture.receive(.received(header(), byteCount: 600, from: worker.session))
        #expect(successor().members.allSatisfy { $0.checkpoint == nil })
        _ = fixture.receive(.removed(study: 1, trial: 1))
        #expect(fixture.coordinator.contradictions().isEmpty)
    }

    @Test mutating func `a coordinator that starts keeps those of trials under way`() throws {
        let first = worker.report(worker.members[0])
        _ = fixture.receive(.results([first]), from: worker.session)
        try fixture.restart()
        fixture.orders = []
        _ = fixture.receive(
            .listed(
                [(1, 1), (1, 2), (1, 3), (7, 1)].map { study, trial in
                    CheckpointFile(study: study, trial: trial, epoch: 3, byteCount: 50)
                }))
        #expect(
            fixture.orders == [
                .remove(study: 1, trial: 1), .remove(study: 1, trial: 3),
                .remove(study: 7, trial: 1),
            ])
        _ = fixture.wait(seconds: 40)
        #expect(successor().members.map(\.checkpoint) == [.init(epoch: 3, byteCount: 50)])
    }

    @Test mutating func `who asks before it knows what there is gets an answer then`() throws {
        try fixture.restart()
        fixture.connect(&worker, held: worker.members.map(\.lease))
        fixture.orders = []
        let request = CheckpointRequest(lease: header().lease, offset: 7)
        for _ in 1...2 {
            #expect(fixture.receive(.checkpointRequest(request), from: worker.session).isEmpty)
        }
        #expect(fixture.orders.isEmpty)
        let file = CheckpointFile(study: 1, trial: 1, epoch: 3, byteCount: 50)
        #expect(fixture.receive(.listed([file])).isEmpty)
        #expect(
            fixture.orders == [.read(request, byteCount: 256 * 1024, to: worker.session)])
    }

    @Test mutating func `the journal knows nothing of it`() {
        let before = fixture.journal
        _ = complete(header())
        #expect(fixture.journal == before)
    }
}
