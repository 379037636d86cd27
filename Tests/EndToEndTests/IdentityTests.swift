import Foundation
import Testing

/// The same study gives the same fingerprint on every kind of kernels and with every number of
/// slots, when everybody is killed in the middle of it too. `deploy/test.sh` compares the builds.
@Suite("One fingerprint", .serialized)
struct IdentityTests {
    struct Kernels: CustomTestStringConvertible {
        var name: String
        /// Long enough to be interrupted.
        var epochs: Int

        var testDescription: String { name }
    }

    static let variants = [
        Kernels(name: "avx512", epochs: 40), Kernels(name: "avx2", epochs: 40),
        Kernels(name: "neon", epochs: 40), Kernels(name: "scalar", epochs: 6),
    ]

    private func spec(_ kernels: Kernels) -> String {
        MainJobTests.spec(name: "identity", epochs: kernels.epochs)
    }

    /// Of one worker with the kernels that the processor chose, undisturbed.
    private func expected(_ kernels: Kernels) throws -> String {
        let folder = try TemporaryFolder()
        let file = try folder.write(spec(kernels), to: "identity.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--workers", "1", "--data-dir", folder.path("data"), "--format", "json"])
        return try #require(decode(ReportDocument.self, outcome.output).study.fingerprint)
    }

    /// Whether this processor has these kernels: a worker says so before it connects.
    private func isHere(_ kernels: Kernels) throws -> Bool {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            MainJobTests.spec(name: "tiny", epochs: 1), to: "tiny.yaml")
        let errors = folder.url.appendingPathComponent("err")
        let process = try Program.launch(
            "hpcoord", ["run", file, "--workers", "1", "--data-dir", folder.path("data")],
            environment: ["HPCOORD_KERNELS": kernels.name],
            output: folder.url.appendingPathComponent("out"), errors: errors)
        process.waitUntilExit()
        if process.terminationStatus == 0 { return true }
        let text = try String(contentsOf: errors, encoding: .utf8)
        try #require(text.contains("HPCOORD_KERNELS"), "\(text)")
        return false
    }

    @Test(arguments: variants, [(1, 4), (4, 1)])
    func `slots, kernels and interruptions don't change a study`(
        _ kernels: Kernels, _ slots: (before: Int, after: Int)
    ) throws {
        guard try isHere(kernels) else { return }
        let environment = ["HPCOORD_KERNELS": kernels.name]
        let cluster = try ClusterUnderTest()
        try cluster.startWorker(slots: slots.before, environment: environment)
        let file = try cluster.folder.write(spec(kernels), to: "identity.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try eventually("some trials are done and some run") {
            let status = try cluster.status(of: "identity").progress
            return status.done > 0 && status.done < 36 && status.running > 0
        }
        cluster.killWorker(0)
        try cluster.killCoordinatorAndRestart()
        try cluster.startWorker(slots: slots.after, environment: environment)
        try cluster.waitUntilComplete("identity")
        #expect(try cluster.report(of: "identity").study.fingerprint == expected(kernels))
    }
}
