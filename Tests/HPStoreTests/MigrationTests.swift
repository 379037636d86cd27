import Foundation
import GRDB
import HPCluster
import HPSearch
import HPStore
import HPWire
import Testing

@Suite struct `A journal of format 1` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `becomes one of this format, with all that it held`() throws {
        let records = [Sample.start(1)] + Sample.batch(1..<300)
        try write(records, recordings: [Sample.recordings(2), Sample.recordings(1, epochs: 3)])
        for _ in 0..<2 {
            let store = try JournalStore(directory: directory.data)
            #expect(try store.records() == records)
            #expect(try store.recordings(study: 1, trial: 1) == withoutLooks(1, epochs: 3))
            #expect(try store.recordings(study: 1, trial: 2) == withoutLooks(2))
            store.close()
        }
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(2)])
        #expect(throws: StoreError.self) { try store.commit([Sample.finish(7)]) }
        #expect(try store.records() == records + [Sample.start(2)])
    }

    @Test func `is refused when it contradicts itself, and left as it was`() throws {
        let records = Sample.batch(1..<3) + [Sample.lease(2, attempt: 2)]
        try write(records)
        try expectCorrupt("record 8: the trial is missing, or its last attempt is open")
        #expect(try version() == 1)
        #expect(try rowCount() == records.count)
    }

    @Test func `is refused when records are missing`() throws {
        try write(Sample.batch(1..<3))
        try directory.run("DROP TRIGGER journal_rows_stay; DELETE FROM journal WHERE sequence = 3")
        try directory.run(
            """
            CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
                BEGIN SELECT RAISE(ABORT, 'journal records are never deleted'); END
            """)
        try expectCorrupt("record 4: a record before this one is missing")
        #expect(try version() == 1)
    }

    @Test func `is refused when a record can't be read`() throws {
        try write(Sample.batch(1..<3))
        try directory.run(
            """
            DROP TRIGGER journal_rows_are_final;
            UPDATE journal SET payload = x'FF' WHERE sequence = 2;
            CREATE TRIGGER journal_rows_are_final BEFORE UPDATE ON journal
                BEGIN SELECT RAISE(ABORT, 'journal records are never changed'); END
            """)
        try expectCorrupt("record 2: ")
        #expect(try version() == 1)
    }

    private func withoutLooks(_ trial: Int, epochs: Int = 5) -> RecordingsRecord {
        var record = Sample.recordings(trial, epochs: epochs)
        record.recordings = TrialRecordings(curve: record.recordings.curve)
        return record
    }

    private func expectCorrupt(_ explanation: String) throws {
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error?.exitCode == 65)
        let message = "\(try #require(error))"
        #expect(message.contains(explanation), "\(message)")
    }

    private func version() throws -> Int? {
        try DatabaseQueue(path: directory.database).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
    }

    private func rowCount() throws -> Int? {
        try DatabaseQueue(path: directory.database).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM journal")
        }
    }

    /// A database as the first release left it.
    private func write(_ records: [JournalRecord], recordings: [RecordingsRecord] = []) throws {
        try FileManager.default.createDirectory(
            atPath: directory.data, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: directory.database)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: Self.formatOne)
            for record in records {
                let entry = JournalCodec.encode(record)
                try database.execute(
                    sql: """
                        INSERT INTO journal (kind, study, trial, attempt, payload)
                        VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        entry.kind, entry.study, entry.trial, entry.attempt, Data(entry.payload),
                    ])
            }
            for record in recordings {
                try database.execute(
                    sql: "INSERT INTO curve (study, trial, attempt, payload) VALUES (?, ?, ?, ?)",
                    arguments: [
                        record.study, record.trial, record.attempt,
                        Data(CurveCodec.encode(record.recordings.curve)),
                    ])
            }
        }
        try queue.close()
    }

    private static let formatOne = """
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            study INTEGER,
            trial INTEGER,
            attempt INTEGER,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX one_submission_per_study ON journal (study) WHERE kind = 2;
        CREATE UNIQUE INDEX one_creation_per_trial ON journal (study, trial) WHERE kind = 4;
        CREATE UNIQUE INDEX one_lease_per_attempt ON journal (study, trial, attempt)
            WHERE kind = 5;
        CREATE UNIQUE INDEX one_end_per_attempt ON journal (study, trial, attempt)
            WHERE kind = 6;
        CREATE UNIQUE INDEX one_result_per_trial ON journal (study, trial) WHERE kind = 7;
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
        PRAGMA application_id = 1213219658;
        PRAGMA user_version = 1;
        """
}
