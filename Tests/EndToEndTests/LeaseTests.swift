import Foundation
import Testing

/// Real workers that are killed, stopped, asked to leave, or that a trial kills.
@Suite("Lost workers", .serialized)
struct LeaseTests {
    /// Trials of a second or so, each its own bundle's worth of waiting.
    private static func spec(trials: Int, epochs: Int) -> String {
        """
        study: leases
        seed: 3
        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: digits, preprocess: [zero-mean]}
        model: {hidden: [64], activation: relu, init: he}
        train: {optimizer: momentum, momentum: 0.9, batch_size: 32}
        parameters:
          learning_rate: {log_uniform: [1.0e-3, 1.0e-1]}
        stages:
          - {name: coarse, trials: \(trials), epochs: \(epochs)}
        """
    }

    private func submit(_ cluster: ClusterUnderTest, trials: Int, epochs: Int) throws {
        let file = try cluster.folder.write(
            Self.spec(trials: trials, epochs: epochs), to: "leases.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
    }

    /// Waits until a worker runs attempts of this number; returns the seconds that took.
    private func waitForAttempt(_ attempt: Int, in cluster: ClusterUnderTest) throws -> Double {
        let began = Date()
        try eventually("attempt \(attempt) of some trial runs") {
            try cluster.workers().contains { worker in
                worker.state != "GONE" && worker.running.contains { $0.attempt == attempt }
            }
        }
        return Date().timeIntervalSince(began)
    }

    @Test func `a killed worker's trials run elsewhere within ten seconds`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        try submit(cluster, trials: 4, epochs: 2000)
        try eventually("trials run") { try cluster.status(of: "leases").progress.running > 0 }
        try cluster.startWorker()
        try eventually("both are connected") { try cluster.workers().count == 2 }
        cluster.killWorker(0)
        #expect(try waitForAttempt(2, in: cluster) < 10)
        #expect(try cluster.command(["cancel", "leases"]).status == 0)
    }

    @Test func `a worker that is asked to leave hands its trials back at once`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        try submit(cluster, trials: 4, epochs: 2000)
        try eventually("trials run") { try cluster.status(of: "leases").progress.running > 0 }
        try cluster.startWorker()
        try eventually("both are connected") { try cluster.workers().count == 2 }
        cluster.signalWorker(0, SIGTERM)
        #expect(try waitForAttempt(2, in: cluster) < 5)
        let attempts = try cluster.audit(of: "leases").attempts
        #expect(attempts.contains { $0.outcome == "PREEMPTED" })
        #expect(!attempts.contains { $0.outcome == "LOST" })
        #expect(try cluster.command(["cancel", "leases"]).status == 0)
    }

    @Test func `a worker that was stopped for long comes back with results that still count`()
        throws
    {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        try submit(cluster, trials: 4, epochs: 60)
        try eventually("trials run") { try cluster.status(of: "leases").progress.running > 0 }
        cluster.signalWorker(0, SIGSTOP)
        try eventually("it is given up") {
            try cluster.workers().contains { $0.state == "GONE" }
        }
        cluster.signalWorker(0, SIGCONT)
        try cluster.waitUntilComplete("leases")
        let report = try cluster.report(of: "leases")
        #expect(report.trials.allSatisfy { $0.state == "COMPLETE" && $0.attempts == 1 })
        let attempts = try cluster.audit(of: "leases").attempts
        #expect(attempts.count == 4)
        #expect(attempts.contains { $0.outcome == "LOST" })
    }

    /// Trial 3 ends every worker process that runs it, and with it all that runs beside it.
    @Test(arguments: [1, 3])
    func `a trial that kills its workers fails as poison, and all others complete`(
        workerCount: Int
    ) throws {
        let killer = 3
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(workerCount)
        try submit(cluster, trials: 9, epochs: 300)
        var lastDeath: [String: Set<Int>] = [:]
        try eventually(within: 180, "the study ends") {
            for worker in try cluster.workers() where worker.state != "GONE" {
                let attempts = Set(worker.running.filter { $0.trial == killer }.map(\.attempt))
                guard !attempts.isEmpty, lastDeath[worker.id] != attempts,
                    let index = cluster.workerIndex(named: worker.name)
                else { continue }
                lastDeath[worker.id] = attempts
                cluster.killWorker(index)
                try cluster.restartWorker(index)
            }
            return try cluster.status(of: "leases").study.state == "COMPLETE"
        }
        let report = try cluster.report(of: "leases")
        for trial in report.trials {
            #expect(trial.state == (trial.trial == killer ? "FAIL" : "COMPLETE"))
        }
        #expect(report.trials.first { $0.trial == killer }?.reason == "poison")
        #expect(try cluster.audit(of: "leases").violations.isEmpty)
    }
}

/// Commands of operators against a real cluster.
@Suite("Operators")
struct OperatorTests {
    @Test func `a study that ended well is verified, trials trained again included`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(2)
        let file = try cluster.folder.write(MainJobTests.spec(name: "checked"), to: "s.yaml")
        #expect(try cluster.command(["submit", file, "--wait"]).status == 0)
        let outcome = try cluster.command(["verify", "checked", "--rerun", "3"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("gives the same bits"))
        let trials = try cluster.report(of: "checked").trials
        let complete = trials.filter { $0.state == "COMPLETE" }.count
        #expect(outcome.output.contains("validation rows of \(complete) trials match"))
        let best = try #require(trials.first)
        let trial = try cluster.command(
            ["trial", "checked", "\(best.trial)", "--format", "json"])
        let rows = try decode(TrialRowsDocument.self, trial.output)
        #expect(rows.correct.right / Double(rows.correct.count) == best.value)
        #expect(rows.crossed.count == rows.correct.count)
        #expect(outcome.output.contains("all that was examined is in order"))
        #expect(try cluster.command(["audit", "checked"]).status == 0)
    }

    @Test func `the doctor says why nothing runs`() throws {
        let cluster = try ClusterUnderTest()
        #expect(try cluster.command(["doctor"]).status == 0)
        let file = try cluster.folder.write(MainJobTests.spec(name: "still"), to: "s.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        let alone = try cluster.command(["doctor"])
        #expect(alone.status == 1)
        #expect(alone.output.contains("study still stands still: no worker is connected"))
    }

    /// A command that waits says the reason, and goes on when a worker comes.
    @Test(arguments: [
        (false, "waiting stands still: no worker is connected: start hpworker"),
        (true, "waiting stands still: the worker is draining or quarantined"),
    ])
    func `who waits for a study is told why it stands still`(
        isQuarantined: Bool, reason: String
    ) throws {
        let cluster = try ClusterUnderTest()
        if isQuarantined {
            try cluster.startWorkers(1)
            let name = try #require(try cluster.workers().first?.name)
            #expect(try cluster.command(["quarantine", name]).status == 0)
        }
        let file = try cluster.folder.write(
            MainJobTests.spec(name: "waiting", epochs: 1), to: "s.yaml")
        let errors = cluster.folder.url.appendingPathComponent("err")
        let process = try Program.launch(
            "hpcoord", ["submit", file, "--wait", "--connect", cluster.endpoint],
            output: cluster.folder.url.appendingPathComponent("out"), errors: errors)
        try eventually("the reason is said") {
            try String(contentsOf: errors, encoding: .utf8).contains("hpcoord: \(reason)")
        }
        let status = try cluster.command(["status", "waiting"])
        #expect(status.output.contains("stands still: "))
        try cluster.startWorker()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let said = try String(contentsOf: errors, encoding: .utf8)
        #expect(said.split(separator: "stands still").count == 2)
    }

    @Test func `a quarantined worker gets nothing until it is released`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        let name = try #require(try cluster.workers().first?.name)
        #expect(try cluster.command(["quarantine", name]).status == 0)
        let file = try cluster.folder.write(MainJobTests.spec(name: "held"), to: "s.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        #expect(try cluster.workers().map(\.state) == ["QUARANTINED"])
        let doctor = try cluster.command(["doctor"])
        #expect(doctor.output.contains("hpcoord release"))
        #expect(try cluster.status(of: "held").progress.running == 0)
        #expect(try cluster.command(["release", name]).status == 0)
        try cluster.waitUntilComplete("held")
        #expect(try cluster.command(["drain", "nobody"]).status == 66)
    }
}
