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
        if try directory.hasDatabase() {
            isInspected = try inspect(directory.databasePath)
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
            if !isInspected { try check(database, path: directory.databasePath) }
            try demandDurability(database, path: directory.databasePath)
            try JournalSchema.create(in: database)
            try JournalMigration.migrate(database, path: directory.databasePath)
        }
        return queue
    }

    /// Checks an existing file over a connection that can't write: a damaged one stays as it is,
    /// where an ordinary connection would move the log into it when it closes.
    ///
    /// Returns false when that takes a writer: a first start that was cut off, before the log
    /// was in use, left a transaction to be rolled back.
    private static func inspect(_ path: String) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            try queue.writeWithoutTransaction { try check($0, path: path) }
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            return false
        }
    }

    private static func check(_ database: Database, path: String) throws {
        let stamp = try JournalSchema.Stamp(database)
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
