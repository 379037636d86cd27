import Foundation
import Testing

@Suite("The main job", .serialized)
struct MainJobTests {
    static func spec(name: String = "digits", seed: Int = 11, epochs: Int = 2) -> String {
        """
        study: \(name)
        seed: \(seed)
        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: digits, preprocess: [zero-mean]}
        model: {hidden: [32], activation: relu, init: he}
        train: {optimizer: momentum, momentum: 0.9, batch_size: 32}
        parameters:
          learning_rate: {log_uniform: [1.0e-3, 1.0]}
          reg:           {log_uniform: [1.0e-6, 1.0e-1]}
        stages:
          - {name: coarse, trials: 24, epochs: \(epochs)}
          - {name: fine,   trials: 12, epochs: \(2 * epochs), narrow: auto}
        """
    }

    /// The fingerprint and the values of a study run by this many worker processes.
    private func run(workers: Int, seed: Int = 11) throws -> ReportDocument {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(workers)
        let file = try cluster.folder.write(Self.spec(seed: seed), to: "digits.yaml")
        let outcome = try cluster.command(["submit", file, "--wait"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try cluster.report(of: "digits")
    }

    @Test func `three workers answer with a report whose accounts add up`() throws {
        let report = try run(workers: 3)
        #expect(report.schema == "hpcoord.report/1")
        #expect(report.study.state == "COMPLETE")
        let planned = report.accounting["planned"]
        #expect(planned == 36)
        let others = report.accounting.filter { $0.key != "planned" }.values.reduce(0, +)
        #expect(planned == others)
        #expect(report.trials.count == 36)
        #expect(report.trials.map(\.rank) == Array(1...36))
    }

    @Test func `trials of all sampled stages are ranked by value`() throws {
        let report = try run(workers: 2)
        let complete = report.trials.filter { $0.state == "COMPLETE" }
        #expect(Set(complete.map(\.stage)) == ["coarse", "fine"])
        for (better, worse) in zip(complete, complete.dropFirst()) {
            #expect(better.value ?? 0 >= worse.value ?? 0)
        }
    }

    @Test func `fine ranges are what the moves say and fine trials lie inside`() throws {
        let report = try run(workers: 2)
        let fine = report.stages[1]
        #expect(fine.moves.count == 2)
        for move in fine.moves {
            let range = try #require(fine.ranges[move.parameter])
            #expect([range.low, range.high] == [move.to[0], move.to[1]])
            #expect(!move.because.isEmpty)
            #expect(!move.evidence.isEmpty)
            for trial in report.trials where trial.stage == "fine" {
                let value = try #require(trial.parameters[move.parameter])
                #expect(value >= move.to[0] && value <= move.to[1])
            }
        }
    }

    @Test func `one, two and four workers and run give one fingerprint`() throws {
        let reports = try [1, 2, 4].map { try run(workers: $0) }
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.spec(), to: "digits.yaml")
        let alone = try Program.run(
            "hpcoord",
            ["run", file, "--workers", "2", "--data-dir", folder.path("data"), "--format", "json"])
        #expect(alone.status == 0, "\(alone.errors)")
        let all = try reports + [decode(ReportDocument.self, alone.output)]
        let fingerprint = try #require(all[0].study.fingerprint)
        #expect(fingerprint.count == 64)
        for report in all {
            #expect(report.study.fingerprint == fingerprint)
            #expect(report.trials.map(\.trial) == all[0].trials.map(\.trial))
            #expect(report.trials.map(\.value) == all[0].trials.map(\.value))
        }
    }

    @Test func `another seed gives another fingerprint`() throws {
        let first = try run(workers: 2, seed: 11)
        let second = try run(workers: 2, seed: 12)
        #expect(first.study.fingerprint != second.study.fingerprint)
    }
}
