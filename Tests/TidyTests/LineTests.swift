import Foundation
import Testing

@Suite("House rules")
struct LineTests {
    @Test func `the tree is found`() {
        #expect(SourceTree.sources.count > 50)
        #expect(SourceTree.code.contains { $0.path == "Sources/CKernels/kernels.c" })
    }

    @Test(arguments: [
        Rule.lineLength, .trailingSpace, .leftovers, .workplace, .force, .impurity,
    ])
    func `every rule finds the sample that breaks it`(rule: Rule) {
        let file = SourceTree.File(path: "sample", text: "fine\n" + rule.sample)
        #expect(rule.violations(in: file) == ["sample:2: \(rule.complaint)"])
    }

    @Test func `lines are short`() {
        let tables = ["Tests/HPSearchTests/BadSpecTests.swift", "Sources/CDigits/digits.c"]
        let files = SourceTree.code.filter { !tables.contains($0.path) }
        #expect(files.flatMap(Rule.lineLength.violations) == [])
    }

    @Test func `no line ends in a blank and every file in a newline`() {
        #expect(SourceTree.code.flatMap(Rule.trailingSpace.violations) == [])
        #expect(SourceTree.texts.filter { !$0.text.hasSuffix("\n") }.map(\.path) == [])
    }

    @Test func `nothing is left over`() {
        #expect(SourceTree.texts.flatMap(Rule.leftovers.violations) == [])
    }

    @Test func `the project speaks of the project alone`() {
        #expect(SourceTree.texts.flatMap(Rule.workplace.violations) == [])
    }

    @Test func `errors are handled`() {
        #expect(SourceTree.sources.flatMap(Rule.force.violations) == [])
    }

    @Test func `what decides is pure`() {
        let pure = ["HPMath", "HPDigest", "HPSearch", "HPCluster", "HPReport"]
        let files = SourceTree.sources.filter { pure.contains($0.module) }
        #expect(Set(files.map(\.module)) == Set(pure))
        #expect(files.flatMap(Rule.impurity.violations) == [])
    }

    @Test func `files hold one idea each`() {
        let long = SourceTree.swift.filter { $0.lines.count > 500 }
        #expect(long.map { "\($0.path): \($0.lines.count) lines" } == [])
    }

    @Test func `every document has one title`() {
        let documents = SourceTree.files([".md"])
        #expect(!documents.isEmpty)
        let untitled = documents.filter { file in
            var isCode = false
            return file.lines.count { line in
                if line.hasPrefix("```") { isCode.toggle() }
                return !isCode && line.hasPrefix("# ")
            } != 1
        }
        #expect(untitled.map(\.path) == [])
    }

    @Test func `the top level holds what the layout names`() throws {
        let allowed: Set = [
            "Package.swift", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
            "SECURITY.md", "LICENSE", "Sources", "Tests", "deploy", "examples", "hpcoord-data",
            "Package.resolved",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
        #expect(names.filter { !$0.hasPrefix(".") && !allowed.contains($0) } == [])
    }
}
