import Foundation
import HPSearch
import SchemaTesting
import SpecFuzzing
import Testing

@Suite("The schema of specs")
struct SchemaTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func checker() throws -> SchemaChecker {
        try SchemaChecker(shipped: "spec", of: "HPSearch")
    }

    /// The verdict of the reader: nil, or what it says.
    private func refusal(_ text: String) -> String? {
        do throws(SearchError) {
            _ = try StudySpec.read(text: text, file: "spec")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `it has the keys that the readers know`() throws {
        #expect(try checker().keys.sorted() == SpecKeys.all.sorted())
    }

    @Test func `every spec of the project is valid`() throws {
        let checker = try checker()
        var texts = [SpecTests.yaml]
        for folder in ["examples", "Tests/EndToEndTests/Specs"] {
            let path = Self.folder.appending(path: folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
            where name.hasSuffix(".yaml") {
                texts.append(try String(contentsOf: path.appending(path: name), encoding: .utf8))
            }
        }
        #expect(texts.count >= 4)
        for text in texts {
            let spec = try StudySpec.read(text: text, file: "spec")
            #expect(try checker.problems(in: spec.content) == [])
        }
    }

    @Test func `what the reader takes is valid`() throws {
        let checker = try checker()
        var generator = SpecGenerator(seed: 231)
        var accepted = 0
        for _ in 0..<300 {
            let text = generator.spec()
            guard let spec = try? StudySpec.read(text: text, file: "spec") else { continue }
            accepted += 1
            #expect(try checker.problems(in: text) == [], "\(text)")
            #expect(try checker.problems(in: spec.content) == [], "\(text)")
        }
        #expect(accepted > 250)
    }

    @Test func `reader and schema agree on changed keys, types and words`() throws {
        let checker = try checker()
        var generator = SpecGenerator(seed: 5)
        var compared = 0
        var disagreements: [String] = []
        for _ in 0..<2 {
            let tree = try JSONSerialization.jsonObject(with: Data(generator.spec().utf8))
            for (path, changed) in Mutation.all(of: tree) {
                let data = try JSONSerialization.data(withJSONObject: changed)
                let refusal = refusal(String(decoding: data, as: UTF8.self))
                if let refusal, Self.isBeyondSchema(refusal) { continue }
                compared += 1
                let problems = checker.problems(of: changed)
                if (refusal == nil) != problems.isEmpty {
                    disagreements.append("\(path): \(refusal ?? "taken") and \(problems)")
                }
            }
        }
        #expect(compared > 500)
        #expect(disagreements == [])
    }

    /// Rules that relate one part of a spec to another.
    private static func isBeyondSchema(_ refusal: String) -> Bool {
        [
            "not searched", "means nothing", "needs `from: top`", "`data.label` is missing",
            "`data.path` is missing", "has no header", "has its bounds reversed", "can't hold",
            "does not hold the range", "can't be a condition", "a grid over all choices",
            "can't move", "has the lower bound", "can't be `-3.5`", "a value is none",
            "a choice is none",
        ].contains(where: refusal.contains)
    }
}

/// Changes of one place of a document.
private enum Mutation {
    static func all(of tree: Any, at path: String = "$") -> [(path: String, changed: Any)] {
        if let object = tree as? [String: Any] { return members(object, path) }
        guard let array = tree as? [Any] else { return [] }
        return array.indices.flatMap { index -> [(path: String, changed: Any)] in
            let place = "\(path)[\(index)]"
            return values(of: array[index], at: place).map { change in
                var copy = array
                copy[index] = change.changed
                return (change.path, copy)
            }
        }
    }

    private static func members(
        _ object: [String: Any], _ path: String
    ) -> [(path: String, changed: Any)] {
        var changes: [(path: String, changed: Any)] = []
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            let place = "\(path).\(key)"
            var without = object
            without[key] = nil
            changes.append(("\(place) removed", without))
            without[key + "x"] = value
            changes.append(("\(place) renamed", without))
            for change in values(of: value, at: place) {
                var copy = object
                copy[key] = change.changed
                changes.append((change.path, copy))
            }
        }
        return changes
    }

    private static func values(of value: Any, at path: String) -> [(path: String, changed: Any)] {
        let others: [Any] = [NSNull(), true, "?", ["x": 1], [NSNull()], [String](), -3.5]
        return others.map { ("\(path) as \($0)", $0) } + all(of: value, at: path)
    }
}
