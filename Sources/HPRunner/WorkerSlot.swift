import Glibc
import Synchronization

/// The identity of a worker process: a folder below the spool root that it alone holds.
///
/// Worker processes on one machine share the root; each takes the first folder `slot-N` that no
/// other holds. The random worker id lives in the folder, so a restarted process that gets the
/// same folder is the same worker, and finds its results there.
package final class WorkerSlot: Sendable {
    /// 32 hexadecimal digits, the same each time that this folder is taken.
    package let id: String
    /// The folder, absolute where the root is.
    package let directory: String
    /// What people read: `host/slot-0`.
    package let name: String
    private let descriptor: Int32
    private let isHeld = Atomic(true)

    /// Takes the first free identity below `root`, which is made where it is missing (0700).
    ///
    /// - Throws: `SpoolError.unusable`, `.full`, `.exhausted` or `.badIdentity`.
    package init(root: String) throws(SpoolError) {
        try SpoolFiles.makeFolder(root)
        let (number, descriptor) = try Self.lockFirstFree(below: root)
        let directory = Self.folder(number, below: root)
        do throws(SpoolError) {
            self.id = try Self.identity(in: directory)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.directory = directory
        self.descriptor = descriptor
        self.name = "\(Self.hostName)/slot-\(number)"
    }

    deinit {
        close()
    }

    /// Lets another process take the identity; may be called twice.
    package func close() {
        if isHeld.exchange(false, ordering: .relaxed) { Glibc.close(descriptor) }
    }

    /// Where workers live unless told otherwise: `$XDG_STATE_HOME/hpcoord/worker`, or
    /// `$HOME/.local/state/hpcoord/worker`.
    package static func defaultRoot(environment: [String: String]) -> String {
        StateFolder.path(environment: environment) + "/worker"
    }

    // MARK: - The lock

    /// More workers than one machine runs: a bound for the search, not for use.
    private static let slotMaximum = 4096

    private static func folder(_ number: Int, below root: String) -> String {
        "\(root)/slot-\(number)"
    }

    /// `flock` belongs to the open file description: it ends with the process, however that dies,
    /// and isn't lost when other code closes the same file.
    private static func lockFirstFree(
        below root: String
    ) throws(SpoolError) -> (number: Int, descriptor: Int32) {
        for number in 0..<slotMaximum {
            let folder = folder(number, below: root)
            try SpoolFiles.makeFolder(folder)
            let path = folder + "/lock"
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw SpoolError(errorNumber: errno, path: path) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return (number, descriptor) }
            let code = errno
            Glibc.close(descriptor)
            guard code == EWOULDBLOCK else { throw SpoolError(errorNumber: code, path: path) }
        }
        throw .exhausted(root: root, slots: slotMaximum)
    }

    // MARK: - The id

    private static func identity(in directory: String) throws(SpoolError) -> String {
        let path = directory + "/worker-id"
        if access(path, F_OK) == 0 {
            let bytes = try SpoolFiles.read(path)
            let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            guard line.utf8.count == 32, line.utf8.allSatisfy(isLowercaseHexadecimal) else {
                throw .badIdentity(path: path)
            }
            return line
        }
        let id = randomIdentity()
        try SpoolFiles.write(Array("\(id)\n".utf8), folder: directory, name: "worker-id")
        return id
    }

    private static func isLowercaseHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func randomIdentity() -> String {
        let digits = Array("0123456789abcdef")
        var id = ""
        for _ in 0..<32 { id.append(digits[Int.random(in: 0..<16)]) }
        return id
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
