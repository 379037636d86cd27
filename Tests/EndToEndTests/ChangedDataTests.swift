import Foundation
import Testing

@Suite("Changed data", .timeLimit(.minutes(3)))
struct ChangedDataTests {
    private static func table(_ change: (Int) -> Int = { $0 }) -> String {
        (0..<40).map { "\(change($0) % 7),\($0 % 5),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    }

    private static func run(
        in folder: TemporaryFolder, _ arguments: [String] = []
    ) throws -> Program.Outcome {
        try Program.run(
            "hpcoord",
            [
                "run", folder.path("table.yaml"), "--data-dir", folder.path("data"),
                "--data-root", folder.url.path, "--workers", "1",
            ] + arguments)
    }

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.write(table(), to: "table.csv")
        _ = try folder.write(
            TableCaseTests.spec("label: -1", file: "table.csv"), to: "table.yaml")
        return folder
    }

    @Test func `a run and its report say what the table was understood to be`() throws {
        let folder = try Self.folder()
        let understood =
            "table.csv: 40 rows of 2 features, 2 classes: a (20), b (20); comma-separated, "
            + "no header"
        let outcome = try Self.run(in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("hpcoord: \(understood)\n"), "\(outcome.errors)")
        #expect(outcome.output.contains("\ndata: \(understood)\n"), "\(outcome.output)")
        let json = try Self.run(in: folder, ["--format", "json"])
        #expect(json.output.contains("\"data\": \"\(understood)\""), "\(json.output)")
        let page = folder.path("report.html")
        _ = try Self.run(in: folder, ["--html", page])
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains(understood))
    }

    /// The second is of the same size.
    @Test(arguments: [table() + "1,2,a\n", table { $0 + 1 }])
    func `a study whose data were changed is neither reported nor gone on with`(
        changed: String
    ) throws {
        let folder = try Self.folder()
        #expect(try Self.run(in: folder).status == 0)
        _ = try folder.write(changed, to: "table.csv")
        let outcome = try Self.run(in: folder)
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        let said = try #require(outcome.errorLines.last)
        #expect(said.contains("study \"table\" was begun on other data: table.csv is now SHA-256"))
        #expect(said.contains("restore the data, or search on these under another name"))
        _ = try folder.write(Self.table(), to: "table.csv")
        #expect(try Self.run(in: folder).status == 0)
    }

    @Test func `data that were changed in the middle of a study are not waited for`() throws {
        let folder = try Self.folder()
        let text = TableCaseTests.spec("label: -1", file: "table.csv")
            .replacing("narrow: auto", with: "narrow: confirm")
        _ = try folder.write(text, to: "table.yaml")
        #expect(try Self.run(in: folder).status == 3)
        _ = try folder.write(Self.table { $0 + 1 }, to: "table.csv")
        let outcome = try Self.run(in: folder, ["--accept"])
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("was begun on other data"))
        _ = try folder.write(Self.table(), to: "table.csv")
        #expect(try Self.run(in: folder, ["--accept"]).status == 0)
    }

    @Test func `a column that became another is another content, and that is said`() throws {
        let folder = try Self.folder()
        #expect(try Self.run(in: folder).status == 0)
        _ = try folder.write(
            TableCaseTests.spec("label: 1", file: "table.csv")
                .replacing("label: 1", with: "label: 1, columns: {categorical: [2]}"),
            to: "table.yaml")
        let outcome = try Self.run(in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("with another content"))
    }

    @Test func `status says why workers with changed data decline a study`() throws {
        let cluster = try ClusterUnderTest()
        let text = TableCaseTests.spec("label: -1", file: "table.csv")
            .replacing("narrow: auto", with: "narrow: confirm")
        let spec = try cluster.folder.write(text, to: "table.yaml")
        _ = try cluster.folder.write(Self.table(), to: "table.csv")
        let root = ["--data-root", cluster.folder.url.path]
        try cluster.startWorker(options: root)
        #expect(try cluster.command(["submit", spec]).status == 0)
        try eventually("the study waits for consent") {
            try cluster.status(of: "table").study.state == "PAUSED"
        }
        cluster.killWorker(0)
        _ = try cluster.folder.write(Self.table { $0 + 1 }, to: "table.csv")
        #expect(try cluster.command(["narrow", "table", "--accept"]).status == 0)
        try cluster.startWorker(spool: "other", options: root)
        try eventually("status says why the worker declines") {
            let status = try cluster.command(["status", "table"]).output
            return status.contains("declined by") && status.contains("restore them")
        }
    }
}
