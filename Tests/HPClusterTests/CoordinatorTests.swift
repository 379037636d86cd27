import HPCluster
import HPSearch
import Testing

@Suite("Coordinator")
struct CoordinatorTests {
    private func submitted(
        stages: String = "- {name: coarse, trials: 6, epochs: 1}", extra: String = ""
    ) throws -> (ClusterFixture, FakeWorker) {
        var cluster = try ClusterFixture()
        let spec = try ClusterFixture.spec(stages: stages, extra: extra)
        _ = cluster.submit(spec)
        return (cluster, FakeWorker(1, studyDigest: spec.contentDigest))
    }

    @Test func `a study runs to its end with one worker`() throws {
        var (cluster, worker) = try submitted(
            stages: """
                - {name: coarse, trials: 6, epochs: 1}
                  - {name: fine, trials: 4, epochs: 2}
                """)
        cluster.connect(&worker)
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.trials.count == 10)
        #expect(cluster.study.trials.allSatisfy { $0.state == .complete && $0.attempts == 1 })
        #expect(cluster.study.dataDigest == ClusterFixture.digest)
    }

    @Test func `replay of the journal gives the live state after every event`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        for _ in 0..<20 {
            #expect(try ClusterState(replaying: cluster.journal) == cluster.coordinator.state)
            cluster.finish(&worker)
        }
        #expect(cluster.study.state == .complete)
    }

    @Test func `a bundle is no larger than the share of one free slot`() throws {
        var (cluster, first) = try submitted()
        var second = FakeWorker(2, studyDigest: first.studyDigest)
        var third = FakeWorker(3, studyDigest: first.studyDigest)
        _ = cluster.receive(
            .request(ClientRequest(id: 2, command: .pause(study: "study"))), from: SessionID([9]))
        cluster.connect(&first)
        cluster.connect(&second)
        cluster.connect(&third)
        let sent = cluster.receive(
            .request(ClientRequest(id: 3, command: .resume(study: "study"))), from: SessionID([9]))
        first.take(sent)
        second.take(sent)
        third.take(sent)
        #expect([first, second, third].map(\.members.count) == [2, 2, 2])
    }

    @Test func `a silent worker's trials run elsewhere as the next attempt`() throws {
        var (cluster, first) = try submitted()
        cluster.connect(&first)
        let lost = first.members.map(\.lease)
        var second = FakeWorker(2, studyDigest: first.studyDigest)
        cluster.connect(&second)
        #expect(second.members.isEmpty)
        for _ in 0..<9 {
            _ = cluster.receive(.heartbeat(held: []), from: second.session)
            second.take(cluster.pass(seconds: 1))
        }
        #expect(!second.members.isEmpty)
        // Lost in a bundle: they run again one by one, so that one killer convicts itself only.
        #expect(second.members.count == 1)
        #expect(second.members[0].lease == Lease(study: 1, trial: lost[0].trial, attempt: 2))
        cluster.drain(&second)
        #expect(cluster.study.state == .complete)
        let audit = Audit(of: cluster.study, epoch: 1, records: cluster.journal)
        #expect(audit.count(of: .lost) == lost.count)
        #expect(audit.violations.isEmpty)
    }

    @Test func `a late result of a lost attempt is accepted if the trial has none`() throws {
        var (cluster, first) = try submitted()
        cluster.connect(&first)
        let late = first.members
        _ = cluster.wait(seconds: 9)
        #expect(cluster.study.trials.allSatisfy { $0.state == .waiting })
        cluster.connect(&first, held: late.map(\.lease))
        first.take(
            cluster.receive(.results(late.map { first.report($0) }), from: first.session))
        #expect(first.verdicts.count { $0.verdict == .committed } == late.count)
        #expect(late.allSatisfy { cluster.study.trials[$0.lease.trial - 1].state == .complete })
    }

    @Test func `a result is committed once however often it is sent`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        let report = worker.report(worker.members[0])
        _ = cluster.receive(.results([report]), from: worker.session)
        let length = cluster.journal.count
        worker.take(cluster.receive(.results([report]), from: worker.session))
        #expect(cluster.journal.count == length)
        #expect(worker.verdicts.last?.verdict == .duplicate)
    }

    @Test func `a coordinator that restarts keeps leases for workers that still hold them`()
        throws
    {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        let held = worker.members
        try cluster.restart()
        let answer = cluster.receive(.heartbeat(held: held.map(\.lease)), from: worker.session)
        #expect(answer.map(\.message) == [.whoAreYou])
        cluster.connect(&worker, held: held.map(\.lease))
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.trials.allSatisfy { $0.attempts == 1 })
    }

    @Test func `a worker that came back has its slots free as its bundles end`() throws {
        var (cluster, worker) = try submitted(
            stages: "- {name: coarse, trials: 30, epochs: 1}")
        cluster.connect(&worker, slots: 2)
        let held = worker.members
        #expect(held.count == 16)
        try cluster.restart()
        worker.members = []
        cluster.connect(&worker, slots: 2, held: held.map(\.lease))
        #expect(worker.members.isEmpty)
        let first = worker.report(held[0])
        worker.take(cluster.receive(.results([first]), from: worker.session))
        #expect(!worker.members.isEmpty)
    }

    @Test func `leases that nobody comes back to are lost after the amnesty`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        try cluster.restart()
        _ = cluster.wait(seconds: 29)
        #expect(cluster.study.trials.contains { $0.state == .running })
        _ = cluster.wait(seconds: 2)
        #expect(cluster.study.trials.allSatisfy { $0.state == .waiting })
    }

    @Test func `a worker's new incarnation loses what the old one held at once`() throws {
        var (cluster, old) = try submitted()
        cluster.connect(&old)
        var new = FakeWorker(1, incarnation: 2, studyDigest: old.studyDigest)
        new.session = SessionID([50])
        cluster.connect(&new)
        #expect(new.members.first?.lease.attempt == 2)
        let audit = Audit(of: cluster.study, epoch: 1, records: cluster.journal)
        #expect(audit.count(of: .lost) == old.members.count)
    }

    @Test func `a trial that is lost alone three times fails as poison`() throws {
        var (cluster, _) = try submitted(stages: "- {name: coarse, trials: 1, epochs: 1}")
        let digest = cluster.study.contentDigest
        for incarnation in 1...3 {
            var worker = FakeWorker(
                1, incarnation: UInt64(incarnation), studyDigest: digest)
            worker.session = SessionID([UInt8(incarnation)])
            cluster.connect(&worker)
            #expect(worker.members.first?.lease.attempt == incarnation)
        }
        var last = FakeWorker(1, incarnation: 4, studyDigest: digest)
        last.session = SessionID([4])
        cluster.connect(&last)
        #expect(last.members.isEmpty)
        #expect(cluster.study.trials[0].state == .fail)
        #expect(cluster.study.trials[0].reason == "poison")
        #expect(cluster.study.state == .failed)
        #expect(cluster.study.reason == "no-trial-succeeded")
    }

    @Test func `handed back leases cost the trial nothing`() throws {
        var (cluster, worker) = try submitted(stages: "- {name: coarse, trials: 1, epochs: 1}")
        cluster.connect(&worker)
        for attempt in 1...5 {
            #expect(worker.members.map(\.lease.attempt) == [attempt])
            let leases = worker.members.map(\.lease)
            worker.members = []
            worker.take(cluster.receive(.handBack(leases), from: worker.session))
            worker.take(cluster.receive(.heartbeat(held: []), from: worker.session))
        }
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
    }

    @Test func `a worker with other data is refused for that study`() throws {
        var (cluster, first) = try submitted()
        cluster.connect(&first)
        cluster.finish(&first)
        let before = cluster.study.trials.count { $0.state == .complete }
        var other = FakeWorker(2, studyDigest: first.studyDigest)
        _ = cluster.receive(.goodbye, from: first.session)
        cluster.connect(&other)
        guard !other.members.isEmpty else { return }
        let member = other.members[0]
        let outbound = cluster.receive(
            .results([other.report(member, dataDigest: "other")]), from: other.session)
        other.members = []
        other.take(outbound)
        #expect(other.verdicts.map(\.verdict) == [.rejected])
        #expect(other.members.isEmpty)
        #expect(cluster.study.trials.count { $0.state == .complete } == before)
        let progress = cluster.coordinator.progress(of: cluster.coordinator.state.studies[0])
        #expect(progress.obstacles.count == 1)
    }

    @Test func `the first result says what the data are, and no more than a line of it`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        var reports = worker.members.map { worker.report($0) }
        reports[0].dataSummary = String(repeating: "é", count: 600)
        reports[1].dataSummary = "something else"
        _ = cluster.receive(.results(reports), from: worker.session)
        let kept = String(repeating: "é", count: 498) + "…"
        #expect(cluster.study.dataSummary == kept)
        #expect(try ClusterState(replaying: cluster.journal) == cluster.coordinator.state)
    }

    @Test func `a suspended coordinator loses nobody`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        _ = cluster.pass(seconds: 3600)
        #expect(cluster.study.trials.contains { $0.state == .running })
    }

    @Test func `an assignment that was lost on its way is sent again`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        let given = worker.members
        worker.members = []
        for _ in 0..<4 {
            _ = cluster.pass(seconds: 1)
            worker.take(cluster.receive(.heartbeat(held: []), from: worker.session))
        }
        #expect(worker.members == given)
    }

    @Test func `the same content attaches and other content under the name is an error`() throws {
        var (cluster, _) = try submitted()
        let again = cluster.submit(try ClusterFixture.spec())
        guard case .reply(let reply) = again[0].message, case .accepted = reply.body else {
            Issue.record("the same content was not accepted")
            return
        }
        let other = cluster.submit(
            try ClusterFixture.spec(stages: "- {name: coarse, trials: 7, epochs: 1}"))
        guard case .reply(let reply) = other[0].message, case .error(2, _) = reply.body else {
            Issue.record("other content was not refused")
            return
        }
        #expect(cluster.coordinator.state.studies.count == 1)
    }

    @Test func `pause hands out nothing, resume goes on`() throws {
        var (cluster, worker) = try submitted()
        let operatorSession = SessionID([200])
        _ = cluster.receive(
            .request(ClientRequest(id: 1, command: .pause(study: "study"))), from: operatorSession)
        cluster.connect(&worker)
        #expect(worker.members.isEmpty)
        worker.take(
            cluster.receive(
                .request(ClientRequest(id: 2, command: .resume(study: "study"))),
                from: operatorSession))
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
    }

    @Test func `stop lets running trials finish and cancels the others`() throws {
        var (cluster, worker) = try submitted(
            stages: "- {name: coarse, trials: 20, epochs: 1}")
        cluster.connect(&worker)
        let running = worker.members.count
        _ = cluster.receive(
            .request(ClientRequest(id: 1, command: .stop(study: "study"))), from: SessionID([9]))
        #expect(cluster.study.state == .stopping)
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.reason == "stopped")
        #expect(cluster.study.trials.count { $0.state == .complete } == running)
        #expect(cluster.study.trials.count { $0.state == .canceled } == 20 - running)
    }

    @Test func `cancel ends running trials at their workers`() throws {
        var (cluster, worker) = try submitted()
        cluster.connect(&worker)
        let held = worker.members
        worker.take(
            cluster.receive(
                .request(ClientRequest(id: 1, command: .cancel(study: "study"))),
                from: SessionID([9])))
        #expect(worker.canceled == held.map(\.lease))
        #expect(cluster.study.state == .canceled)
        #expect(cluster.study.trials.allSatisfy { $0.state == .canceled })
        worker.take(
            cluster.receive(.results([worker.report(held[0])]), from: worker.session))
        #expect(worker.verdicts.last?.verdict == .canceled)
    }

    @Test func `a target reached while a study stops doesn't stand for the trials that never ran`()
        throws
    {
        var (cluster, worker) = try submitted(
            stages: "- {name: coarse, trials: 20, epochs: 1}", extra: ", target: 0.0")
        cluster.connect(&worker)
        _ = cluster.receive(.handBack([worker.members[0].lease]), from: worker.session)
        worker.members.removeFirst()
        let finished = worker.members.count
        _ = cluster.receive(
            .request(ClientRequest(id: 1, command: .stop(study: "study"))), from: SessionID([9]))
        cluster.drain(&worker)
        #expect(cluster.study.state == .complete)
        #expect(cluster.study.reason == "stopped")
        #expect(cluster.study.trials.count { $0.state == .complete } == finished)
    }

    @Test func `a target ends the study at the lowest trial that meets it`() throws {
        let stages = "- {name: coarse, trials: 30, epochs: 1}"
        var finals: [[Trial.State]] = []
        for order in [false, true] {
            var (cluster, worker) = try submitted(stages: stages, extra: ", target: 0.5")
            var slow = FakeWorker(2, studyDigest: worker.studyDigest)
            if order { cluster.connect(&slow) }
            cluster.connect(&worker)
            cluster.drain(&worker)
            if order {
                cluster.drain(&slow)
                cluster.drain(&worker)
            }
            #expect(cluster.study.state == .complete)
            #expect(cluster.study.reason == "target")
            #expect(try ClusterState(replaying: cluster.journal) == cluster.coordinator.state)
            finals.append(cluster.study.trials.map(\.state))
        }
        #expect(finals[0] == finals[1])
        #expect(finals[0].contains(.canceled))
    }

    @Test func `the result does not depend on how many workers there are`() throws {
        var outcomes: [[TrialResult?]] = []
        for count in [1, 3, 7] {
            var (cluster, _) = try submitted(
                stages: """
                    - {name: coarse, trials: 40, epochs: 1}
                      - {name: fine, trials: 20, epochs: 2}
                    """)
            var workers = (1...count).map {
                FakeWorker(UInt8($0), studyDigest: cluster.study.contentDigest)
            }
            for index in workers.indices { cluster.connect(&workers[index]) }
            for _ in 0..<500 where cluster.study.state != .complete {
                for index in workers.indices.reversed() where !workers[index].members.isEmpty {
                    let message = workers[index].finishAll()
                    let sent = cluster.receive(message, from: workers[index].session)
                    for other in workers.indices { workers[other].take(sent) }
                }
            }
            #expect(cluster.study.state == .complete)
            outcomes.append(cluster.study.trials.map(\.result))
        }
        #expect(outcomes[0] == outcomes[1])
        #expect(outcomes[0] == outcomes[2])
    }
}
