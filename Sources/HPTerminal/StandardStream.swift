import Foundation

/// Standard output or standard error.
package struct StandardStream: Sendable {
    /// The stream of documents that were asked for, and of nothing else.
    package static let output = StandardStream(
        descriptor: STDOUT_FILENO, name: "standard output")
    /// The stream of progress, logs and errors.
    package static let error = StandardStream(descriptor: STDERR_FILENO, name: "standard error")

    private let descriptor: Int32
    private let name: String

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes a text that somebody waits for.
    ///
    /// - Throws: `TerminalError.unwritten` where not all of it could be written.
    package func write(_ text: String) throws(TerminalError) {
        var text = text
        let code = text.withUTF8 { Descriptor.write($0, to: descriptor) }
        guard code == 0 else { throw .unwritten(target: name, code: code) }
    }

    /// Writes a text that nobody has to see: where it can't be written, it is given up.
    package func offer(_ text: String) {
        try? write(text)
    }

    /// Makes a failed write an error, where it would be a signal, and takes the places of standard
    /// streams that are closed, so that no file is opened there and gets their text.
    ///
    /// A program calls it first.
    package static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free descriptor is this one. It is opened for reading: writing fails on.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
