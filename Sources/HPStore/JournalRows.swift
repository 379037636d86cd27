import Foundation
import GRDB
import HPCluster
import HPWire

/// Rows of the journal, with their checksums.
enum JournalRows {
    /// A record as it stands in the file.
    struct Numbered {
        var sequence: Int
        var entry: JournalEntry

        /// - Throws: `StoreError.corrupt` when its payload is none.
        func record(path: String) throws(StoreError) -> JournalRecord {
            do {
                return try JournalCodec.decode(entry)
            } catch {
                throw .corrupt(path: path, explanation: "record \(sequence): \(error)")
            }
        }
    }

    /// The number of the last record; 0 when there is none.
    static func lastSequence(_ database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: "SELECT coalesce(max(sequence), 0) FROM journal")
        return try Int.fetchOne(statement) ?? 0
    }

    /// Insertions of some rows by one statement, longest first. Triggers make a statement dear,
    /// whatever the number of its rows.
    private static let insertions = [32, 8, 1].map { count in
        let columns = "sequence, kind, study, trial, attempt, payload, checksum"
        let values = repeatElement("(?, ?, ?, ?, ?, ?, ?)", count: count)
        let sql = "INSERT INTO journal (\(columns)) VALUES \(values.joined(separator: ", "))"
        return (count: count, sql: sql)
    }

    /// - Throws: `DatabaseError`; rows before the refused one may stand until the transaction is
    ///   rolled back.
    static func insert(_ rows: [Numbered], into database: Database) throws {
        var rest = rows[...]
        for insertion in insertions where rest.count >= insertion.count {
            let binding = RowBinding(try database.cachedStatement(sql: insertion.sql))
            while rest.count >= insertion.count {
                try binding.execute(rest.prefix(insertion.count))
                rest = rest.dropFirst(insertion.count)
            }
        }
    }

    /// Records of a range of sequence numbers, in order; of one study, or of all.
    ///
    /// - Throws: `StoreError.corrupt` when a row is not what was written, or one is missing.
    static func entries(
        _ range: ClosedRange<Int>, study: Int?, from database: Database, path: String
    ) throws -> [Numbered] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence, kind, study, trial, attempt, checksum, payload FROM journal
                WHERE sequence BETWEEN ? AND ? AND (?3 IS NULL OR study = ?3)
                ORDER BY sequence
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [range.lowerBound, range.upperBound, study])
        var entries: [Numbered] = []
        entries.reserveCapacity(range.count)
        while let row = try rows.next() {
            let entry = try JournalEntry(
                kind: row[1], study: row[2], trial: row[3], attempt: row[4],
                payload: row.withUnsafeData(atIndex: 6) { [UInt8]($0 ?? Data()) })
            let numbered = Numbered(sequence: row[0], entry: entry)
            guard row[5] == RowChecksum.of(entry, sequence: numbered.sequence) else {
                throw StoreError.corrupt(
                    path: path,
                    explanation: "record \(numbered.sequence) doesn't match its checksum")
            }
            entries.append(numbered)
        }
        // Rows are never deleted: fewer than the numbers given out means lost ones.
        guard study != nil || entries.count == range.count else {
            throw StoreError.corrupt(
                path: path,
                explanation: """
                    \(range.count - entries.count) records are missing between \
                    \(range.lowerBound) and \(range.upperBound)
                    """)
        }
        return entries
    }
}
