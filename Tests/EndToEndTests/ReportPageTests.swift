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
        for figure in ["space", "history", "curves", "loss", "importance", "ranges"] {
            #expect(page.contains("<figure id=\"\(figure)\""), "\(figure)")
        }
    }

    /// Names of the SVG files in a folder, sorted.
    private func figures(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            #expect(text.hasPrefix("<svg xmlns="), "\(name)")
            return String(name.split(separator: ".")[0])
        }
    }

    @Test func `what trials recorded becomes pages, tables and files`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        let spec = MainJobTests.spec(name: "pages", epochs: 2)
        let file = try cluster.folder.write(spec, to: "pages.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try cluster.waitUntilComplete("pages")

        let report = cluster.folder.path("figures/of/report")
        #expect(try cluster.command(["report", "pages", "--figures", report]).status == 0)
        let all = try figures(report)
        #expect(Set(all).isSuperset(of: ["curves", "history", "loss", "loss-log", "space"]))
        #expect(all.count { $0.hasPrefix("activations-") } == 3)

        let best = try #require(cluster.report(of: "pages").trials.first).trial
        let folder = cluster.folder.path("trial")
        let shown = try cluster.command([
            "trial", "pages", "\(best)", "--figures", folder,
            "--html", cluster.folder.path("page.html"),
        ])
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("\nLayers at epoch "))
        #expect(shown.output.contains("\nhidden 1 "))
        let names = ["activations", "gradients", "updates"].map { "\($0)-\(best)" }
        #expect(try Set(figures(folder)).isSuperset(of: names))
        #expect(try page(cluster.folder).contains("<figure id=\"gradients-\(best)\">"))
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
