import Foundation
import Testing

/// The Swift of the articles in `HPNet.docc` against `ArticleExamples`, which runs it.
@Suite("Articles")
struct ArticleTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let articles: [String: URL] = {
        let catalog = root.appending(path: "Sources/HPNet/HPNet.docc")
        let paths = FileManager.default.enumerator(atPath: catalog.path)
        let urls = (paths?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains("/") && $0.hasSuffix(".md") }
            .map { catalog.appending(path: $0) }
        return Dictionary(
            uniqueKeysWithValues: urls.map { ($0.deletingPathExtension().lastPathComponent, $0) })
    }()

    /// The lines of an article's Swift, and what its comments say is printed.
    private static func example(of article: String) throws -> (code: [String], printed: [String]) {
        let text = try String(contentsOf: try #require(articles[article]), encoding: .utf8)
        let parts = text.components(separatedBy: "```swift\n")
        try #require(parts.count == 2, "an article has one example")
        let lines = (parts[1].components(separatedBy: "```").first ?? "")
            .components(separatedBy: "\n").dropLast().map { line in
                line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
        return (
            lines.map { $0[0] }.filter { !$0.isEmpty }, lines.compactMap { $0.dropFirst().first }
        )
    }

    /// The body of an example's function.
    private static func tested(_ article: String) throws -> [String] {
        let file = root.appending(path: "Tests/HPNetTests/ArticleExamples.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        let name = article.prefix(1).lowercased() + article.dropFirst()
        let lines = text.components(separatedBy: "\n")
        let start = try #require(
            lines.firstIndex { $0.hasPrefix("    static func \(name)(") }, "no function \(name)")
        return lines[(start + 1)...].prefix { $0 != "    }" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// As `print` does, numbers rounded to four digits.
    private static func description(_ value: Any) -> String {
        switch value {
        case let numbers as [Any]:
            "[\(numbers.map(description).joined(separator: ", "))]"
        case let number as Double: String(format: "%.4g", number == 0 ? 0 : number)
        case let number as Float: String(format: "%.4g", number == 0 ? 0 : Double(number))
        default: "\(value)"
        }
    }

    @Test func `every article has an example and every example an article`() {
        #expect(Self.articles.count >= 31)
        #expect(Self.articles.keys.sorted() == ArticleExamples.all.keys.sorted())
    }

    @Test(arguments: ArticleExamples.all.keys.sorted())
    func `an article prints what it says`(article: String) throws {
        let example = try Self.example(of: article)
        #expect(example.code == (try Self.tested(article)))
        var printed: [String] = []
        let run = try #require(ArticleExamples.all[article])
        try run { values in
            printed.append(values.map(Self.description).joined(separator: " "))
        }
        #expect(!printed.isEmpty)
        #expect(printed == example.printed)
    }
}
