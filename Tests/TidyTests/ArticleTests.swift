import Foundation
import Testing

/// The catalog `HPNet.docc`: what can be chosen has an article, and articles have their parts.
@Suite("Articles of HPNet")
struct ArticleTests {
    private static let folder = "Sources/HPNet/HPNet.docc/"
    private static let landing = folder + "HPNet.md"

    /// By name; the landing page is none.
    private static let articles: [String: SourceTree.File] = Dictionary(
        uniqueKeysWithValues: SourceTree.files([".md"])
            .filter { $0.path.hasPrefix(folder) && $0.path != landing }
            .map { (String($0.path.split(separator: "/").last?.dropLast(3) ?? ""), $0) })

    private static func text(_ path: String) throws -> String {
        try #require(SourceTree.files([path]).first, "no file \(path)").text
    }

    /// What stands between two strings, each time.
    private static func parts(of text: String, from: String, to: String) -> [String] {
        text.components(separatedBy: from).dropFirst().compactMap {
            $0.components(separatedBy: to).first
        }
    }

    /// Articles that the landing page lists.
    private static func listed() throws -> Set<String> {
        let topics = try #require(text(landing).components(separatedBy: "\n## Topics\n").last)
        return Set(parts(of: topics, from: "- <doc:", to: ">"))
    }

    /// Cases of a public enumeration, as links have them: `Optimizer/adam`.
    static func cases(of name: String, in text: String) -> [String] {
        let body = parts(of: text, from: "public enum \(name): ", to: "\n}").first ?? ""
        return body.components(separatedBy: "\n").filter { $0.hasPrefix("    case ") }.map {
            let declared = $0.dropFirst("    case ".count)
            let labels = parts(of: String(declared), from: "(", to: ")").first.map { list in
                list.components(separatedBy: ", ").map { parameter in
                    parameter.contains(":")
                        ? (parameter.components(separatedBy: ":").first ?? "") + ":" : "_:"
                }.joined()
            }
            return "\(name)/" + declared.prefix { $0.isLetter || $0.isNumber }
                + (labels.map { "(\($0))" } ?? "")
        }
    }

    /// What is missing in an article.
    static func faults(of text: String) -> [String] {
        let sections: [(title: String, part: String)] = [
            ("What it computes", "```\n"), ("What it is good for", ""), ("What to watch", ""),
            ("From a spec", "```yaml\n"), ("From a spec", "examples/lecture"),
            ("In Swift", "```swift\n"), ("Source", " "),
        ]
        var faults = sections.filter { title, part in
            guard let section = parts(of: text, from: "\n## \(title)\n", to: "\n## ").first else {
                return true
            }
            return !part.isEmpty && !section.contains(part)
        }.map(\.title)
        let reasons = ["Its gradient", "Why", "Why it fails", "Why it fails in depth"]
        if !(reasons + ["Why it is there"]).contains(where: { text.contains("\n## \($0)\n") }) {
            faults.append("Why")
        }
        return faults
    }

    @Test func `every article is listed on the landing page and every listed one exists`() throws {
        #expect(try Self.listed() == Set(Self.articles.keys))
        #expect(Self.articles.count >= 31)
    }

    @Test func `every layer is the definition of a listed article`() throws {
        let none: Set = ["Matrix", "ReferenceNetwork"]
        let layers = SourceTree.sources.filter { $0.path.hasPrefix("Sources/HPNet/Layers/") }
            .compactMap { $0.path.split(separator: "/").last?.dropLast(".swift".count) }
            .map(String.init).filter { !none.contains($0) }
        #expect(layers.count >= 13)
        let listed = try Self.listed()
        let defined = Self.articles.filter { listed.contains($0.key) }.values.flatMap { file in
            Self.parts(of: file.text, from: "\n### Definition\n", to: "\n#")
                .flatMap { Self.parts(of: $0, from: "- ``", to: "``") }
        }
        #expect(layers.filter { !defined.contains($0) } == [])
    }

    @Test(arguments: [
        ("Activation", "Sources/HPNet/Network/NetworkConfiguration.swift", 7),
        ("Initialization", "Sources/HPNet/Network/NetworkConfiguration.swift", 6),
        ("Preprocessing", "Sources/HPNet/Data/Preprocessing/Preprocessing.swift", 4),
        ("Optimizer", "Sources/HPNet/Optimizers/Optimizer.swift", 5),
        ("LearningRateSchedule", "Sources/HPNet/Optimizers/LearningRateSchedule.swift", 3),
    ])
    func `everything that can be chosen has a listed article`(
        name: String, path: String, least: Int
    ) throws {
        let cases = Self.cases(of: name, in: try Self.text(path))
        #expect(cases.count >= least)
        let listed = try Self.listed()
        let told = Self.articles.filter { listed.contains($0.key) }.values.flatMap { file in
            Self.parts(of: file.text, from: "\n## In Swift\n", to: "\n## ")
        }
        let untold = cases.filter { link in !told.contains { $0.contains("``\(link)``") } }
        #expect(untold == [])
    }

    @Test func `cases are found with their labels`() {
        let text = """
            public enum Rule: Sendable {
                case one
                case two(Double)
                case three(count: Int?, epsilon: Double)
            }
            """
        #expect(
            Self.cases(of: "Rule", in: text) == [
                "Rule/one", "Rule/two(_:)", "Rule/three(count:epsilon:)",
            ])
    }

    @Test func `every article has its parts`() {
        let faults = Self.articles.values.sorted { $0.path < $1.path }.flatMap { file in
            Self.faults(of: file.text).map { "\(file.path): \($0)" }
        }
        #expect(faults == [])
    }

    @Test func `an article without its parts is found`() throws {
        #expect(
            Self.faults(of: "# Title\n") == [
                "What it computes", "What it is good for", "What to watch", "From a spec",
                "From a spec", "In Swift", "Source", "Why",
            ])
        let whole = try #require(Self.articles["TheRectifier"]).text
        #expect(
            Self.faults(of: whole.replacingOccurrences(of: "```yaml", with: "```")) == [
                "From a spec"
            ])
    }

    @Test func `every study that an article names exists`() {
        let missing = Self.articles.values.flatMap { file in
            Self.parts(of: file.text, from: "examples/lecture/", to: "`").filter {
                SourceTree.files(["examples/lecture/\($0)"]).isEmpty
            }
        }
        #expect(missing == [])
    }

    /// The example in `Engine.swift` is the one that a test runs.
    @Test func `the example is the same wherever it stands`() throws {
        let engine = try Self.text("Sources/HPNet/Engine.swift").split(separator: "\n")
            .filter { $0.hasPrefix("///     ") }.map { String($0.dropFirst("///     ".count)) }
        #expect(engine.count >= 10)
        for path in ["README.md", Self.landing] {
            let document = try #require(SourceTree.files([".md"]).first { $0.path == path })
            let blocks = Self.parts(of: document.text, from: "```swift\n", to: "\n```")
            let lines = blocks.first?.split(separator: "\n").map(String.init)
            #expect(lines == engine, "\(path)")
        }
    }
}
