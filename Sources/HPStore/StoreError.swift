import HPCluster

/// Why the journal on disk can't be used.
package enum StoreError: JournalFailure, Hashable, CustomStringConvertible {
    /// Another process serves this directory; `holder` is its process id, where it is known.
    case locked(directory: String, holder: Int32?)
    /// The directory can't be created, read or written.
    case unusable(directory: String, explanation: String)
    /// The file is damaged or is no journal; it was left as it was.
    case corrupt(path: String, explanation: String)
    /// A newer version of this program wrote the file.
    case newer(path: String, version: Int, supported: Int)
    /// The disk, the quota or the file's size limit has no room: nothing of the transaction was
    /// kept, and a retry may succeed.
    case full(path: String)
    /// The disk failed: what is in doubt must be read again by a new process.
    case failed(path: String, explanation: String)
    /// A record contradicts those before it: nothing of the transaction was kept.
    case contradicted(path: String, explanation: String)
    /// The journal was used after `close`.
    case closed(path: String)

    package var description: String {
        switch self {
        case .locked(let directory, let holder):
            """
            the data directory \(directory) is in use by \
            \(holder.map { "process \($0)" } ?? "another process"); stop that one, or choose \
            another directory with --data-dir
            """
        case .unusable(let directory, let explanation):
            """
            the data directory \(directory) can't be used: \(explanation); make it a writable \
            folder, or choose another with --data-dir
            """
        case .corrupt(let path, let explanation):
            """
            the journal \(path) is damaged: \(explanation); nothing was changed: keep a copy of \
            its folder, then restore a backup or choose another directory with --data-dir
            """
        case .newer(let path, let version, let supported):
            """
            the journal \(path) has format \(version), this version reads formats up to \
            \(supported); use the newer version that wrote it
            """
        case .full(let path):
            """
            there is no room for the journal \(path), nothing was committed; make room on its \
            disk, or raise the quota or the file size limit that it meets
            """
        case .failed(let path, let explanation):
            """
            the journal \(path) can't be read or written: \(explanation); check the disk, then \
            start again: everything that was acknowledged is in the journal
            """
        case .contradicted(let path, let explanation):
            """
            the journal \(path) refused a record: \(explanation); nothing was committed: start \
            again, and report this as a defect
            """
        case .closed(let path): "the journal \(path) is closed; open it again"
        }
    }

    /// Whether the same transaction may succeed later in this process.
    package var isRecoverable: Bool {
        if case .full = self { true } else { false }
    }

    /// Whether nothing may be read or written after it.
    var endsUse: Bool {
        switch self {
        case .corrupt, .failed: true
        case .locked, .unusable, .newer, .full, .contradicted, .closed: false
        }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 {
        switch self {
        case .locked, .unusable: 73
        case .corrupt: 65
        case .newer: 69
        case .full, .failed, .contradicted, .closed: 1
        }
    }
}
