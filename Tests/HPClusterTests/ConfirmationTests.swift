import HPCluster
import HPSearch
import Testing

@Suite("Ranges that wait for consent")
struct ConfirmationTests {
    private static let stages = """
        - {name: coarse, trials: 6, epochs: 1}
          - {name: fine, trials: 4, epochs: 2, narrow: confirm}
        """

    /// A study whose first stage has ended.
    private func waiting() throws -> (ClusterFixture, FakeWorker) {
        var cluster = try ClusterFixture()
        let spec = try ClusterFixture.spec(stages: Self.stages)
        _ = cluster.submit(spec)
        var worker = FakeWorker(1, studyDigest: spec.contentDigest)
        cluster.connect(&worker)
        cluster.drain(&worker)
        return (cluster, worker)
    }

    private func ask(_ command: ClientRequest.Command, of cluster: inout ClusterFixture)
        -> (ClientReply.Body?, [Outbound])
    {
        let sent = cluster.receive(
            .request(ClientRequest(id: 7, command: command)), from: SessionID([9]))
        let bodies = sent.compactMap { outbound -> ClientReply.Body? in
            if case .reply(let reply) = outbound.message { reply.body } else { nil }
        }
        return (bodies.first, sent)
    }

    @Test func `a stage with narrow confirm begins when an operator accepts`() throws {
        var (cluster, worker) = try waiting()
        #expect(cluster.study.state == .paused)
        #expect(cluster.study.reason == "confirm")
        #expect(cluster.study.trials.count == 6)
        let proposed = Narrowing.moves(of: cluster.study, after: cluster.study.stages[0])
        let (reply, sent) = ask(.acceptNarrowing(study: "study"), of: &cluster)
        guard case .accepted = reply else {
            return #expect(Bool(false), "\(String(describing: reply))")
        }
        worker.take(sent)
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.stages[1].moves == proposed)
        #expect(try ClusterState(replaying: cluster.journal) == cluster.coordinator.state)
    }

    @Test func `it still waits after a restart, and says so once`() throws {
        var (cluster, _) = try waiting()
        let changes = cluster.journal.count
        try cluster.restart()
        #expect(cluster.study.awaitsConfirmation)
        #expect(cluster.journal.count == changes + 1)
        _ = ask(.acceptNarrowing(study: "study"), of: &cluster)
        #expect(cluster.study.state == .running)
        #expect(cluster.study.trials.count == 10)
    }

    @Test func `resume does not stand in for consent, stop ends the study`() throws {
        var (cluster, _) = try waiting()
        guard case .error(let exitCode, let message) = ask(.resume(study: "study"), of: &cluster).0
        else { return #expect(Bool(false), "resume was accepted") }
        #expect(exitCode == 2)
        #expect(message.contains("--accept"))
        _ = ask(.stop(study: "study"), of: &cluster)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.reason == "stopped")
    }

    @Test func `there is nothing to accept before a stage waits, nor after`() throws {
        var (cluster, worker) = try waiting()
        let (_, sent) = ask(.acceptNarrowing(study: "study"), of: &cluster)
        worker.take(sent)
        guard case .error(let exitCode, _) = ask(.acceptNarrowing(study: "study"), of: &cluster).0
        else { return #expect(Bool(false), "accepted twice") }
        #expect(exitCode == 2)
    }
}
