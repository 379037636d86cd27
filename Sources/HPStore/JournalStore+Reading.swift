import Foundation
import GRDB
package import HPCluster
package import HPSearch
import HPWire

extension JournalStore {
    /// Sequence numbers looked at in one access: a commit waits for milliseconds at most.
    private static let chunkLength = 4096

    /// Every record, in the order of their commits.
    ///
    /// - Throws: `StoreError.corrupt` when a record can't be read or is missing; `.failed`,
    ///   `.closed`.
    package func records() throws(StoreError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        try forEachRecord { records.append($0) }
        return records
    }

    /// The records of a study, in the order of their commits.
    ///
    /// - Throws: as `records()`.
    package func records(of study: StudyID) throws(StoreError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        try scan(study: study) { records.append($0) }
        return records
    }

    /// Hands over the records that were committed before the call, in order, without holding them
    /// all; commits may go on meanwhile.
    ///
    /// - Throws: as `records()`.
    package func forEachRecord(_ body: (JournalRecord) -> Void) throws(StoreError) {
        try scan(study: nil, body)
    }

    /// The learning curve of a trial's winning attempt; nil where there is none.
    ///
    /// - Throws: `StoreError.corrupt` when it can't be read; `.failed`, `.closed`.
    package func curve(study: StudyID, trial: Int) throws(StoreError) -> CurveRecord? {
        do {
            let row = try queue.writeWithoutTransaction { database in
                let statement = try database.cachedStatement(
                    sql: "SELECT attempt, payload FROM curve WHERE study = ? AND trial = ?")
                return try Row.fetchOne(statement, arguments: [study, trial])
            }
            guard let row else { return nil }
            let payload: Data = row[1]
            return CurveRecord(
                study: study, trial: trial, attempt: row[0],
                points: try CurveCodec.decode([UInt8](payload)))
        } catch {
            throw StoreError(error, path: path)
        }
    }

    // MARK: - In chunks

    private func scan(
        study: StudyID?, _ body: (JournalRecord) -> Void
    ) throws(StoreError) {
        do {
            let last = try queue.writeWithoutTransaction { database in
                try Int.fetchOne(database, sql: "SELECT max(sequence) FROM journal") ?? 0
            }
            for start in stride(from: 0, to: last, by: Self.chunkLength) {
                let range = (start + 1)...min(start + Self.chunkLength, last)
                let entries = try chunk(range, study: study)
                // Rows are never deleted: fewer than the numbers given out means lost ones.
                guard study != nil || entries.count == range.count else {
                    throw StoreError.corrupt(
                        path: path,
                        explanation: """
                            \(range.count - entries.count) records are missing between \
                            \(range.lowerBound) and \(range.upperBound)
                            """)
                }
                for entry in entries { body(try JournalCodec.decode(entry)) }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func chunk(_ range: ClosedRange<Int>, study: StudyID?) throws -> [JournalEntry] {
        try queue.writeWithoutTransaction { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT kind, study, trial, attempt, payload FROM journal
                    WHERE sequence BETWEEN ? AND ? AND (?3 IS NULL OR study = ?3)
                    ORDER BY sequence
                    """)
            let rows = try Row.fetchCursor(
                statement, arguments: [range.lowerBound, range.upperBound, study])
            var entries: [JournalEntry] = []
            entries.reserveCapacity(range.count)
            while let row = try rows.next() {
                let payload = try row.withUnsafeData(atIndex: 4) { [UInt8]($0 ?? Data()) }
                entries.append(
                    JournalEntry(
                        kind: row[0], study: row[1], trial: row[2], attempt: row[3],
                        payload: payload))
            }
            return entries
        }
    }
}
