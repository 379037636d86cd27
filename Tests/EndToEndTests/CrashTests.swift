import Foundation
import Testing

@Suite("Crashes", .serialized)
struct CrashTests {
    /// Long enough that a process can be killed in the middle of it.
    private static let spec = MainJobTests.spec(name: "crash", epochs: 100)

    /// The fingerprint of the same study when nothing is killed.
    private static let undisturbed = Result {
        let folder = try TemporaryFolder()
        let file = try folder.write(spec, to: "crash.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--workers", "2", "--data-dir", folder.path("data"), "--format", "json"])
        return try #require(decode(ReportDocument.self, outcome.output).study.fingerprint)
    }

    @Test func `a worker killed while it holds trials costs nothing but time`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(2)
        let file = try cluster.folder.write(Self.spec, to: "crash.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try eventually("trials run") { try cluster.status(of: "crash").progress.running > 8 }
        cluster.killWorker(0)
        try cluster.waitUntilComplete("crash")
        let audit = try cluster.audit(of: "crash")
        #expect(audit.violations.isEmpty)
        #expect(audit.attempts.contains { $0.outcome == "LOST" })
        let report = try cluster.report(of: "crash")
        #expect(report.trials.count == 36)
        let undisturbed = try Self.undisturbed.get()
        #expect(report.study.fingerprint == undisturbed)
    }

    @Test func `a coordinator killed in mid-stage goes on where it was`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(2)
        let file = try cluster.folder.write(Self.spec, to: "crash.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try eventually("some trials are done and some run") {
            let status = try cluster.status(of: "crash").progress
            return status.done > 0 && status.done < 24 && status.running > 0
        }
        try cluster.killCoordinatorAndRestart()
        try cluster.waitUntilComplete("crash")
        #expect(try cluster.audit(of: "crash").violations.isEmpty)
        let report = try cluster.report(of: "crash")
        #expect(report.trials.count == 36)
        #expect(report.trials.allSatisfy { $0.attempts == 1 })
        let undisturbed = try Self.undisturbed.get()
        #expect(report.study.fingerprint == undisturbed)
    }
}
