import Foundation

/// A file that a document goes to.
///
/// A link is followed. A regular file is replaced at once, so that whoever reads it sees the old
/// document or the new one; anything else, a device or a pipe, is written to as it is.
package struct OutputFile: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Looks whether a document can be written later on.
    ///
    /// - Throws: `TerminalError.unusable`.
    package func check() throws(TerminalError) {
        guard !path.isEmpty else { throw unusable("give the path of a file") }
        var status = stat()
        if stat(path, &status) == 0 {
            guard !status.isFolder else {
                throw unusable("it is a folder; give the path of a file")
            }
            guard access(path, W_OK) == 0 else { throw unusable(TerminalError.text(errno)) }
        } else if errno == ENOENT {
            try OutputFolder(path: Self.parent(of: Self.target(of: path))).checkExisting(for: path)
        } else {
            throw unusable(TerminalError.text(errno))
        }
    }

    /// Writes the whole document.
    ///
    /// - Throws: `TerminalError.unusable` or `TerminalError.unwritten`.
    package func write(_ content: [UInt8]) throws(TerminalError) {
        try check()
        var status = stat()
        if stat(path, &status) != 0 {
            try replace(mode: nil, with: content)
        } else if status.isRegular {
            try replace(mode: status.st_mode & 0o7777, with: content)
        } else {
            try write(content, flags: O_WRONLY)
        }
    }

    // MARK: - Ways to write

    /// - Parameter mode: of the file that is replaced; nil for a new one.
    private func replace(mode: mode_t?, with content: [UInt8]) throws(TerminalError) {
        let target = Self.target(of: path)
        let temporary =
            Self.parent(of: target) + "/.hpcoord-\(getpid())-\(UInt32.random(in: 0...(.max)))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            // A file may be writable where its folder is not.
            guard mode != nil else { throw unwritten(errno) }
            return try write(content, flags: O_WRONLY | O_TRUNC)
        }
        if let mode { fchmod(descriptor, mode) }
        var code = content.withUnsafeBufferPointer { Descriptor.write($0, to: descriptor) }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, target) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw unwritten(code)
        }
    }

    private func write(_ content: [UInt8], flags: Int32) throws(TerminalError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritten(errno) }
        var code = content.withUnsafeBufferPointer { Descriptor.write($0, to: descriptor) }
        if close(descriptor) != 0, code == 0 { code = errno }
        guard code == 0 else { throw unwritten(code) }
    }

    // MARK: - Paths

    private static let linkMaximum = 40

    /// The path that links lead to, whether anything is there or not.
    private static func target(of path: String) -> String {
        var path = path
        for _ in 0..<linkMaximum {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &buffer, buffer.count)
            guard count > 0 else { break }
            let link = String(
                decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            path = link.hasPrefix("/") ? link : parent(of: path) + "/" + link
        }
        return path
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func unusable(_ reason: String) -> TerminalError {
        .unusable(path: path.isEmpty ? "``" : path, reason: reason)
    }

    private func unwritten(_ code: Int32) -> TerminalError {
        .unwritten(target: path, code: code)
    }
}

extension stat {
    fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    fileprivate var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}
