import CSQLite
import Foundation
import GRDB
package import HPCluster
import HPSearch
import HPWire
import Synchronization

/// The journal on disk: one SQLite database, one connection, one process.
///
/// The single connection is shared by the driver, which commits, and by readers, which take it for
/// some milliseconds at a time. All methods block; they may be called from any thread.
package final class JournalStore: Journal, Sendable {
    let queue: DatabaseQueue
    let path: String
    let folder: any JournalFolder
    private let logMaximumBytes: Int
    /// What ended the use of the journal: after it nothing is read or written.
    private let failure = Mutex<StoreError?>(nil)

    /// Opens the journal of a data directory; makes both where they are missing.
    ///
    /// - Throws: `StoreError.locked`, `.unusable`, `.corrupt`, `.newer`, `.full` or `.failed`;
    ///   a file that isn't accepted is left as it was.
    package convenience init(directory path: String) throws(StoreError) {
        try self.init(folder: try DataDirectory(path))
    }

    /// Opens the journal of a folder that the caller has locked; `close` releases it.
    ///
    /// - Parameter logMaximumBytes: the length of the log at which it is moved into the database:
    ///   a stall of tens of milliseconds, once every some ten thousand records.
    /// - Throws: as `init(directory:)`.
    package init(
        folder: some JournalFolder, logMaximumBytes: Int = 16 << 20
    ) throws(StoreError) {
        self.folder = folder
        self.logMaximumBytes = logMaximumBytes
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

    /// Makes records and recordings durable in one transaction; returns when they are on the disk.
    ///
    /// - Throws: `StoreError.full` (a retry may succeed), `.contradicted`, `.failed` or `.closed`;
    ///   nothing of the batch is kept then, save that after `.failed` it is in doubt, and the
    ///   journal can't be used any more.
    package func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord] = []
    ) throws(StoreError) {
        if records.isEmpty && recordings.isEmpty { return }
        try access { database in
            try expectingRoom(in: .log, database) {
                try database.inTransaction(.immediate) {
                    try insert(records, into: database)
                    for entry in recordings { try insert(entry, into: database) }
                    return .commit
                }
            }
            try checkpointIfDue(database)
        }
    }

    /// Moves the log into the database, for a moment in which nothing else is to be done: what is
    /// in the database is safer from damage, which its pages and rows show, and a log does not.
    ///
    /// - Throws: `StoreError.failed`, `.corrupt` or `.closed`; a disk without room is no error.
    package func settleLog() throws(StoreError) {
        guard folder.logBytes > 0 else { return }
        try access { try checkpoint($0) }
    }

    /// Bytes of the log that `settleLog` would move.
    package var logBytes: Int { folder.logBytes }

    /// Whether the disk has room for more than a record or two, as far as it says.
    package var hasRoom: Bool { folder.freeBytes >= Self.roomMinimumBytes }

    private static let roomMinimumBytes = 256 << 10

    /// Ends all access, and lets another process serve the directory; may be called twice.
    package func close() {
        // A failure loses nothing: the log is replayed at the next opening.
        try? queue.close()
        folder.release()
    }

    // MARK: - The connection

    /// Runs on the connection. After damage, or an error that leaves doubt about what is on the
    /// disk, it never runs again: a second sync would succeed without having written what the
    /// first one lost.
    func access<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.writeWithoutTransaction { database in
                if let failure = failure.withLock({ $0 }) { throw failure }
                do {
                    return try body(database)
                } catch {
                    let error = StoreError(error, path: path)
                    if error.endsUse { end(with: error, database) }
                    throw error
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Leaves the files as they are: closing would move the log into the database.
    private func end(with error: StoreError, _ database: Database) {
        failure.withLock { $0 = error }
        _ = csqlite_keep_log_on_close(database.sqliteConnection)
    }

    private func expectingRoom(
        in file: DiskRoom.File, _ database: Database, _ write: () throws -> Void
    ) throws {
        do {
            try write()
        } catch let error as DatabaseError
            where DiskRoom.isWanting(after: error, writing: file, on: database)
        {
            throw StoreError.full(path: path)
        }
    }

    // MARK: - Rows

    private func insert(_ records: [JournalRecord], into database: Database) throws {
        let last = try JournalRows.lastSequence(database)
        let rows = records.enumerated().map { index, record in
            JournalRows.Numbered(
                sequence: last + 1 + index, entry: JournalCodec.encode(record))
        }
        try JournalRows.insert(rows, into: database)
    }

    private func insert(_ record: RecordingsRecord, into database: Database) throws {
        func insert(_ payload: [UInt8], into table: SideTable) throws {
            try table.insert(
                study: record.study, trial: record.trial, attempt: record.attempt,
                payload: payload, into: database)
        }
        try insert(CurveCodec.encode(record.recordings.curve), into: .curve)
        if let diagnostics = record.recordings.diagnostics {
            try insert(DiagnosticsCodec.encode(diagnostics), into: .diagnostics)
        }
        if let correctness = record.recordings.correctness {
            try insert(
                CorrectnessCodec.encode(
                    correctness, crossed: record.recordings.crossedCorrectness),
                into: .correctness)
        }
    }

    // MARK: - The log

    /// With one connection nothing stands in the way of a checkpoint. A disk without room leaves
    /// the log longer, until there is some; any other error must be heard, because SQLite's next
    /// attempt would take pages that never reached the disk for written.
    private func checkpointIfDue(_ database: Database) throws {
        if folder.logBytes >= logMaximumBytes { try checkpoint(database) }
    }

    private func checkpoint(_ database: Database) throws {
        do {
            try expectingRoom(in: .database, database) { try database.checkpoint(.truncate) }
        } catch let error as StoreError where error.isRecoverable {
            return
        }
    }
}
