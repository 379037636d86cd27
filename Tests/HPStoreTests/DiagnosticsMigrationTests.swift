import GRDB
import HPCluster
import HPSearch
import HPStore
import Testing

@Suite struct `A journal of format 2` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<4), recordings: [Sample.recordings(1)])
        store.close()
        // Format 2 is format 3 without diagnostics.
        try directory.run("DROP TABLE diagnostics; PRAGMA user_version = 2")
    }

    @Test func `becomes one of this format, with all that it held`() throws {
        for _ in 0..<2 {
            let store = try JournalStore(directory: directory.data)
            #expect(try store.records() == Sample.batch(1..<4))
            var kept = Sample.recordings(1)
            kept.recordings.diagnostics = nil
            #expect(try store.recordings(study: 1, trial: 1) == kept)
            store.close()
        }
        let store = try JournalStore(directory: directory.data)
        try store.commit([], recordings: [Sample.recordings(2)])
        #expect(try store.recordings(study: 1, trial: 2) == Sample.recordings(2))
        #expect(throws: StoreError.self) {
            try store.commit([], recordings: [Sample.recordings(2)])
        }
    }

    @Test func `is refused when its tables are others, and left as it was`() throws {
        try directory.run("DROP TRIGGER curves_stay")
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error?.exitCode == 65)
        #expect("\(try #require(error))".contains("its tables are not those of format 2"))
        let version = try DatabaseQueue(path: directory.database).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
        #expect(version == 2)
    }
}
