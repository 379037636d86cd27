import DataTesting
import Foundation
import Testing

@Suite("Fetching data")
struct FetchTests {
    private static let archive = SmallCIFAR10.archive(recordCount: 20)

    private static func arguments(_ server: LocalServer, to directory: String) -> [String] {
        [
            "data", "fetch", "cifar10", "--to", directory, "--url", server.url, "--sha256",
            sha256(archive), "--bytes", "\(archive.count)",
        ]
    }

    private static let spec = """
        study: fetched
        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: cifar10, split: {train: 60, validation: 20}}
        parameters: {learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}}
        stages: [{name: coarse, trials: 2, epochs: 1}]
        """

    @Test func `what is fetched is where the next command looks for it`() throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(LocalServer.Behavior(content: Self.archive))
        defer { server.stop() }
        let target = folder.path("new/data")
        for isThere in [false, true] {
            let outcome = try Program.run("hpcoord", Self.arguments(server, to: target))
            #expect(outcome.status == 0)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.first == "\(target)/cifar-10-batches-bin")
            #expect(lines.last?.hasSuffix("--data-root \(target)") == true)
            #expect(
                outcome.errorLines
                    == (isThere ? ["hpcoord: the data set is there already"] : []))
        }
        let spec = try folder.write(Self.spec, to: "spec.yaml")
        let check = try Program.run("hpcoord", ["check", spec, "--data-root", target])
        #expect(check.status != 65 && check.status != 66, "\(check.errors)")
        #expect(check.output.contains("dataset: cifar10"))
    }

    @Test func `an interrupted fetch ends with 130, keeps what came and goes on`() throws {
        let folder = try TemporaryFolder()
        var behavior = LocalServer.Behavior(content: Self.archive)
        behavior.stallsAfter = 100_000
        let server = try LocalServer(behavior)
        defer { server.stop() }
        let part = folder.path("cifar-10-binary.tar.gz.part")
        let arguments = Self.arguments(server, to: folder.url.path)
        let errors = folder.url.appendingPathComponent("err")
        let process = try Program.launch(
            "hpcoord", arguments, output: folder.url.appendingPathComponent("out"), errors: errors)
        try eventually("100,000 bytes came") {
            FileManager.default.contents(atPath: part)?.count == 100_000
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try String(contentsOf: errors, encoding: .utf8).contains("goes on where this"))
        #expect(FileManager.default.contents(atPath: part)?.count == 100_000)
        server.behave { $0.stallsAfter = nil }
        #expect(try Program.run("hpcoord", arguments).status == 0)
        #expect(server.requests.last?["range"] == "bytes=100000-")
        #expect(!FileManager.default.fileExists(atPath: part))
    }

    @Test func `what goes wrong is told in one line with its code`() throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(LocalServer.Behavior(content: Self.archive))
        defer { server.stop() }
        for (status, code) in [(404, 66), (nil, 65)] as [(Int?, Int32)] {
            server.behave {
                $0.status = status
                $0.content[9] = Self.archive[9] ^ 1
            }
            let outcome = try Program.run(
                "hpcoord", Self.arguments(server, to: folder.url.path))
            #expect(outcome.status == code)
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.output.isEmpty)
        }
    }
}
