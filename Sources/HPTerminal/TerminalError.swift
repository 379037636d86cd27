import Foundation

/// Something that was asked for and can't be written.
package enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A write failed.
    ///
    /// - Parameters:
    ///   - target: a path, or what a standard stream is called.
    ///   - code: `errno`.
    case unwritten(target: String, code: Int32)
    /// It is known before anything is written that this path can't be written to.
    case unusable(path: String, reason: String)

    package var exitCode: Int32 {
        switch self {
        case .unwritten: 74
        case .unusable: 73
        }
    }

    /// Whether the reader of a pipe has left: it has what it wanted, and no line need tell it.
    package var readerHasLeft: Bool {
        if case .unwritten(_, EPIPE) = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .unwritten(let target, let code):
            "can't write to \(target) (\(Self.text(code))): make room or write elsewhere, and give "
                + "the command again"
        case .unusable(let path, let reason): "can't write to \(path): \(reason)"
        }
    }

    static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
