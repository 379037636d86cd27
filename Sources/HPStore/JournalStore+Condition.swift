import Foundation
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

    package var condition: Condition {
        Condition(
            path: path, byteCount: fileSize(path) + fileSize(path + "-wal"),
            freeByteCount: Self.freeByteCount(at: path))
    }

    /// The version of the SQLite library that is in use.
    ///
    /// - Throws: `StoreError.failed`, `.closed`.
    package func libraryVersion() throws(StoreError) -> String {
        do {
            return try queue.writeWithoutTransaction { database in
                try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? ""
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func freeByteCount(at path: String) -> Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return 0 }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
