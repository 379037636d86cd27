import HPCluster
import HPSearch
import Testing

/// Who runs what when workers fall silent, come back, start anew or lie.
@Suite("Leases")
struct LeaseTests {
    private func cluster(
        trials: Int = 6, extra: String = ""
    ) throws -> (ClusterFixture, FakeWorker) {
        var cluster = try ClusterFixture()
        let spec = try ClusterFixture.spec(
            stages: "- {name: coarse, trials: \(trials), epochs: 1}", extra: extra)
        _ = cluster.submit(spec)
        return (cluster, FakeWorker(1, studyDigest: spec.contentDigest))
    }

    @Test func `a worker that goes on with lost trials has them to itself`() throws {
        var (cluster, first) = try cluster()
        cluster.connect(&first)
        let held = first.members
        _ = cluster.wait(seconds: 9)
        cluster.connect(&first, held: held.map(\.lease))
        #expect(first.members == held)
        var second = FakeWorker(2, studyDigest: first.studyDigest)
        cluster.connect(&second)
        #expect(second.members.isEmpty)
        // Gone for good: others take them.
        second.take(cluster.receive(.goodbye, from: first.session))
        #expect(second.members.count == 1)
    }

    @Test func `a study that stops ends although the trials that ran are lost`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        let running = worker.members.count
        _ = cluster.receive(
            .request(ClientRequest(id: 1, command: .stop(study: "study"))), from: SessionID([9]))
        #expect(cluster.study.state == .stopping)
        _ = cluster.wait(seconds: 9)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.reason == "stopped")
        #expect(running > 0)
        #expect(cluster.study.trials.allSatisfy { $0.state == .canceled })
    }

    @Test func `a worker that hands trials back is not handed them again at once`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        let leases = worker.members.map(\.lease)
        worker.members = []
        worker.take(cluster.receive(.handBack(leases), from: worker.session))
        #expect(worker.members.isEmpty)
        #expect(cluster.study.trials.allSatisfy { $0.state == .waiting })
        // One that stays gets them with its next heartbeat, and the study's content again.
        let sent = cluster.receive(.heartbeat(held: []), from: worker.session)
        let contents = sent.compactMap { outbound in
            if case .assign(let assignment) = outbound.message { assignment.content } else { nil }
        }
        #expect(contents.count == 1)
        worker.take(sent)
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
    }

    @Test func `only the worker that holds an attempt can report it`() throws {
        var (cluster, first) = try cluster()
        cluster.connect(&first)
        var liar = FakeWorker(2, studyDigest: first.studyDigest)
        cluster.connect(&liar)
        let reports = first.members.map { liar.report($0) }
        liar.take(cluster.receive(.results(reports), from: liar.session))
        #expect(liar.verdicts.allSatisfy { $0.verdict == .rejected })
        #expect(cluster.study.trials.allSatisfy { $0.state == .running })
        liar.take(cluster.receive(.heartbeat(held: first.members.map(\.lease)), from: liar.session))
        cluster.drain(&first)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.trials.allSatisfy { $0.attempts == 1 })
    }

    @Test func `late words of a former process of the worker change nothing`() throws {
        var (cluster, old) = try cluster()
        cluster.connect(&old)
        let late = old.hello(held: old.members.map(\.lease))
        var new = FakeWorker(1, incarnation: 2, studyDigest: old.studyDigest)
        new.session = SessionID([50])
        cluster.connect(&new)
        let attempts = cluster.study.trials.map(\.attempts)
        #expect(cluster.receive(late, from: old.session).isEmpty)
        #expect(cluster.study.trials.map(\.attempts) == attempts)
        cluster.drain(&new)
        #expect(cluster.study.state == .complete)
    }

    @Test func `a process that was taken for a former one is let in once the other is gone`()
        throws
    {
        var (cluster, later) = try cluster()
        later.identity.incarnation = 7
        cluster.connect(&later)
        var worker = FakeWorker(1, incarnation: 6, studyDigest: later.studyDigest)
        worker.session = SessionID([50])
        cluster.connect(&worker)
        #expect(worker.members.isEmpty)
        _ = cluster.wait(seconds: 9)
        cluster.connect(&worker)
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
    }

    @Test func `an introduction that arrives twice takes no trial away`() throws {
        var (cluster, worker) = try cluster()
        let hello = worker.hello()
        worker.take(cluster.receive(hello, from: worker.session))
        #expect(!worker.members.isEmpty)
        let length = cluster.journal.count
        worker.take(cluster.receive(hello, from: worker.session))
        #expect(cluster.journal.count == length)
    }

    @Test
    func `an assignment that did not arrive is sent again to a worker that introduces itself`()
        throws
    {
        var (cluster, worker) = try cluster()
        _ = cluster.receive(worker.hello(), from: worker.session)
        worker.take(cluster.receive(worker.hello(), from: worker.session))
        #expect(worker.members.map(\.lease.attempt) == [1, 1, 1, 1, 1, 1])
        cluster.drain(&worker)
        #expect(cluster.study.trials.allSatisfy { $0.attempts == 1 })
    }

    @Test func `a trial lost in a bundle runs again beside nothing, whatever slots are free`()
        throws
    {
        var (cluster, old) = try cluster(trials: 12)
        cluster.connect(&old, slots: 2)
        #expect(old.members.count > 1)
        var new = FakeWorker(1, incarnation: 2, studyDigest: old.studyDigest)
        new.session = SessionID([50])
        cluster.connect(&new, slots: 2)
        #expect(new.members.count == 1)
        for _ in 0..<11 {
            cluster.finish(&new)
            #expect(new.members.count == 1)
        }
        cluster.drain(&new)
        #expect(cluster.study.state == .complete)
    }

    /// `killer` ends every process that runs it, with all that runs beside it.
    @Test(arguments: [1, 3], [1, 2, 3])
    func `a killer convicts itself alone`(workerCount: Int, slots: Int) throws {
        var (cluster, _) = try cluster(trials: 20)
        let digest = cluster.study.contentDigest
        let killer = 5
        var workers = (1...workerCount).map { FakeWorker(UInt8($0), studyDigest: digest) }
        for index in workers.indices { cluster.connect(&workers[index], slots: slots) }
        var incarnation: UInt64 = 1
        for _ in 0..<200 where !cluster.study.state.isTerminal {
            for index in workers.indices where !workers[index].members.isEmpty {
                if workers[index].members.contains(where: { $0.lease.trial == killer }) {
                    incarnation += 1
                    var reborn = FakeWorker(
                        UInt8(index + 1), incarnation: incarnation, studyDigest: digest)
                    reborn.session = SessionID([UInt8(index + 1), UInt8(incarnation)])
                    let sent = cluster.receive(reborn.hello(slots: slots), from: reborn.session)
                    workers[index] = reborn
                    for other in workers.indices { workers[other].take(sent) }
                } else {
                    let report = workers[index].report(workers[index].members.removeFirst())
                    let sent = cluster.receive(
                        .results([report]), from: workers[index].session)
                    for other in workers.indices { workers[other].take(sent) }
                }
            }
        }
        #expect(cluster.study.state == .complete)
        for trial in cluster.study.trials {
            #expect(trial.state == (trial.number == killer ? .fail : .complete))
        }
        #expect(cluster.study.trials[killer - 1].reason == "poison")
        #expect(incarnation == 5, "one loss in a bundle and three alone")
        let audit = Audit(of: cluster.study, epoch: 1, records: cluster.journal)
        #expect(audit.violations.isEmpty)
    }

    @Test func `a silent worker is suspected before it is given up`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        #expect(cluster.coordinator.workers(at: cluster.now).map(\.state) == [.busy])
        _ = cluster.wait(seconds: 6)
        #expect(cluster.coordinator.workers(at: cluster.now).map(\.state) == [.suspect])
        _ = cluster.wait(seconds: 3)
        #expect(cluster.coordinator.workers(at: cluster.now).map(\.state) == [.gone])
        cluster.connect(&worker)
        #expect(cluster.coordinator.workers(at: cluster.now).map(\.state) == [.busy])
    }

    @Test func `more workers speak less often, and none is lost for it`() throws {
        let limits = ClusterLimits()
        #expect(limits.heartbeatSeconds(workers: 200) == 2)
        #expect(limits.heartbeatSeconds(workers: 600) == 6)
        #expect(limits.heartbeatSeconds(workers: 10_000) == 10)
        var cluster = try ClusterFixture()
        var told = 0.0
        for number in 0..<500 {
            let sent = cluster.receive(
                .hello(
                    Hello(
                        protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
                        worker: WorkerIdentity(id: "w\(number)", incarnation: 1, name: "w"),
                        slots: 1, engineRevision: "e", held: [])),
                from: SessionID([UInt8(number & 255), UInt8(number >> 8)]))
            for case .welcome(_, let seconds, _) in sent.map(\.message) { told = seconds }
        }
        #expect(told == 5)
        // The first ones were told 2 s; the next answer tells them 5 s.
        _ = cluster.wait(seconds: 2)
        for number in 0..<500 {
            _ = cluster.receive(
                .heartbeat(held: []), from: SessionID([UInt8(number & 255), UInt8(number >> 8)]))
        }
        _ = cluster.wait(seconds: 19)
        #expect(cluster.coordinator.workers(at: cluster.now).allSatisfy { $0.state != .gone })
        _ = cluster.wait(seconds: 2)
        #expect(cluster.coordinator.workers(at: cluster.now).allSatisfy { $0.state == .gone })
    }

    @Test func `a coordinator that was suspended for an hour loses nobody`() throws {
        var (cluster, worker) = try cluster()
        cluster.connect(&worker)
        _ = cluster.pass(seconds: 3600)
        #expect(cluster.study.trials.allSatisfy { $0.state == .running })
        cluster.drain(&worker)
        #expect(cluster.study.trials.allSatisfy { $0.attempts == 1 })
    }

    @Test func `a result whose value is not the best of its curve is no result`() throws {
        var (cluster, worker) = try cluster(trials: 1, extra: "limits: {attempts: 2}")
        cluster.connect(&worker)
        for curve in [[0.1, Double.nan], [0.1, 0.3]] {
            let member = try #require(worker.members.last)
            worker.members.removeLast()
            var report = worker.report(member)
            report.outcome = .trained(
                state: .complete, reason: "", detail: "",
                result: TrialResult(
                    objectiveCurve: curve, value: 0.1, standardError: 0.01, bestEpoch: 1,
                    epochs: 1, metrics: TrialMetrics(), seconds: 0.1),
                recordings: TrialRecordings())
            worker.take(cluster.receive(.results([report]), from: worker.session))
        }
        #expect(cluster.study.trials[0].state == .fail)
        #expect(cluster.study.trials[0].reason == "crashed")
    }
}
