import Foundation
import Testing

/// Runs the built programs, which lie beside the test bundle.
enum Program {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String

        /// The lines on standard error.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    static func url(_ name: String) -> URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name)
    }

    /// Runs to the end.
    static func run(
        _ name: String, _ arguments: [String], in directory: URL? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("out")
        let errors = folder.url.appendingPathComponent("err")
        let process = try launch(
            name, arguments, in: directory, environment: environment, output: output,
            errors: errors)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Starts, with its streams going to files: a pipe that nobody reads would block it.
    static func launch(
        _ name: String, _ arguments: [String], in directory: URL? = nil,
        environment: [String: String] = [:], output: URL, errors: URL
    ) throws -> Process {
        let process = Process()
        process.executableURL = url(name)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for (file, keyPath) in [(output, \Process.standardOutput), (errors, \.standardError)] {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil)
            process[keyPath: keyPath] = try FileHandle(forWritingTo: file)
        }
        try process.run()
        return process
    }
}

/// A folder of its own for each test, removed at the end.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hpcoord-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, to name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

/// Waits for a condition of another process, which has no other way to tell us.
func eventually(
    within seconds: Double = 60, _ what: String, _ condition: () throws -> Bool
) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while try !condition() {
        guard Date() < deadline else { throw Overdue(what: what) }
        Thread.sleep(forTimeInterval: 0.02)
    }
}

struct Overdue: Error, CustomStringConvertible {
    var what: String
    var description: String { "did not happen in time: \(what)" }
}
