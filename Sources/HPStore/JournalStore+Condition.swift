import GRDB

extension JournalStore {
    /// Where the journal lies and how much room it has.
    package struct Condition: Sendable {
        package var path: String
        /// Of the database and its log.
        package var byteCount: Int
        /// What its disk has left for this process.
        package var freeByteCount: Int
    }

    /// The folder of the journal, absolute.
    package var directory: String { folder.path }

    package var condition: Condition {
        Condition(
            path: path, byteCount: folder.databaseBytes + folder.logBytes,
            freeByteCount: folder.freeBytes)
    }

    /// The version of the SQLite library that is in use.
    ///
    /// - Throws: `StoreError.failed`, `.closed`.
    package func libraryVersion() throws(StoreError) -> String {
        try access { database in
            try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? ""
        }
    }
}
