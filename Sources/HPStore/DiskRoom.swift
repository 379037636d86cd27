import CSQLite
import Foundation
import GRDB

/// Tells a disk without room, which may get some, from one that fails.
enum DiskRoom {
    /// The file of a connection that was written to.
    enum File {
        case database
        case log

        fileprivate var control: Int32 {
            switch self {
            case .database: SQLITE_FCNTL_FILE_POINTER
            case .log: SQLITE_FCNTL_JOURNAL_POINTER
            }
        }
    }

    /// Whether a write failed for want of room: no block, no quota, or no longer file allowed.
    ///
    /// SQLite names the first alone; for the others it says that a write failed, and the file
    /// holds the system's reason. A failed sync is never for want of room, whatever the reason:
    /// what it left undone can't be known.
    static func isWanting(
        after error: DatabaseError, writing file: File, on database: Database
    ) -> Bool {
        if error.resultCode == .SQLITE_FULL { return true }
        guard error.extendedResultCode == .SQLITE_IOERR_WRITE else { return false }
        return [ENOSPC, EDQUOT, EFBIG].contains(lastSystemError(of: file, on: database))
    }

    /// 0 when the file had no error, or can't say.
    private static func lastSystemError(of file: File, on database: Database) -> Int32 {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        let status = sqlite3_file_control(
            database.sqliteConnection, "main", file.control, &pointer)
        guard status == SQLITE_OK, let pointer, let methods = pointer.pointee.pMethods else {
            return 0
        }
        var code: Int32 = 0
        let answer = methods.pointee.xFileControl(pointer, SQLITE_FCNTL_LAST_ERRNO, &code)
        return answer == SQLITE_OK ? code : 0
    }
}
