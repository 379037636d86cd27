import Glibc

/// Why the spool, the worker's own disk, can't be used.
package enum SpoolError: Error, Hashable, CustomStringConvertible {
    /// The folder can't be created, read or written.
    case unusable(path: String, explanation: String)
    /// Every identity below the folder is in use by other worker processes.
    case exhausted(root: String, slots: Int)
    /// The file that holds the worker's identity is damaged; it was left as it was.
    case badIdentity(path: String)
    /// The disk has no room: the results are still in memory only.
    case full(path: String)
    /// A spooled result can't be read; its file was moved to `movedTo`.
    case corrupt(path: String, movedTo: String, explanation: String)

    package var description: String {
        switch self {
        case .unusable(let path, let explanation):
            """
            the spool \(path) can't be used: \(explanation); make it a writable folder, or \
            choose another with --spool
            """
        case .exhausted(let root, let slots):
            """
            all \(slots) identities below \(root) are in use by other workers; choose another \
            folder with --spool
            """
        case .badIdentity(let path):
            """
            the worker's identity in \(path) is not 32 hexadecimal digits; delete the file and \
            the worker gets a new identity
            """
        case .full(let path):
            "the disk of \(path) is full, the results were not spooled; make room on it"
        case .corrupt(let path, let movedTo, let explanation):
            """
            the spooled results \(path) can't be read: \(explanation); they were set aside as \
            \(movedTo), and their trials run again
            """
        }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 {
        switch self {
        case .badIdentity, .corrupt: 65
        case .unusable, .exhausted, .full: 73
        }
    }

    /// What a failed system call says of `path`.
    init(errorNumber: Int32, path: String) {
        switch errorNumber {
        case ENOSPC, EDQUOT, EFBIG: self = .full(path: path)
        default:
            self = .unusable(path: path, explanation: String(cString: strerror(errorNumber)))
        }
    }
}
