import Foundation

/// Why a coordinator doesn't begin to serve, or doesn't keep a worker's checkpoint.
package enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The self-test found that strangers could get in, or that nobody could.
    case insecure(failures: [String])
    /// What room is left is for the journal.
    case noRoomForCheckpoint(path: String)
    /// The system refused to write or to read it.
    case checkpointUnusable(path: String, explanation: String)

    /// What the system said of a checkpoint's file or folder.
    init(errorNumber: Int32, path: String) {
        if [ENOSPC, EDQUOT, EFBIG].contains(errorNumber) {
            self = .noRoomForCheckpoint(path: path)
        } else {
            self = .checkpointUnusable(
                path: path, explanation: String(cString: strerror(errorNumber)))
        }
    }

    package var description: String {
        switch self {
        case .noRoomForCheckpoint(let path):
            "\(path): the disk has no room for it beside the journal: make room on it"
        case .checkpointUnusable(let path, let explanation): "\(path): \(explanation)"
        case .insecure(let failures):
            """
            the security self-test failed, so nothing was served: \
            \(failures.joined(separator: "; ")); check which libzmq is installed, and report this \
            as a defect
            """
        }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 {
        switch self {
        case .insecure: 69
        case .noRoomForCheckpoint, .checkpointUnusable: 1
        }
    }
}
