import Foundation
import GRDB
import HPWire

/// A journal of an older format becomes one of this, whole or not at all.
enum JournalMigration {
    /// Does nothing for a journal of this format.
    ///
    /// - Throws: `StoreError.corrupt` when a record can't be read or contradicts those before it.
    static func migrate(_ database: Database, path: String) throws {
        switch try JournalSchema.Stamp(database).version {
        case 1: try migrateFirst(database, path: path)
        case 2:
            try add(
                JournalSchema.diagnostics + JournalSchema.correctness, to: database, of: 2, path)
        case 3: try add(JournalSchema.correctness, to: database, of: 3, path)
        default: break
        }
    }

    /// Format 2 had no diagnostics, format 3 no correctness.
    private static func add(
        _ tables: String, to database: Database, of format: Int, _ path: String
    ) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: tables)
            guard try JournalSchema.isIntact(in: database) else {
                throw StoreError.corrupt(
                    path: path, explanation: "its tables are not those of format \(format)")
            }
            try database.execute(sql: "PRAGMA user_version = \(JournalSchema.version)")
            return .commit
        }
    }

    private static func migrateFirst(_ database: Database, path: String) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: setAside)
            try database.execute(sql: JournalSchema.statements)
            try copyRecords(database, path: path)
            try copyCurves(database, path: path)
            try database.execute(
                sql: """
                    DROP TABLE journal_1;
                    DROP TABLE curve_1;
                    PRAGMA user_version = \(JournalSchema.version);
                    """)
            return .commit
        }
    }

    /// Names of triggers and indexes are the database's: the old ones go first.
    private static let setAside = """
        DROP TRIGGER journal_rows_are_final;
        DROP TRIGGER journal_rows_stay;
        DROP INDEX one_submission_per_study;
        DROP INDEX one_creation_per_trial;
        DROP INDEX one_lease_per_attempt;
        DROP INDEX one_end_per_attempt;
        DROP INDEX one_result_per_trial;
        ALTER TABLE journal RENAME TO journal_1;
        ALTER TABLE curve RENAME TO curve_1;
        """

    private static func copyRecords(_ database: Database, path: String) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT sequence, kind, study, trial, attempt, payload FROM journal_1
                ORDER BY sequence
                """)
        while let row = try rows.next() {
            let numbered = JournalRows.Numbered(
                sequence: row[0],
                entry: JournalEntry(
                    kind: row[1], study: row[2], trial: row[3], attempt: row[4],
                    payload: [UInt8](row[5] as Data)))
            // Format 1 had no checksums: what can be read is taken for what was written.
            _ = try numbered.record(path: path)
            try keep("record \(numbered.sequence)", path) {
                try JournalRows.insert([numbered], into: database)
            }
        }
    }

    private static func copyCurves(_ database: Database, path: String) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT study, trial, attempt, payload FROM curve_1 ORDER BY study, trial")
        while let row = try rows.next() {
            let payload = [UInt8](row[3] as Data)
            _ = try CurveCodec.decode(payload)
            try keep("the curve of trial \(row[1] as Int) of study \(row[0] as Int)", path) {
                try SideTable.curve.insert(
                    study: row[0], trial: row[1], attempt: row[2], payload: payload,
                    into: database)
            }
        }
    }

    /// A row that the tables refuse is damage that format 1 didn't see.
    private static func keep(_ what: String, _ path: String, _ insert: () throws -> Void) throws {
        do {
            try insert()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError.corrupt(
                path: path, explanation: "\(what): \(error.message ?? "\(error.resultCode)")")
        }
    }
}
