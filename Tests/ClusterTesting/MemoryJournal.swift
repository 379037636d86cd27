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
    /// What trials recorded, in the order of their commits.
    package private(set) var recordings: [RecordingsRecord] = []
    /// What the next commits end with; nil for success.
    package var failure: Failure?

    package init() {}

    package func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord]
    ) throws(Failure) {
        if records.isEmpty && recordings.isEmpty { return }
        if let failure { throw failure }
        committed += records
        self.recordings += recordings
    }

    package func records() throws(Failure) -> [JournalRecord] { committed }
}
