import Foundation
import Synchronization

/// The right to serve a data directory, held until `release` or the end of the process.
///
/// `flock` belongs to the open file description: unlike a POSIX record lock it isn't lost when
/// other code closes the same file, and it also excludes a second holder in the same process.
final class DirectoryLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Atomic(true)

    /// - Throws: `StoreError.locked` when it is held already, `StoreError.unusable` when the lock
    ///   file can't be opened.
    init(directory: String) throws(StoreError) {
        descriptor = open(directory + "/hpcoord.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unusable(directory: directory, explanation: systemMessage(errno))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK { throw .locked(directory: directory, holder: holder) }
            throw .unusable(directory: directory, explanation: systemMessage(code))
        }
        writeProcessIdentifier()
    }

    deinit {
        release()
    }

    /// Lets another process in; may be called twice.
    func release() {
        if isHeld.exchange(false, ordering: .relaxed) { close(descriptor) }
    }

    /// The process id only makes the message better: the lock holds without it.
    private func writeProcessIdentifier() {
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
