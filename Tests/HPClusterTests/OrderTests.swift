import HPCluster
import HPSearch
import Testing

/// `drain`, `quarantine` and `release`.
@Suite("Orders")
struct OrderTests {
    private func cluster() throws -> (ClusterFixture, FakeWorker) {
        var cluster = try ClusterFixture()
        let spec = try ClusterFixture.spec(stages: "- {name: coarse, trials: 20, epochs: 1}")
        _ = cluster.submit(spec)
        return (cluster, FakeWorker(1, studyDigest: spec.contentDigest))
    }

    @discardableResult
    private func order(
        _ standing: WorkerStanding, _ worker: String = "worker-1", in cluster: inout ClusterFixture
    ) -> [Outbound] {
        cluster.receive(
            .request(ClientRequest(id: 1, command: .order(worker: worker, standing))),
            from: SessionID([99]))
    }

    private func state(_ cluster: ClusterFixture) -> [WorkerStatus.State] {
        cluster.coordinator.workers(at: cluster.now).map(\.state)
    }

    @Test func `a drained worker finishes what it runs and gets nothing more`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        let running = worker.members.count
        worker.take(order(.draining, in: &cluster))
        #expect(state(cluster) == [.draining])
        cluster.drain(&worker)
        #expect(cluster.study.trials.count { $0.state == .complete } == running)
        worker.take(order(.released, in: &cluster))
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.trials.allSatisfy { $0.attempts == 1 })
    }

    @Test func `a quarantined worker's trials run elsewhere and its results are not taken`()
        throws
    {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        let held = worker.members
        worker.take(order(.quarantined, in: &cluster))
        #expect(worker.canceled == held.map(\.lease))
        #expect(state(cluster) == [.quarantined])
        #expect(cluster.study.trials.allSatisfy { $0.state == .waiting })
        worker.take(
            cluster.receive(.results(held.map { worker.report($0) }), from: worker.session))
        #expect(worker.verdicts.allSatisfy { $0.verdict == .rejected })
        #expect(cluster.study.trials.allSatisfy { $0.state == .waiting })
        var other = FakeWorker(2, studyDigest: worker.studyDigest)
        cluster.connect(&other)
        cluster.drain(&other)
        #expect(cluster.study.state == .complete)
        let audit = Audit(of: cluster.study, epoch: 1, records: cluster.journal)
        #expect(audit.count(of: .preempted) == held.count)
    }

    @Test func `orders outlive the coordinator and the worker's process`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        order(.quarantined, in: &cluster)
        try cluster.restart()
        var reborn = FakeWorker(1, incarnation: 2, studyDigest: worker.studyDigest)
        cluster.connect(&reborn)
        #expect(reborn.members.isEmpty)
        #expect(state(cluster) == [.quarantined])
        reborn.take(order(.released, in: &cluster))
        #expect(!reborn.members.isEmpty)
        #expect(try ClusterState(replaying: cluster.journal) == cluster.coordinator.state)
    }

    @Test func `draining does not lift a quarantine`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        order(.quarantined, in: &cluster)
        let sent = order(.draining, in: &cluster)
        guard case .reply(let reply) = sent.first?.message, case .error(2, _) = reply.body else {
            Issue.record("it was accepted")
            return
        }
        #expect(state(cluster) == [.quarantined])
    }

    @Test func `a worker that changed its key is named by the id of the one that is here`() throws {
        var (cluster, worker) = try cluster()
        worker.identity.id = "0f.old"
        cluster.connect(&worker)
        _ = cluster.receive(.goodbye, from: worker.session)
        var other = FakeWorker(2, studyDigest: worker.studyDigest)
        other.identity.id = "0f.new"
        cluster.connect(&other)
        order(.draining, "0f", in: &cluster)
        #expect(cluster.coordinator.state.standing(of: "0f.new") == .draining)
        #expect(cluster.coordinator.state.standing(of: "0f.old") == .released)
    }

    @Test func `a worker that is not known is an error`() throws {
        var (cluster, _) = try cluster()
        let sent = order(.draining, "nobody", in: &cluster)
        guard case .reply(let reply) = sent.first?.message,
            case .error(66, let message) = reply.body
        else {
            Issue.record("it was accepted")
            return
        }
        #expect(message.contains("nobody"))
    }

    @Test func `of two workers with one name one must be named by its id`() throws {
        var (cluster, worker) = try cluster()
        worker.identity.name = "host/slot-0"
        var twin = FakeWorker(2, studyDigest: worker.studyDigest)
        twin.identity.name = "host/slot-0"
        cluster.connect(&worker)
        cluster.connect(&twin)
        let sent = order(.draining, "host/slot-0", in: &cluster)
        guard case .reply(let reply) = sent.first?.message, case .error(2, let message) = reply.body
        else {
            Issue.record("one was chosen")
            return
        }
        #expect(message.contains("worker-1"))
        order(.draining, "worker-2", in: &cluster)
        #expect(state(cluster) == [.busy, .draining])
    }
}
