import Testing

@Suite("Imports")
struct ImportTests {
    /// Which of our modules each may import: one way, towards the purer.
    static let allowed: [String: Set<String>] = [
        "HPMath": [],
        "HPTerminal": [],
        "HPDigest": ["CSodium"],
        "HPSearch": ["HPMath", "HPDigest", "Yams"],
        "HPCluster": ["HPSearch", "DequeModule", "OrderedCollections"],
        "HPReport": ["HPSearch", "HPCluster", "HPDigest"],
        "HPNet": ["CKernels", "CDigits", "CZlib", "HPMath", "HPDigest"],
        "HPDownload": ["CCurl", "HPNet", "HPDigest"],
        "HPWire": ["HPCluster", "HPSearch", "SwiftProtobuf"],
        "HPKeys": ["CZeroMQ", "HPDigest"],
        "HPTransport": ["CZeroMQ", "HPKeys"],
        "HPStore": ["HPCluster", "HPSearch", "HPWire", "CSQLite", "GRDB"],
        "HPServer": [
            "HPCluster", "HPSearch", "HPReport", "HPWire", "HPKeys", "HPTransport", "HPStore",
            "Logging",
        ],
        "HPRunner": [
            "HPCluster", "HPSearch", "HPNet", "HPWire", "HPKeys", "HPTransport", "Logging",
        ],
        "hpcoord": [
            "HPServer", "HPRunner", "HPSearch", "HPCluster", "HPReport", "HPWire", "HPKeys",
            "HPTransport", "HPStore", "HPNet", "HPDownload", "HPTerminal", "ArgumentParser",
            "Logging", "UnixSignals",
        ],
        "hpworker": [
            "HPRunner", "HPCluster", "HPNet", "HPKeys", "HPTransport", "HPTerminal",
            "ArgumentParser", "Logging", "UnixSignals",
        ],
    ]

    private static let system: Set = ["Foundation", "Glibc", "Synchronization", "Dispatch"]

    static func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ").filter { word in
                !["package", "public", "internal", "private", "@testable"].contains(word)
            }
            return words.first == "import" ? words.dropFirst().first.map(String.init) : nil
        }
    }

    @Test func `imports go one way`() {
        var wrong: [String] = []
        for file in SourceTree.sources {
            let allowed = Self.allowed[file.module] ?? []
            for name in Self.imports(of: file)
            where !allowed.contains(name) && !Self.system.contains(name) {
                wrong.append("\(file.path): import \(name)")
            }
        }
        #expect(wrong == [])
    }

    @Test func `an import of another kind is found`() {
        let file = SourceTree.File(
            path: "Sources/HPMath/X.swift", text: "package import HPNet\nimport Yams\n// import A")
        #expect(Self.imports(of: file) == ["HPNet", "Yams"])
    }

    @Test func `every module is listed`() {
        let modules = Set(SourceTree.sources.map(\.module))
        #expect(modules == Set(Self.allowed.keys))
    }
}
