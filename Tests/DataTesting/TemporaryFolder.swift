import Foundation

/// A folder of its own for a test, which goes when the body ends.
package struct TemporaryFolder {
    package let path: String

    package static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
        let folder = TemporaryFolder(
            path: FileManager.default.temporaryDirectory
                .appendingPathComponent("hpcoord-test-\(UUID().uuidString)").path)
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        return try body(folder)
    }

    /// Writes a file; returns its path.
    package func write(_ name: String, _ content: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try Data(content).write(to: URL(fileURLWithPath: file))
        return file
    }
}
