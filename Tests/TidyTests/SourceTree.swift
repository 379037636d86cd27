import Foundation

/// The project's files, found from this one upwards.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct File {
        /// From the project's root.
        var path: String
        var text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var isGenerated: Bool { path.hasSuffix(".pb.swift") }
        /// `HPMath` for `Sources/HPMath/...`.
        var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    /// Files below `Sources`, `Tests` and `deploy`, and the documents beside them.
    static func files(_ suffixes: [String]) -> [File] {
        let enumerator = FileManager.default.enumerator(atPath: root.path)
        var files: [File] = []
        while let path = enumerator?.nextObject() as? String {
            if path.hasPrefix(".build") || path.hasPrefix(".git") {
                enumerator?.skipDescendants()
                continue
            }
            guard suffixes.contains(where: path.hasSuffix),
                let data = FileManager.default.contents(
                    atPath: root.appendingPathComponent(path).path)
            else { continue }
            files.append(File(path: path, text: String(decoding: data, as: UTF8.self)))
        }
        return files.sorted { $0.path < $1.path }
    }

    static let code = files([".swift", ".c", ".h", ".inc", ".sh"]).filter { !$0.isGenerated }
    static let swift = files([".swift"]).filter { !$0.isGenerated }
    static let sources = swift.filter { $0.path.hasPrefix("Sources/") }
    static let texts = code + files([".md", ".yaml", ".proto", ".json"])
}
