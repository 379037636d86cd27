import GRDB

extension StoreError {
    /// What an error of SQLite or of a codec means for the journal in use.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        // Only codecs are left: what they can't read is damaged.
        default: self = .corrupt(path: path, explanation: "\(error)")
        }
    }

    /// What an error means while the directory is opened.
    init(opening error: any Error, in directory: some JournalFolder) {
        let path = directory.databasePath
        guard let error = error as? DatabaseError else {
            self.init(error, path: path)
            return
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .locked(directory: directory.path, holder: nil)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unusable(directory: directory.path, explanation: "\(error)")
        default: self.init(error, path: path)
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let explanation = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CONSTRAINT: self = .contradicted(path: path, explanation: explanation)
        // What SQLite can't make sense of, though this program wrote it, was damaged since.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR:
            self = .corrupt(path: path, explanation: explanation)
        // GRDB answers so when its connection is closed.
        case .SQLITE_MISUSE: self = .closed(path: path)
        default:
            self = .failed(
                path: path, explanation: "\(explanation) (\(error.extendedResultCode))")
        }
    }
}
