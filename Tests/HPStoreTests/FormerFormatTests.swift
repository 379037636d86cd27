import GRDB
import HPCluster
import HPSearch
import HPStore
import Testing

/// Formats 2 and 3 are this one without the side tables that came later.
@Suite struct `A journal of a former format` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<4), recordings: [Sample.recordings(1)])
        store.close()
    }

    private func becomeFormat(_ version: Int) throws {
        let later = version == 2 ? "DROP TABLE diagnostics;" : ""
        try directory.run("\(later) DROP TABLE correctness; PRAGMA user_version = \(version)")
    }

    private func version() throws -> Int? {
        try DatabaseQueue(path: directory.database).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
    }

    @Test(arguments: [2, 3])
    func `becomes one of this format, with all that it held`(version: Int) throws {
        try becomeFormat(version)
        for _ in 0..<2 {
            let store = try JournalStore(directory: directory.data)
            #expect(try store.records() == Sample.batch(1..<4))
            var kept = Sample.recordings(1)
            if version == 2 { kept.recordings.diagnostics = nil }
            kept.recordings.correctness = nil
            kept.recordings.crossedCorrectness = nil
            #expect(try store.recordings(study: 1, trial: 1) == kept)
            store.close()
        }
        #expect(try self.version() == 4)
        let store = try JournalStore(directory: directory.data)
        try store.commit([], recordings: [Sample.recordings(2)])
        #expect(try store.recordings(study: 1, trial: 2) == Sample.recordings(2))
        #expect(throws: StoreError.self) {
            try store.commit([], recordings: [Sample.recordings(2)])
        }
    }

    @Test(arguments: [2, 3])
    func `is refused when its tables are others, and left as it was`(version: Int) throws {
        try becomeFormat(version)
        try directory.run("DROP TRIGGER curves_stay")
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error?.exitCode == 65)
        #expect("\(try #require(error))".contains("its tables are not those of format \(version)"))
        #expect(try self.version() == version)
    }
}
