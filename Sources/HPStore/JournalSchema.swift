import GRDB

/// The tables of the journal, format 4.
enum JournalSchema {
    static let version = 4
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

    /// Whether tables, indexes and triggers are what this version makes: a flipped bit in one
    /// would make another rule of it.
    static func isIntact(in database: Database) throws -> Bool {
        let made = try DatabaseQueue().write { fresh in
            try fresh.execute(sql: statements)
            return try definitions(in: fresh)
        }
        return try definitions(in: database) == made
    }

    private static func definitions(in database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')
                FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name
                """)
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

    /// Numbers of kinds, as `JournalEntry.Kind` has them: 2 a submission, 4 a trial's creation,
    /// 5 an attempt's lease, 6 its end without a result, 7 a trial's result, 8 what a study is
    /// pinned to. They stand here as they are in the files.
    ///
    /// The checks, indexes and triggers make a contradiction impossible, whatever a defect above
    /// may ask for; the last ones make a fact final.
    static let statements = tables + order + finality + diagnostics + correctness

    private static let tables = """
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 10),
            study INTEGER CHECK (study > 0),
            trial INTEGER CHECK (trial > 0),
            attempt INTEGER CHECK (attempt >= 0),
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            CONSTRAINT columns_of_kind CHECK (
                CASE
                    WHEN kind BETWEEN 4 AND 7 THEN study IS NOT NULL AND trial IS NOT NULL
                        AND CASE kind
                            WHEN 4 THEN attempt IS NULL
                            WHEN 7 THEN attempt IS NOT NULL
                            ELSE attempt IS NOT NULL AND attempt > 0
                        END
                    ELSE (study IS NULL) = (kind IN (1, 10)) AND trial IS NULL
                        AND attempt IS NULL
                END)
        ) STRICT;

        CREATE UNIQUE INDEX one_submission_per_study ON journal (study) WHERE kind = 2;
        CREATE UNIQUE INDEX one_creation_per_trial ON journal (study, trial) WHERE kind = 4;
        CREATE UNIQUE INDEX one_lease_per_attempt ON journal (study, trial, attempt)
            WHERE kind = 5;
        CREATE UNIQUE INDEX one_end_per_attempt ON journal (study, trial, attempt)
            WHERE kind = 6;
        CREATE UNIQUE INDEX one_result_per_trial ON journal (study, trial) WHERE kind = 7;
        CREATE UNIQUE INDEX one_pin_per_study ON journal (study) WHERE kind = 8;

        CREATE TABLE curve (
            study INTEGER NOT NULL,
            trial INTEGER NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (study, trial)
        ) STRICT;

        """

    /// What format 3 has beside format 2.
    static let diagnostics = """
        CREATE TABLE diagnostics (
            study INTEGER NOT NULL,
            trial INTEGER NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (study, trial)
        ) STRICT;

        CREATE TRIGGER diagnostics_follow BEFORE INSERT ON diagnostics
            WHEN NOT EXISTS (
                SELECT 1 FROM journal
                WHERE kind = 7 AND study = NEW.study AND trial = NEW.trial
                    AND attempt = NEW.attempt)
            BEGIN SELECT RAISE(ABORT, 'the diagnostics belong to no result'); END;
        CREATE TRIGGER diagnostics_are_final BEFORE UPDATE ON diagnostics
            BEGIN SELECT RAISE(ABORT, 'diagnostics are never changed'); END;
        CREATE TRIGGER diagnostics_stay BEFORE DELETE ON diagnostics
            BEGIN SELECT RAISE(ABORT, 'diagnostics are never deleted'); END;

        """

    /// The table that format 4 has and format 3 had not.
    static let correctness = """
        CREATE TABLE correctness (
            study INTEGER NOT NULL,
            trial INTEGER NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (study, trial)
        ) STRICT;

        CREATE TRIGGER correctness_follows BEFORE INSERT ON correctness
            WHEN NOT EXISTS (
                SELECT 1 FROM journal
                WHERE kind = 7 AND study = NEW.study AND trial = NEW.trial
                    AND attempt = NEW.attempt)
            BEGIN SELECT RAISE(ABORT, 'the correctness belongs to no result'); END;
        CREATE TRIGGER correctness_is_final BEFORE UPDATE ON correctness
            BEGIN SELECT RAISE(ABORT, 'correctness is never changed'); END;
        CREATE TRIGGER correctness_stays BEFORE DELETE ON correctness
            BEGIN SELECT RAISE(ABORT, 'correctness is never deleted'); END;
        """

    /// What may follow what. One trigger for all kinds: each costs as much as an insertion.
    private static let order = """
        CREATE TRIGGER journal_records_follow BEFORE INSERT ON journal BEGIN
            SELECT RAISE(ABORT, 'a record before this one is missing')
                WHERE NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM journal);
            SELECT CASE NEW.kind
                WHEN 1 THEN 1
                WHEN 10 THEN 1
                WHEN 2 THEN CASE
                    WHEN NEW.study > 1 AND NOT EXISTS (
                        SELECT 1 FROM journal WHERE kind = 2 AND study = NEW.study - 1)
                    THEN RAISE(ABORT, 'a study before this one is missing') END
                WHEN 4 THEN CASE
                    WHEN NOT CASE NEW.trial
                        WHEN 1 THEN EXISTS (
                            SELECT 1 FROM journal WHERE kind = 2 AND study = NEW.study)
                        ELSE EXISTS (
                            SELECT 1 FROM journal
                            WHERE kind = 4 AND study = NEW.study AND trial = NEW.trial - 1)
                        END
                    THEN RAISE(ABORT, 'the study or a trial before this one is missing') END
                WHEN 5 THEN CASE
                    WHEN NOT CASE NEW.attempt
                        WHEN 1 THEN EXISTS (
                            SELECT 1 FROM journal
                            WHERE kind = 4 AND study = NEW.study AND trial = NEW.trial)
                        ELSE EXISTS (
                            SELECT 1 FROM journal
                            WHERE kind = 6 AND study = NEW.study AND trial = NEW.trial
                                AND attempt = NEW.attempt - 1)
                        END
                    THEN RAISE(ABORT, 'the trial is missing, or its last attempt is open')
                    WHEN EXISTS (
                        SELECT 1 FROM journal
                        WHERE kind = 7 AND study = NEW.study AND trial = NEW.trial)
                    THEN RAISE(ABORT, 'the trial was leased after its result') END
                WHEN 6 THEN CASE
                    WHEN NOT EXISTS (
                        SELECT 1 FROM journal
                        WHERE kind = 5 AND study = NEW.study AND trial = NEW.trial
                            AND attempt = NEW.attempt)
                    THEN RAISE(ABORT, 'the attempt ended but was never leased')
                    WHEN EXISTS (
                        SELECT 1 FROM journal
                        WHERE kind = 7 AND study = NEW.study AND trial = NEW.trial)
                    THEN RAISE(ABORT, 'the attempt ended after the result of its trial') END
                WHEN 7 THEN (
                    SELECT CASE
                        WHEN last < NEW.attempt
                        THEN RAISE(ABORT, 'the result is of an attempt that was never leased')
                        WHEN last > NEW.attempt AND NOT EXISTS (
                            SELECT 1 FROM journal
                            WHERE kind = 6 AND study = NEW.study AND trial = NEW.trial
                                AND attempt = last)
                        THEN RAISE(ABORT, 'the result leaves another attempt open')
                        WHEN last = 0 AND NOT EXISTS (
                            SELECT 1 FROM journal
                            WHERE kind = 4 AND study = NEW.study AND trial = NEW.trial)
                        THEN RAISE(ABORT, 'the result is of a trial that is missing') END
                    FROM (
                        SELECT coalesce(max(attempt), 0) AS last FROM journal
                        WHERE kind = 5 AND study = NEW.study AND trial = NEW.trial))
                ELSE CASE
                    WHEN NOT EXISTS (
                        SELECT 1 FROM journal WHERE kind = 2 AND study = NEW.study)
                    THEN RAISE(ABORT, 'the study was not submitted') END
                END;
        END;

        CREATE TRIGGER curves_follow BEFORE INSERT ON curve
            WHEN NOT EXISTS (
                SELECT 1 FROM journal
                WHERE kind = 7 AND study = NEW.study AND trial = NEW.trial
                    AND attempt = NEW.attempt)
            BEGIN SELECT RAISE(ABORT, 'the curve belongs to no result'); END;

        """

    private static let finality = """
        CREATE TRIGGER journal_rows_are_final BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'journal records are never changed'); END;
        CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
            BEGIN SELECT RAISE(ABORT, 'journal records are never deleted'); END;
        CREATE TRIGGER curves_are_final BEFORE UPDATE ON curve
            BEGIN SELECT RAISE(ABORT, 'curves are never changed'); END;
        CREATE TRIGGER curves_stay BEFORE DELETE ON curve
            BEGIN SELECT RAISE(ABORT, 'curves are never deleted'); END;
        """
}
