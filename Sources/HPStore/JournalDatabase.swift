import GRDB

/// Opens the one connection to the database, with the settings that make a commit durable.
enum JournalDatabase {
    /// Settings as SQLite reports them, not as they were asked for.
    struct Settings: Equatable {
        var journalMode: String
        /// 2 is FULL: a commit returns when the log is on the disk.
        var synchronous: Int
        var lockingMode: String
        var mappedBytes: Int
        var foreignKeys: Bool
        var trustsSchema: Bool
        var checksCells: Bool
        var automaticCheckpointPages: Int

        static let required = Settings(
            journalMode: "wal", synchronous: 2, lockingMode: "exclusive", mappedBytes: 0,
            foreignKeys: true, trustsSchema: false, checksCells: true,
            automaticCheckpointPages: 0)
    }

    /// Opens the database of a locked directory, making it where there is none.
    static func open(_ directory: some JournalFolder) throws -> DatabaseQueue {
        var isInspected = true
        try checkLog(of: directory)
        if try directory.hasDatabase() {
            isInspected = try inspect(directory)
        } else if directory.isMarked {
            throw StoreError.corrupt(
                path: directory.databasePath, explanation: "it is empty or gone")
        } else {
            try directory.prepareDatabaseFile()
        }
        var configuration = Configuration()
        configuration.label = "journal"
        // Only a look from outside can stand in the way, and only while we open.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // Before the log is first used: no other process can then write or checkpoint, which
            // SQLite before 3.51.3 may answer with a corrupt file, and no shared memory is needed.
            try database.execute(
                sql: """
                    PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA mmap_size = 0;
                    PRAGMA temp_store = MEMORY;
                    """)
        }
        let queue = try DatabaseQueue(
            path: directory.databasePath, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            if !isInspected { try check(database, of: directory) }
            try demandDurability(database, path: directory.databasePath)
            try JournalSchema.create(in: database)
            try JournalMigration.migrate(database, path: directory.databasePath)
        }
        // Without room for it the next opening tries again.
        try? directory.mark()
        return queue
    }

    /// Checks an existing file over a connection that can't write: a damaged one stays as it is,
    /// where an ordinary connection would move the log into it when it closes.
    ///
    /// Returns false when that takes a writer: a first start that was cut off, before the log
    /// was in use, left a transaction to be rolled back, or a full disk has no room for the index
    /// of the log, which a writer has in memory.
    private static func inspect(_ directory: some JournalFolder) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(
                path: directory.databasePath, configuration: configuration)
            defer { try? queue.close() }
            try queue.writeWithoutTransaction { try check($0, of: directory) }
            return true
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_READONLY
            || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
            || error.extendedResultCode == .SQLITE_IOERR_SHMOPEN
        {
            return false
        }
    }

    private static func checkLog(of directory: some JournalFolder) throws {
        guard let frame = LogInspection.damagedFrame(in: directory.logContents()) else { return }
        throw StoreError.corrupt(
            path: directory.databasePath,
            explanation: """
                \(frame == 0 ? "the header" : "frame \(frame)") of its log is broken, and later \
                transactions follow
                """)
    }

    private static func check(_ database: Database, of directory: some JournalFolder) throws {
        let path = directory.databasePath
        let stamp = try JournalSchema.Stamp(database)
        guard !(stamp.isBlank && directory.isMarked) else {
            throw StoreError.corrupt(
                path: path, explanation: "it has no tables: its log was lost, or its content")
        }
        try JournalSchema.check(stamp, path: path)
        guard try stamp.version != JournalSchema.version || JournalSchema.isIntact(in: database)
        else {
            throw StoreError.corrupt(
                path: path, explanation: "its tables are not those that this program makes")
        }
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? ""
        guard verdict == "ok" else {
            let line = verdict.split(separator: "\n").joined(separator: " ")
            throw StoreError.corrupt(path: path, explanation: line)
        }
    }

    /// The log is checkpointed by `JournalStore`, which hears of errors; SQLite's own checkpoint
    /// hides them.
    private static func demandDurability(_ database: Database, path: String) throws {
        try database.execute(
            sql: """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 0;
                """)
        let settings = try Settings(database)
        guard settings == .required else {
            throw StoreError.failed(
                path: path, explanation: "SQLite doesn't keep the settings: \(settings)")
        }
    }
}

extension JournalDatabase.Settings {
    /// Asks SQLite for the settings of a connection.
    init(_ database: Database) throws {
        func read<Value: DatabaseValueConvertible>(_ name: String, else none: Value) throws
            -> Value
        {
            try Value.fetchOne(database, sql: "PRAGMA \(name)") ?? none
        }
        journalMode = try read("journal_mode", else: "")
        synchronous = try read("synchronous", else: -1)
        lockingMode = try read("locking_mode", else: "")
        mappedBytes = try read("mmap_size", else: 0)
        foreignKeys = try read("foreign_keys", else: false)
        trustsSchema = try read("trusted_schema", else: true)
        checksCells = try read("cell_size_check", else: false)
        automaticCheckpointPages = try read("wal_autocheckpoint", else: -1)
    }
}
