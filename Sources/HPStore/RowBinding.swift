import CSQLite
import GRDB
import HPWire

/// Fills a statement with rows of the journal, without a boxed value for every column.
struct RowBinding {
    private let statement: OpaquePointer
    private let connection: OpaquePointer?

    init(_ statement: Statement) {
        self.statement = statement.sqliteStatement
        connection = sqlite3_db_handle(statement.sqliteStatement)
    }

    /// - Throws: `DatabaseError` when a row is refused.
    func execute(_ rows: ArraySlice<JournalRows.Numbered>) throws {
        var column: Int32 = 0
        for row in rows {
            let entry = row.entry
            bind(row.sequence, &column)
            bind(entry.kind, &column)
            bind(entry.study, &column)
            bind(entry.trial, &column)
            bind(entry.attempt, &column)
            bind(entry.payload, &column)
            bind(Int(RowChecksum.of(entry, sequence: row.sequence)), &column)
        }
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        guard sqlite3_step(statement) == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: String(cString: sqlite3_errmsg(connection)))
        }
    }

    private func bind(_ value: Int?, _ column: inout Int32) {
        column += 1
        if let value {
            sqlite3_bind_int64(statement, column, Int64(value))
        } else {
            sqlite3_bind_null(statement, column)
        }
    }

    private func bind(_ bytes: [UInt8], _ column: inout Int32) {
        column += 1
        bytes.withUnsafeBytes { buffer in
            // An address of nil would bind NULL.
            guard let start = buffer.baseAddress, !buffer.isEmpty else {
                sqlite3_bind_zeroblob(statement, column, 0)
                return
            }
            sqlite3_bind_blob64(
                statement, column, start, UInt64(buffer.count), Self.copied)
        }
    }

    /// SQLITE_TRANSIENT: SQLite copies the bytes before it returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
