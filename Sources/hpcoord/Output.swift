import Foundation
import HPTerminal

/// The two streams: what was asked for on standard output, everything else on standard error.
enum Output {
    /// - Throws: `TerminalError.unwritten`.
    static func write(_ text: String) throws(TerminalError) {
        try StandardStream.output.write(text)
    }

    /// One line on standard error.
    static func complain(_ text: String) { StandardStream.error.offer(text + "\n") }

    static func writeError(_ text: String) { StandardStream.error.offer(text) }

    static func save(_ content: Data, to path: String) throws(TerminalError) {
        try OutputFile(path: path).write(Array(content))
    }

    static var errorIsTerminal: Bool { StandardStream.error.isTerminal }
}
