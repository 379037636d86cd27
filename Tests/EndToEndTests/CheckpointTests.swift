import Foundation
import Testing

/// Trials whose worker is lost with its machine.
@Suite("Checkpoints that outlive a machine", .serialized)
struct CheckpointTests {
    /// Two trials of some seconds, trained together.
    private static let spec = """
        study: long
        seed: 5
        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: digits, preprocess: [zero-mean]}
        model: {hidden: [128, 64], activation: relu, init: he, batch_norm: true}
        train: {optimizer: adam, batch_size: 32}
        parameters:
          learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}
        stages:
          - {name: coarse, trials: 2, epochs: 400}
        """

    private static let undisturbed = Result {
        let folder = try TemporaryFolder()
        let file = try folder.write(spec, to: "long.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--workers", "1", "--data-dir", folder.path("data"), "--format", "json"])
        return try #require(decode(ReportDocument.self, outcome.output).study.fingerprint)
    }

    private static let eager = ["--checkpoint-seconds", "0.1", "--upload-seconds", "0.3"]

    /// What the coordinator keeps.
    private func checkpoints(of cluster: ClusterUnderTest) -> [String] {
        let path = cluster.folder.path("data/checkpoints")
        return (FileManager.default.subpaths(atPath: path) ?? []).filter { $0.contains("/") }
    }

    private func hasBoth(_ cluster: ClusterUnderTest) -> Bool {
        let files = checkpoints(of: cluster)
        return [1, 2].allSatisfy { trial in
            files.contains {
                $0.hasPrefix("study-1/trial-000\(trial)_epoch-") && $0.hasSuffix(".checkpoint")
            }
        }
    }

    /// Submits, and ends the first worker and its disk when the coordinator has a checkpoint of
    /// each trial.
    private func loseMachine(_ cluster: ClusterUnderTest) throws {
        try cluster.startWorker(spool: "first", options: Self.eager)
        let file = try cluster.folder.write(Self.spec, to: "long.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try eventually("the coordinator has a checkpoint of each trial") { hasBoth(cluster) }
        cluster.killWorker(0)
        try FileManager.default.removeItem(atPath: cluster.folder.path("first"))
        #expect(try cluster.status(of: "long").progress.done == 0)
    }

    private func expectUndisturbedEnd(_ cluster: ClusterUnderTest) throws {
        try cluster.waitUntilComplete("long")
        #expect(try cluster.audit(of: "long").violations.isEmpty)
        let undisturbed = try Self.undisturbed.get()
        #expect(try cluster.fingerprint(of: "long") == undisturbed)
        try eventually("nothing is left") { checkpoints(of: cluster).isEmpty }
    }

    /// Of both trials, whether the worker says that it has the checkpoint and went on from it.
    private func expectContinuation(in log: String, isSound: Bool = true) {
        for trial in [1, 2] {
            #expect(
                log.contains("the coordinator gave the checkpoint of trial \(trial) as of"),
                "\(log)")
            #expect(log.contains("trial \(trial) goes on from epoch ") == isSound, "\(log)")
        }
    }

    @Test func `a machine that is lost with its disk costs minutes of work, not all of it`() throws
    {
        let cluster = try ClusterUnderTest()
        try loseMachine(cluster)
        try cluster.startWorker(spool: "second")
        try expectUndisturbedEnd(cluster)
        expectContinuation(in: try cluster.workerLog(1))
    }

    @Test func `so does one that is lost while the coordinator is killed, too`() throws {
        let cluster = try ClusterUnderTest()
        try loseMachine(cluster)
        try cluster.killCoordinatorAndRestart()
        try cluster.startWorker(spool: "second")
        try expectUndisturbedEnd(cluster)
        expectContinuation(in: try cluster.workerLog(1))
    }

    @Test func `damaged checkpoints are no worse than none`() throws {
        let cluster = try ClusterUnderTest()
        try loseMachine(cluster)
        for name in checkpoints(of: cluster) {
            let file = URL(fileURLWithPath: cluster.folder.path("data/checkpoints/" + name))
            var content = try Data(contentsOf: file)
            content[content.count / 2] ^= 1
            try content.write(to: file)
        }
        try cluster.startWorker(spool: "second", options: Self.eager)
        try expectUndisturbedEnd(cluster)
        expectContinuation(in: try cluster.workerLog(1), isSound: false)
    }
}
