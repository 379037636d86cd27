import Glibc
import Synchronization

/// The keys that are let in right now: the file's, as it is at this moment.
///
/// Every handshake and every batch of frames asks it, so that `authorize` and `revoke` act on a
/// coordinator that runs. A file that can't be read changes nothing: the keys that were read last
/// stay, and `report` says so, since a slip of the pen must not shut every worker out.
package final class AllowList: Sendable {
    /// What became of a file that changed.
    package enum Change: Sendable, Hashable {
        case read(count: Int)
        case refused(KeyError)
    }

    private struct State {
        var stamp: FileStamp?
        var keys: [String: AuthorizedKey]
        /// Those of the self-test, which are in no file.
        var temporary: [String: AuthorizedKey] = [:]
        var problem: KeyError?
    }

    private let path: String
    private let report: @Sendable (Change) -> Void
    private let state: Mutex<State>

    /// Reads the list.
    ///
    /// - Throws: `KeyError` when the file is damaged, open to others or can't be read.
    package init(
        path: String, report: @escaping @Sendable (Change) -> Void = { _ in }
    ) throws(KeyError) {
        self.path = path
        self.report = report
        let stamp = FileStamp(of: path)
        let keys = try KeyFolder.authorized(at: path)
        state = Mutex(State(stamp: stamp, keys: Self.table(keys.keys)))
    }

    /// The holder of a key in Z85; nil when it isn't let in.
    package func holder(of z85: String) -> AuthorizedKey? {
        state.withLock { $0.keys[z85] ?? $0.temporary[z85] }
    }

    /// Why the file as it is now is not in force; nil when it is.
    package var problem: KeyError? { state.withLock(\.problem) }

    /// How many keys are let in.
    package var count: Int { state.withLock { $0.keys.count + $0.temporary.count } }

    /// Reads the file again if it is another one than the last time.
    package func refresh() {
        let change: Change? = state.withLock { state in
            // Looked at before it is read: a change in between is found the next time.
            let stamp = FileStamp(of: path)
            guard stamp != state.stamp else { return nil }
            state.stamp = stamp
            do throws(KeyError) {
                state.keys = Self.table(try KeyFolder.authorized(at: path).keys)
                state.problem = nil
                return .read(count: state.keys.count)
            } catch {
                state.problem = error
                return .refused(error)
            }
        }
        if let change { report(change) }
    }

    /// Lets keys in that are in no file; an empty list ends that.
    package func admitTemporarily(_ keys: [AuthorizedKey]) {
        state.withLock { $0.temporary = Self.table(keys) }
    }

    private static func table(_ keys: [AuthorizedKey]) -> [String: AuthorizedKey] {
        Dictionary(keys.map { ($0.publicKey.z85, $0) }) { first, _ in first }
    }
}

/// Tells one state of a file from another; its writers replace it, so that its inode changes.
private struct FileStamp: Equatable {
    private var inode: UInt64
    private var byteCount: Int64
    private var seconds: Int
    private var nanoseconds: Int

    /// Nil when there is no file.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
