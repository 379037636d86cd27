package import HPCluster

/// A journal in memory, for one thread; it fails when it is told to.
package final class MemoryJournal: Journal {
    /// What a commit ends with instead of success.
    package struct Failure: JournalFailure {
        package var isRecoverable: Bool

        package init(isRecoverable: Bool) {
            self.isRecoverable = isRecoverable
        }
    }

    package private(set) var committed: [JournalRecord] = []
    /// What the next commits end with; nil for success.
    package var failure: Failure?

    package init() {}

    package func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord]
    ) throws(Failure) {
        if records.isEmpty && recordings.isEmpty { return }
        if let failure { throw failure }
        committed += records
    }

    package func records() throws(Failure) -> [JournalRecord] { committed }
}
