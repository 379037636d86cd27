import GRDB
import HPWire

/// The tables of the journal, format 1.
enum JournalSchema {
    static let version = 1
    /// Marks the file as ours: "HPCJ".
    static let applicationID = 0x4850_434A

    /// What a database says of itself.
    struct Stamp: Equatable {
        var applicationID: Int
        var version: Int
        var isEmpty: Bool

        init(_ database: Database) throws {
            applicationID =
                try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            isEmpty =
                try Bool.fetchOne(
                    database, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)") ?? true
        }

        /// A process that was killed before its first transaction leaves such a file.
        var isBlank: Bool { applicationID == 0 && version == 0 && isEmpty }
    }

    /// Refuses what another program or a newer version wrote.
    static func check(_ stamp: Stamp, path: String) throws(StoreError) {
        if stamp.isBlank { return }
        guard stamp.applicationID == applicationID, stamp.version >= 1 else {
            throw .corrupt(path: path, explanation: "it is the database of another program")
        }
        guard stamp.version <= version else {
            throw .newer(path: path, version: stamp.version, supported: version)
        }
    }

    /// Makes the tables of a blank database, in one transaction.
    static func create(in database: Database) throws {
        guard try Stamp(database).isBlank else { return }
        try database.inTransaction(.immediate) {
            try database.execute(sql: statements)
            try database.execute(
                sql: """
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
            return .commit
        }
    }

    /// The indexes make a second fact of a kind impossible, whatever a defect above may ask for;
    /// the triggers make a fact final.
    private static let statements = """
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            study INTEGER,
            trial INTEGER,
            attempt INTEGER,
            payload BLOB NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX one_submission_per_study ON journal (study)
            WHERE kind = \(JournalEntry.Kind.studySubmitted.rawValue);
        CREATE UNIQUE INDEX one_creation_per_trial ON journal (study, trial)
            WHERE kind = \(JournalEntry.Kind.trialCreated.rawValue);
        CREATE UNIQUE INDEX one_lease_per_attempt ON journal (study, trial, attempt)
            WHERE kind = \(JournalEntry.Kind.attemptLeased.rawValue);
        CREATE UNIQUE INDEX one_end_per_attempt ON journal (study, trial, attempt)
            WHERE kind = \(JournalEntry.Kind.attemptEnded.rawValue);
        CREATE UNIQUE INDEX one_result_per_trial ON journal (study, trial)
            WHERE kind = \(JournalEntry.Kind.trialFinished.rawValue);

        CREATE TRIGGER journal_rows_are_final BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'journal records are never changed'); END;
        CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
            BEGIN SELECT RAISE(ABORT, 'journal records are never deleted'); END;

        CREATE TABLE curve (
            study INTEGER NOT NULL,
            trial INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (study, trial)
        ) STRICT;
        """
}
