/// Why a journal can't be replayed.
package enum ClusterError: Error, Hashable, CustomStringConvertible {
    /// Record number `position` (from 1) contradicts those before it.
    case journalInconsistent(position: Int, explanation: String)

    package var description: String {
        switch self {
        case .journalInconsistent(let position, let explanation):
            """
            the journal contradicts itself at record \(position): \(explanation); \
            restore the data directory from a backup, or start with a new one
            """
        }
    }
}
