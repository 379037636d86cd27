import Foundation
import Testing

@Suite("The report's page", .serialized)
struct ReportPageTests {
    private func page(_ folder: TemporaryFolder) throws -> String {
        try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    }

    @Test func `run writes a page beside the report that it prints`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(MainJobTests.spec(epochs: 1), to: "digits.yaml")
        let outcome = try Program.run(
            "hpcoord",
            [
                "run", file, "--workers", "2", "--data-dir", folder.path("data"),
                "--html", folder.path("page.html"), "--format", "json",
            ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try decode(ReportDocument.self, outcome.output).trials.count == 36)
        let page = try page(folder)
        #expect(page.hasPrefix("<!DOCTYPE html>"))
        for figure in ["space", "history", "curves", "importance", "ranges"] {
            #expect(page.contains("<figure id=\"\(figure)\">"), "\(figure)")
        }
    }

    @Test func `a page can't be written where there is no folder`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(MainJobTests.spec(epochs: 1), to: "digits.yaml")
        let outcome = try Program.run(
            "hpcoord",
            [
                "run", file, "--workers", "2", "--data-dir", folder.path("data"),
                "--html", folder.path("missing/page.html"),
            ])
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("missing/page.html"))
    }
}
