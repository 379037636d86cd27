import Glibc
import HPDigest

/// What of an archive has come so far: a file beside its destination, written by one process at a
/// time. It outlives the process.
final class PartFile {
    let path: String
    private(set) var byteCount: Int
    private let descriptor: Int32

    /// Opens or creates it.
    ///
    /// - Throws: `DownloadError.taken` when another process has it, `.unusable`.
    init(_ path: String) throws(DownloadError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error: DownloadError =
                errno == EWOULDBLOCK ? .taken(path: path) : .system(path)
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
        guard lseek(descriptor, off_t(byteCount), SEEK_SET) >= 0,
            writeAll(bytes, to: descriptor)
        else { throw .system(path) }
        byteCount += bytes.count
    }

    /// Forgets what came.
    func clear() throws(DownloadError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .system(path) }
        byteCount = 0
        validator = nil
    }

    /// Removes it, when what it was for is done.
    func remove() {
        validator = nil
        unlink(path)
    }

    /// SHA-256 of all that came.
    func sha256(_ report: (_ byteCount: Int) -> Void) throws(DownloadError) -> String {
        var digest = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var position = 0
        while position < byteCount {
            let count = pread(descriptor, &buffer, buffer.count, position)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system(path) }
            buffer.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            position += count
            report(position)
        }
        return digest.finish()
    }

    /// The server's name for the version that is coming, kept beside the file: it lets the server
    /// say whether the rest still fits.
    var validator: String? {
        get {
            guard let file = fopen(validatorPath, "r") else { return nil }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = fread(&bytes, 1, bytes.count, file)
            let text = String(validating: bytes[..<count], as: UTF8.self) ?? ""
            return text.isEmpty || text.contains(where: \.isNewline) ? nil : text
        }
        set {
            // Without it a resumed file is still checked by its digest.
            unlink(validatorPath)
            guard let newValue, newValue.utf8.count < 512, let file = fopen(validatorPath, "w")
            else { return }
            fputs(newValue, file)
            fclose(file)
        }
    }

    private var validatorPath: String { path + ".validator" }
}
