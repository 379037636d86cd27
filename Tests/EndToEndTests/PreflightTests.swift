import Foundation
import Testing

@Suite("Preflight, end to end")
struct PreflightTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs with a state folder of its own.
    private func run(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run(
            "hpcoord", arguments, environment: ["XDG_STATE_HOME": folder.path("state")])
    }

    private func write(_ name: String, replacing part: String = "", by other: String = "") throws
        -> String
    {
        let text = MainJobTests.spec(epochs: 1)
            .replacingOccurrences(of: "trials: 24", with: "trials: 2")
            .replacingOccurrences(of: "trials: 12", with: "trials: 2")
        return try folder.write(
            part.isEmpty ? text : text.replacingOccurrences(of: part, with: other), to: name)
    }

    @Test func `a spec that passes is known to have passed`() throws {
        let file = try write("good.yaml")
        let data = ["--workers", "1", "--data-dir", folder.path("data")]
        let unchecked = try run(["run", file] + data)
        #expect(unchecked.status == 0)
        #expect(unchecked.errors.contains("warning: not checked on this machine; `hpcoord check"))
        let check = try run(["check", file])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        #expect(check.errors == "")
        #expect(check.output.contains("# preflight: 6 passed, 0 failed, 2 noted\n"))
        let checked = try run(["run", file] + data)
        #expect(checked.status == 0)
        #expect(!checked.errors.contains("check"))
        // Standard output is still a spec.
        let again = try folder.write(check.output, to: "resolved.yaml")
        #expect(try run(["check", "--no-preflight", again]).status == 0)
        #expect(!(try run(["run", again] + data)).errors.contains("not checked"))
    }

    @Test func `a spec that fails ends with 1, and a search of it is warned of`() throws {
        let file = try write("bad.yaml", replacing: "init: he", by: "init: zero")
        let check = try run(["check", file])
        #expect(check.status == 1)
        #expect(check.output.contains("# FAILED  overfit "))
        #expect(check.errorLines.count == 1 + 1, "a warning of zero weights, and the end")
        #expect(
            check.errors.contains(
                "bad.yaml: preflight failed: regularization, overfit; what is printed says why"))
        let spec = try run(["check", file, "--format", "json"])
        #expect(spec.status == 1)
        #expect(spec.errors.contains("\"exit_code\": 1"))
        #expect(spec.errors.contains("bad.yaml: preflight failed: regularization, overfit; `hpc"))
        let search = try run(
            ["run", file, "--workers", "1", "--data-dir", folder.path("data")])
        #expect(search.errors.contains("bad.yaml: warning: its preflight checks failed"))
        let skipped = try run(["check", "--no-preflight", file])
        #expect(skipped.status == 0)
        #expect(!skipped.output.contains("#"))
    }

    @Test func `submit warns, too`() throws {
        let cluster = try ClusterUnderTest()
        let file = try write("good.yaml")
        let submit = ["submit", file, "--connect", cluster.endpoint]
        #expect(try run(submit).errors.contains("not checked on this machine"))
        #expect(try run(["check", file]).status == 0)
        #expect(try run(submit).errors == "")
    }

    @Test func `findings can be had as JSON, the spec alone as before`() throws {
        let file = try write("good.yaml")
        let findings = try run(["check", file, "--format", "preflight-json"])
        #expect(findings.status == 0)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(findings.output.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "hpcoord.preflight/1")
        #expect(document["passed"] as? Bool == true)
        let spec = try run(["check", file, "--format", "json"])
        let content = try JSONSerialization.jsonObject(with: Data(spec.output.utf8))
        #expect((content as? [String: Any])?["study"] as? String == "digits")
    }

    @Test func `without the data the spec is validated, and that is said`() throws {
        let file = try write(
            "csv.yaml", replacing: "dataset: digits",
            by: "dataset: csv, path: table.csv, label: -1")
        let outcome = try run(["check", file])
        #expect(outcome.status == 0)
        #expect(
            outcome.output.hasSuffix("# preflight: not run, it needs the data: give --data-root\n"))
        #expect(try run(["check", file, "--format", "preflight-json"]).status == 2)
        #expect(try run(["check", file, "--data-root", folder.url.path]).status == 66)
        _ = try folder.write("1,2,a\n1,x,b\n", to: "table.csv")
        let corrupt = try run(["check", file, "--data-root", folder.url.path])
        #expect(corrupt.status == 65)
        #expect(corrupt.errors.contains("table.csv:2:"))
    }

    @Test func `a check of one table says nothing of another`() throws {
        let rows = (0..<40).map { "\($0 % 7),\($0 % 3),\($0 % 2 == 0 ? "a" : "b")\n" }
        _ = try folder.write(rows.joined(), to: "one.csv")
        _ = try folder.write(rows.reversed().joined(), to: "other.csv")
        func spec(_ table: String) throws -> String {
            let text = MainJobTests.spec(epochs: 1).replacing(
                #/data: .*/#,
                with: "data: {dataset: csv, path: \(table).csv, label: -1, "
                    + "header: false, split: {train: 20, validation: 20}}")
            return try folder.write(text, to: "\(table).yaml")
        }
        let root = ["--data-root", folder.url.path]
        _ = try run(["check", try spec("one")] + root)
        let data = root + ["--workers", "1", "--data-dir", folder.path("data")]
        #expect(!(try run(["run", try spec("one")] + data)).errors.contains("not checked"))
        let other = try run(["run", try spec("other")] + data)
        #expect(other.errors.contains("other.yaml: warning: not checked on this machine"))
    }

    @Test func `a state folder that can't be written is no obstacle`() throws {
        let file = try write("good.yaml")
        let outcome = try Program.run(
            "hpcoord", ["check", file], environment: ["XDG_STATE_HOME": "/proc/nowhere"])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }
}
