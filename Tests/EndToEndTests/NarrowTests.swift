import Foundation
import Testing

@Suite("Narrowing from the command line")
struct NarrowTests {
    private static let examples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples")

    private static func example(_ name: String) -> String {
        examples.appendingPathComponent(name).path
    }

    /// Moves by stage and parameter.
    private static func moves(_ document: String) throws -> [String: [String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(document.utf8))
        let root = try #require(object as? [String: Any])
        let stages = try #require(root["stages"] as? [[String: Any]])
        var moves: [String: [String: Any]] = [:]
        for stage in stages {
            for move in try #require(stage["moves"] as? [[String: Any]]) {
                let name = try #require(stage["name"] as? String)
                let parameter = try #require(move["parameter"] as? String)
                moves["\(name) \(parameter)"] = move
            }
        }
        return moves
    }

    @Test func `the lecture's table is read as a careful reader reads it`() throws {
        let outcome = try Program.run(
            "hpcoord",
            [
                "narrow", Self.example("cs231n-lecture6.yaml"), "--trials",
                Self.example("cs231n-lecture6-trials.csv"), "--format", "json",
            ])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        let moves = try Self.moves(outcome.output)
        let rate = try #require(moves["coarse learning_rate"])
        #expect(rate["action"] as? String == "narrow")
        let bounds = try #require(rate["to"] as? [Double])
        #expect((0.7e-4...1.4e-4).contains(bounds[0]) && bounds[1] <= 1e-3)
        // That its two worst rows lie at the top comes about once in 55 times: no evidence.
        #expect(moves["coarse reg"]?["action"] as? String == "keep")
        #expect(moves["fine reg"]?["action"] as? String == "keep")
        #expect((moves["fine reg"]?["because"] as? String)?.contains("no sign") == true)
        #expect(outcome.output.contains("\"best-on-border\", \"parameter\": \"learning_rate\""))
        #expect(outcome.output.contains("the best 5 trials"))
    }

    @Test func `a report's own table gives the moves of the study`() throws {
        let folder = try TemporaryFolder()
        let text = MainJobTests.spec()
        let file = try folder.write(text, to: "spec.yaml")
        let data = folder.path("data")
        let report = try Program.run("hpcoord", ["run", file, "--data-dir", data])
        #expect(report.status == 0)
        let table = folder.path("trials.csv")
        let json = try Program.run(
            "hpcoord", ["run", file, "--data-dir", data, "--format", "json"])
        let csv = try Program.run(
            "hpcoord", ["run", file, "--data-dir", data, "--format", "csv", "-o", table])
        #expect(csv.status == 0)
        let narrowed = try Program.run(
            "hpcoord", ["narrow", file, "--trials", table, "--format", "json"])
        #expect(narrowed.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let stages = try #require((object as? [String: Any])?["stages"] as? [[String: Any]])
        let moves = try Self.moves(narrowed.output)
        let fine = try #require(stages[1]["moves"] as? [[String: Any]])
        #expect(!fine.isEmpty)
        for move in fine {
            let parameter = try #require(move["parameter"] as? String)
            let name = try #require(stages[0]["name"] as? String)
            let same = try #require(moves["\(name) \(parameter)"])
            #expect(same["to"] as? [Double] == move["to"] as? [Double])
            #expect(same["because"] as? String == move["because"] as? String)
        }
    }

    @Test func `a study with narrow confirm stops and goes on when it is told to`() throws {
        let folder = try TemporaryFolder()
        let text = MainJobTests.spec().replacingOccurrences(
            of: "narrow: auto", with: "narrow: confirm")
        #expect(text.contains("narrow: confirm"))
        let file = try folder.write(text, to: "spec.yaml")
        let data = folder.path("data")
        let first = try Program.run("hpcoord", ["run", file, "--data-dir", data])
        #expect(first.status == 3)
        #expect(first.output.contains("PAUSED (confirm)"))
        #expect(first.errors.contains("--accept"))
        let second = try Program.run("hpcoord", ["run", file, "--data-dir", data, "--accept"])
        #expect(second.status == 0)
        #expect(second.output.contains("COMPLETE"))
    }

    @Test func `a table that is missing is said with its path`() throws {
        let outcome = try Program.run(
            "hpcoord",
            ["narrow", Self.example("cs231n-lecture6.yaml"), "--trials", "nowhere.csv"])
        #expect(outcome.status == 66)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("nowhere.csv"))
    }
}
