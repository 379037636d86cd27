import Glibc

/// The few file operations that identity and spool are made of, each durable or an error.
enum SpoolFiles {
    /// Makes a private folder (0700) and those above it; an existing one is left as it is.
    static func makeFolder(_ path: String) throws(SpoolError) {
        if access(path, F_OK) == 0 {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw SpoolError(errorNumber: ENOTDIR, path: path)
            }
            return
        }
        let parent = folder(of: path)
        if parent != path { try makeFolder(parent) }
        // Another worker may make it at the same moment.
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SpoolError(errorNumber: errno, path: path)
        }
        try sync(parent)
    }

    private static func folder(of path: String) -> String {
        let trimmed = path.last == "/" && path.count > 1 ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// Replaces or makes `folder/name` such that a crash leaves the old file or the new one.
    ///
    /// - Throws: `SpoolError.full` or `.unusable`; nothing is left behind then.
    static func write(_ bytes: [UInt8], folder: String, name: String) throws(SpoolError) {
        let path = "\(folder)/\(name)"
        let temporary = path + temporarySuffix
        do throws(SpoolError) {
            try writeAndSync(bytes, path: temporary)
            guard rename(temporary, path) == 0 else {
                throw SpoolError(errorNumber: errno, path: path)
            }
        } catch {
            unlink(temporary)
            throw error
        }
        try sync(folder)
    }

    /// What a file that was being written when its process died is called.
    static let temporarySuffix = ".tmp"

    /// - Throws: `SpoolError.unusable` when the file can't be read to its end.
    static func read(_ path: String) throws(SpoolError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolError(errorNumber: errno, path: path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                throw SpoolError(errorNumber: errno, path: path)
            }
        }
    }

    /// Names of a folder's entries, in ascending order.
    static func names(in folder: String) throws(SpoolError) -> [String] {
        guard let stream = opendir(folder) else {
            throw SpoolError(errorNumber: errno, path: folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the entries of a folder durable.
    static func sync(_ folder: String) throws(SpoolError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolError(errorNumber: errno, path: folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SpoolError(errorNumber: errno, path: folder) }
    }

    private static func writeAndSync(_ bytes: [UInt8], path: String) throws(SpoolError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolError(errorNumber: errno, path: path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SpoolError(errorNumber: errno, path: path)
            }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw SpoolError(errorNumber: errno, path: path) }
    }
}
