import Foundation
import GRDB
package import HPCluster
import HPWire

/// The journal on disk: one SQLite database, one connection, one process.
///
/// The single connection is shared by the driver, which commits, and by readers, which take it for
/// some milliseconds at a time. All methods block; they may be called from any thread.
package final class JournalStore: Journal, Sendable {
    let queue: DatabaseQueue
    let path: String
    private let folder: any JournalFolder

    /// Opens the journal of a data directory; makes both where they are missing.
    ///
    /// - Throws: `StoreError.locked`, `.unusable`, `.corrupt`, `.newer`, `.full` or `.failed`;
    ///   a file that isn't accepted is left as it was.
    package convenience init(directory path: String) throws(StoreError) {
        try self.init(folder: try DataDirectory(path))
    }

    /// Opens the journal of a folder that the caller has locked; `close` releases it.
    ///
    /// - Throws: as `init(directory:)`.
    package init(folder: some JournalFolder) throws(StoreError) {
        self.folder = folder
        self.path = folder.databasePath
        do {
            self.queue = try JournalDatabase.open(folder)
        } catch {
            folder.release()
            throw StoreError(opening: error, in: folder)
        }
    }

    deinit {
        close()
    }

    /// Makes records and curves durable in one transaction; returns when they are on the disk.
    ///
    /// - Throws: `StoreError.full` (a retry may succeed), `.contradicted`, `.failed` or `.closed`;
    ///   nothing of the batch is kept then, save that after `.failed` it is in doubt.
    package func commit(
        _ records: [JournalRecord], curves: [CurveRecord] = []
    ) throws(StoreError) {
        if records.isEmpty && curves.isEmpty { return }
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try Self.insert(records, into: database)
                    try Self.insert(curves, into: database)
                    return .commit
                }
                try checkpointIfDue(database)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Ends all access, and lets another process serve the directory; may be called twice.
    package func close() {
        // A failure loses nothing: the log is replayed at the next opening.
        try? queue.close()
        folder.release()
    }

    // MARK: - Rows

    private static func insert(_ records: [JournalRecord], into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO journal (kind, study, trial, attempt, payload) VALUES (?, ?, ?, ?, ?)
                """)
        for record in records {
            let entry = JournalCodec.encode(record)
            try statement.execute(arguments: [
                entry.kind, entry.study, entry.trial, entry.attempt, Data(entry.payload),
            ])
        }
    }

    private static func insert(_ curves: [CurveRecord], into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO curve (study, trial, attempt, payload) VALUES (?, ?, ?, ?)")
        for curve in curves {
            try statement.execute(arguments: [
                curve.study, curve.trial, curve.attempt, Data(CurveCodec.encode(curve.points)),
            ])
        }
    }

    // MARK: - The log

    /// Bytes of the log at which it is moved into the database: a stall of tens of milliseconds,
    /// once every some ten thousand records.
    private static let logMaximumBytes = 16 << 20

    /// With one connection nothing stands in the way of a checkpoint. A full disk leaves the log
    /// longer, until there is room; any other error must be heard, because SQLite's next attempt
    /// would take pages that never reached the disk for written.
    private func checkpointIfDue(_ database: Database) throws {
        guard folder.logBytes >= Self.logMaximumBytes else { return }
        do {
            try database.checkpoint(.truncate)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            return
        }
    }
}
