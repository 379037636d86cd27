import Foundation
import Testing

@Suite("Bad input")
struct BadInputTests {
    /// A spec that is right but for one replacement.
    private func check(
        replacing part: String, by other: String
    ) throws -> (Program.Outcome, path: String) {
        let folder = try TemporaryFolder()
        let text = MainJobTests.spec().replacingOccurrences(of: part, with: other)
        let file = try folder.write(text, to: "bad.yaml")
        return (try Program.run("hpcoord", ["check", file]), file)
    }

    @Test(arguments: [
        ("batch_size: 32", "batchsize: 32", 6, "batch_size"),
        ("[1.0e-3, 1.0]", "[1.0, 1.0e-3]", 8, "[0.001, 1"),
        ("dataset: digits", "dataset: digitz", 4, "digits"),
    ])
    func `a wrong spec gives one line with its place and the fix`(
        part: String, other: String, line: Int, fix: String
    ) throws {
        let (outcome, path) = try check(replacing: part, by: other)
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("\(path):\(line):"))
        #expect(outcome.errors.contains(fix))
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [
        (Data("study: a\nmodel: {init: h".utf8) + [0xFF], "2:16: the text is not UTF-8"),
        (Data("study: a\0".utf8), "1:9: the text has the invisible character U+0000"),
        (Data(repeating: 0x61, count: 10_000_000), "1:1: the spec has more than 256 KiB"),
        (Data(), "1:1: the spec is empty"),
    ])
    func `a file that is no text of a page is refused in one line`(
        bytes: Data, complaint: String
    ) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("bad.yaml")
        try bytes.write(to: URL(filePath: path))
        let outcome = try Program.run("hpcoord", ["check", path])
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("\(path):\(complaint)"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `a range on the wrong scale is warned of and taken`() throws {
        let (outcome, path) = try check(
            replacing: "{log_uniform: [1.0e-3, 1.0]}", by: "{uniform: [1.0e-3, 1.0]}")
        #expect(outcome.status == 0)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("\(path):8:"))
        #expect(outcome.errors.contains(": warning: `parameters.learning_rate` spans more"))
        #expect(outcome.output.contains("uniform: [0.001, 1.0]"))
    }

    @Test func `a missing data file is said with its path`() throws {
        let folder = try TemporaryFolder()
        let text = MainJobTests.spec().replacingOccurrences(
            of: "dataset: digits", with: "dataset: csv, path: nowhere.csv, label: -1")
        let file = try folder.write(text, to: "csv.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--data-dir", folder.path("data"), "--data-root", folder.url.path])
        #expect(outcome.status == 66)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("nowhere.csv"))
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            ("1,2,a\n1,x,b\n", "{train: 1, validation: 1}", 65, "table.csv:2: column 1 has `x`"),
            ("1,2,a\n1,3,a\n", "{train: 1, validation: 1}", 65, "table.csv: every row has the"),
            ("1,2,a\n1,3,b\n", "{train: 1, validation: 2}", 2, "csv.yaml:4:72: data.split asks"),
        ])
    func `a search whose data can't be trained on ends at once and says why`(
        table: String, split: String, status: Int32, complaint: String
    ) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(table, to: "table.csv")
        let text = MainJobTests.spec().replacing(
            #/data: .*/#,
            with: "data: {dataset: csv, path: table.csv, label: -1, header: false, split: \(split)}"
        )
        let file = try folder.write(text, to: "csv.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--data-dir", folder.path("data"), "--data-root", folder.url.path])
        #expect(outcome.status == status)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
    }

    @Test func `a missing spec is said with its path`() throws {
        let outcome = try Program.run("hpcoord", ["check", "/nonexistent/spec.yaml"])
        #expect(outcome.status == 66)
        #expect(outcome.errorLines.count == 1)
    }

    @Test func `a coordinator that is not there is said with its address`() throws {
        let outcome = try Program.run("hpcoord", ["ls", "--connect", "tcp://127.0.0.1:1"])
        #expect(outcome.status == 5)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("tcp://127.0.0.1:1"))
    }

    @Test func `a port in use and a data directory in use are refused`() throws {
        let cluster = try ClusterUnderTest()
        let port = try Program.run(
            "hpcoord",
            ["serve", "--bind", cluster.endpoint, "--data-dir", cluster.folder.path("other")])
        #expect(port.status == 73)
        #expect(port.errors.contains(cluster.endpoint))
        let directory = try Program.run(
            "hpcoord",
            ["serve", "--bind", "tcp://127.0.0.1:*", "--data-dir", cluster.folder.path("data")])
        #expect(directory.status == 73)
        #expect(directory.errorLines.count == 1)
        #expect(try cluster.command(["ls"]).status == 0)
    }

    @Test func `a bind off loopback encrypts by itself`() throws {
        let folder = try TemporaryFolder()
        let log = folder.url.appendingPathComponent("log")
        let process = try Program.launch(
            "hpcoord", ["serve", "--bind", "tcp://0.0.0.0:*", "--data-dir", folder.path("data")],
            output: folder.url.appendingPathComponent("out"), errors: log)
        defer {
            kill(process.processIdentifier, SIGTERM)
            process.waitUntilExit()
        }
        var port: Substring = ""
        try eventually("the coordinator listens") {
            let text = try String(contentsOf: log, encoding: .utf8)
            guard let range = text.range(of: "listening on tcp://0.0.0.0:") else { return false }
            port = text[range.upperBound...].prefix { $0.isNumber }
            return text[range.upperBound...].contains("\n")
        }
        let address = ["ls", "--connect", "tcp://127.0.0.1:\(port)"]
        #expect(try Program.run("hpcoord", address).status == 69)
        let key = ["--key", folder.path("data/keys/admin.key")]
        #expect(try Program.run("hpcoord", address + key).status == 0)
    }

    @Test(arguments: [
        (["sbmit", "x.yaml"], "did you mean `hpcoord submit`?"),
        (["Status", "x"], "did you mean `hpcoord status`?"),
        (["keys", "authorise", "gpu-1"], "did you mean `hpcoord keys authorize`?"),
        (["data", "fetsch"], "did you mean `hpcoord data fetch`?"),
        (["x.yaml"], "`hpcoord --help` lists them"),
    ])
    func `an unknown command is said with the one that was meant`(
        arguments: [String], advice: String
    ) throws {
        let outcome = try Program.run("hpcoord", arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("there is no command"))
        #expect(outcome.errors.contains(advice))
    }

    @Test func `hpcoord by itself prints its help`() throws {
        let outcome = try Program.run("hpcoord", [])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("SUBCOMMANDS:"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `an unknown option is a usage error`() throws {
        #expect(try Program.run("hpcoord", ["serve", "--bnd", "x"]).status == 2)
        #expect(try Program.run("hpworker", ["--slots", "0"]).status == 2)
    }
}
