import Foundation

/// The two streams: what was asked for on standard output, everything else on standard error.
enum Output {
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// One line on standard error.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func writeError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Replaces or makes a file: whoever reads it sees the old one or the new one.
    static func save(_ content: Data, to path: String) throws {
        do {
            try content.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(
                exitStatus: ExitStatus.taken,
                message: "can't write \(path): \(error.localizedDescription)")
        }
    }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
