import Glibc

/// Reads and writes small files that only their owner may touch.
enum PrivateFile {
    /// No file of keys is longer: 10,000 authorized keys have 1.3 MB.
    private static let byteCountMaximum = 4 << 20

    /// Permissions that a file must not have.
    enum Forbidden: mode_t {
        /// For secrets: as ssh does, a file that others may read is refused.
        case anythingForOthers = 0o077
        /// For lists of public keys.
        case writingByOthers = 0o022
    }

    /// The file's text; nil when there is none.
    ///
    /// - Throws: `KeyError.exposed`, `.unusable`.
    static func read(
        _ path: String, refusing forbidden: Forbidden
    ) throws(KeyError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unusable(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unusable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unusable(path: path, explanation: "it is not a file")
        }
        guard status.st_mode & forbidden.rawValue == 0 else {
            throw .exposed(path: path, mode: UInt16(status.st_mode & 0o777))
        }
        guard status.st_size <= byteCountMaximum else {
            throw .unusable(path: path, explanation: "it is too long for a file of keys")
        }
        return try text(of: descriptor, path)
    }

    private static func text(of descriptor: Int32, _ path: String) throws(KeyError) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= byteCountMaximum {
            let count = Glibc.read(descriptor, &part, part.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw unusable(path)
            }
            bytes.append(contentsOf: part.prefix(count))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unusable(path: path, explanation: "it is no text in UTF-8")
        }
        return text
    }

    /// Makes a file that was not there, 0600, durable when this returns.
    ///
    /// - Throws: `KeyError.alreadyThere`, `.unusable`.
    static func create(_ text: String, at path: String) throws(KeyError) {
        try writeNew(text, to: path, of: path)
        try synchronizeFolder(of: path)
    }

    /// Replaces the file in one step, 0600: whoever reads it sees the old text or the new one, and
    /// the new one is durable when this returns.
    ///
    /// - Throws: `KeyError.unusable`.
    static func write(_ text: String, to path: String) throws(KeyError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        try writeNew(text, to: temporary, of: path)
        guard rename(temporary, path) == 0 else {
            let failure = unusable(path)
            unlink(temporary)
            throw failure
        }
        try synchronizeFolder(of: path)
    }

    /// - Parameter path: what errors name.
    private static func writeNew(
        _ text: String, to file: String, of path: String
    ) throws(KeyError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .alreadyThere(path: path) : unusable(path)
        }
        do throws(KeyError) {
            defer { close(descriptor) }
            try write(Array(text.utf8), to: descriptor, path)
            guard fsync(descriptor) == 0 else { throw unusable(path) }
        } catch {
            unlink(file)
            throw error
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(KeyError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw unusable(path)
            }
        }
    }

    private static func synchronizeFolder(of path: String) throws(KeyError) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unusable(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unusable(path) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func unusable(_ path: String, _ code: Int32 = errno) -> KeyError {
        .unusable(path: path, explanation: String(cString: strerror(code)))
    }
}
