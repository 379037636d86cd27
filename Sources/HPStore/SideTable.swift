import Foundation
import GRDB

/// A table of what attempts that won recorded, one row for each: replay doesn't read it.
enum SideTable: String, CaseIterable {
    case curve
    case diagnostics
    case correctness

    func insert(
        study: Int, trial: Int, attempt: Int, payload: [UInt8], into database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO \(rawValue) (study, trial, attempt, payload, checksum)
                VALUES (?, ?, ?, ?, ?)
                """)
        let checksum = RowChecksum.ofSideRow(
            study: study, trial: trial, attempt: attempt, payload: payload)
        try statement.execute(arguments: [study, trial, attempt, Data(payload), checksum])
    }

    /// The row of a trial; nil where there is none.
    ///
    /// - Throws: `StoreError.corrupt` when it is not what was written.
    func row(
        study: Int, trial: Int, from database: Database, path: String
    ) throws -> (attempt: Int, payload: [UInt8])? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT attempt, checksum, payload FROM \(rawValue) WHERE study = ? AND trial = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [study, trial]) else { return nil }
        let attempt: Int = row[0]
        let payload = [UInt8](row[2] as Data)
        let checksum = RowChecksum.ofSideRow(
            study: study, trial: trial, attempt: attempt, payload: payload)
        guard row[1] == checksum else {
            throw StoreError.corrupt(
                path: path,
                explanation: """
                    the \(rawValue) of trial \(trial) of study \(study) doesn't match its checksum
                    """)
        }
        return (attempt, payload)
    }

    /// Trials of a study that have a row, in ascending order.
    func trials(of study: Int, from database: Database) throws -> [Int] {
        try Int.fetchAll(
            database, sql: "SELECT trial FROM \(rawValue) WHERE study = ? ORDER BY trial",
            arguments: [study])
    }
}
