import Foundation

/// A folder that documents go to; it is made where it is missing.
package struct OutputFolder: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Looks whether files can be made in it later on.
    ///
    /// - Throws: `TerminalError.unusable`.
    package func check() throws(TerminalError) {
        guard !path.isEmpty else {
            throw .unusable(path: "``", reason: "give the path of a folder")
        }
        var existing = path
        var status = stat()
        while stat(existing, &status) != 0, errno == ENOENT, existing != "/", existing != "." {
            while existing.hasSuffix("/"), existing != "/" { existing.removeLast() }
            existing = OutputFile.parent(of: existing)
        }
        try OutputFolder(path: existing).checkExisting(for: path)
    }

    /// Looks whether files can be made in a folder that is there.
    ///
    /// - Parameter target: that is written to, for the error.
    func checkExisting(for target: String) throws(TerminalError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .unusable(
                path: target,
                reason: errno == ENOENT
                    ? "there is no folder \(path); make it first" : TerminalError.text(errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unusable(path: target, reason: "\(path) is no folder")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw .unusable(path: target, reason: "\(path): \(TerminalError.text(errno))")
        }
    }
}
