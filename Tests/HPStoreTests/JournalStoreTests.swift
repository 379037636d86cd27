import Foundation
import GRDB
import HPCluster
import HPSearch
import Testing

@testable import HPStore

@Suite struct `The journal` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `gives back what was committed, in order, across a reopening`() throws {
        let first: [JournalRecord] = [
            .coordinatorStarted(epoch: 1), .coordinatorStarted(epoch: 2),
        ]
        let second = Sample.batch(1..<6000)
        var store = try JournalStore(directory: directory.data)
        #expect(try store.records() == [])
        try store.commit(first)
        try store.commit(second)
        #expect(try store.records() == first + second)
        store.close()

        store = try JournalStore(directory: directory.data)
        #expect(try store.records() == first + second)
        try store.commit([.coordinatorStarted(epoch: 2)])
        #expect(try store.records().last == .coordinatorStarted(epoch: 2))
    }

    @Test func `keeps nothing of a batch that holds a second result of a trial`() throws {
        let store = try JournalStore(directory: directory.data)
        let begun = Sample.batch(1..<2) + [Sample.create(2), Sample.create(3)]
        try store.commit(begun)
        let error = #expect(throws: StoreError.self) {
            try store.commit(
                [Sample.lease(2), Sample.finish(2), Sample.finish(1), Sample.lease(3)],
                recordings: [Sample.recordings(2)])
        }
        guard case .contradicted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.isRecoverable == false)
        #expect(try store.records() == begun)
        #expect(try store.recordings(study: 1, trial: 2) == nil)
        // The connection is as good as before.
        try store.commit([Sample.lease(2)])
        #expect(try store.records().count == begun.count + 1)
    }

    @Test func `gives the records of one study`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([.coordinatorStarted(epoch: 1)] + Sample.batch(1..<3000, study: 1))
        try store.commit(Sample.batch(1..<3, study: 2) + Sample.batch(3000..<3010, study: 1))
        #expect(try store.records(of: 2) == Sample.batch(1..<3, study: 2))
        #expect(
            try store.records(of: 1)
                == Sample.batch(1..<3000) + Sample.batch(3000..<3010))
        #expect(try store.records(of: 3) == [])
    }

    @Test func `stores a curve beside the records`() throws {
        var store = try JournalStore(directory: directory.data)
        let records =
            Sample.batch(1..<7) + [Sample.create(7), Sample.create(8), Sample.lease(7)]
            + [Sample.end(7), Sample.lease(7, attempt: 2), Sample.finish(7, attempt: 2)]
            + [Sample.lease(8), Sample.finish(8)]
        try store.commit(records, recordings: [Sample.recordings(7, attempt: 2)])
        try store.commit([], recordings: [Sample.recordings(8, epochs: 400)])
        store.close()
        store = try JournalStore(directory: directory.data)
        #expect(try store.recordings(study: 1, trial: 7) == Sample.recordings(7, attempt: 2))
        #expect(try store.recordings(study: 1, trial: 8) == Sample.recordings(8, epochs: 400))
        #expect(try store.recordings(study: 1, trial: 9) == nil)
        #expect(try store.recordings(study: 2, trial: 7) == nil)
        #expect(try store.records() == records)
    }

    @Test func `gives which rows of many trials are right, in order`() throws {
        let store = try JournalStore(directory: directory.data)
        let recordings = (1..<600).filter { $0 % 7 != 0 }.map { Sample.recordings($0, epochs: 1) }
        try store.commit(Sample.batch(1..<600), recordings: recordings)
        var found: [Int] = []
        let asked = Array(stride(from: 1, to: 700, by: 2)).reversed()
        try store.forEachCorrectness(study: 1, trials: Array(asked)) { trial, rows, crossed in
            found.append(trial)
            #expect(rows == Sample.rows(trial) && crossed == Sample.crossed(trial))
        }
        #expect(found == stride(from: 1, to: 600, by: 2).filter { $0 % 7 != 0 })
        try store.forEachCorrectness(study: 2, trials: [1]) { _, _, _ in
            Issue.record("the other study has no trials")
        }
    }

    @Test func `keeps a trial without rows`() throws {
        let store = try JournalStore(directory: directory.data)
        var record = Sample.recordings(1)
        record.recordings.correctness = nil
        record.recordings.crossedCorrectness = nil
        try store.commit(Sample.batch(1..<2), recordings: [record])
        #expect(try store.recordings(study: 1, trial: 1) == record)
        try store.forEachCorrectness(study: 1, trials: [1]) { _, _, _ in
            Issue.record("nothing is known of its rows")
        }
    }

    @Test func `writes nothing for an empty batch`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        let before = directory.contents(directory.log)
        try store.commit([], recordings: [])
        #expect(directory.contents(directory.log) == before)
    }

    @Test func `is durable: every commit reaches the disk before it returns`() throws {
        let store = try JournalStore(directory: directory.data)
        let settings = try store.queue.read { try JournalDatabase.Settings($0) }
        #expect(settings.synchronous == 2)
        #expect(settings.journalMode == "wal")
        #expect(settings == .required)
        try store.commit(Sample.batch(1..<100))
        #expect(try store.queue.read { try JournalDatabase.Settings($0) } == .required)
    }

    @Test func `is readable by its owner alone`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        for file in [directory.data, directory.database, directory.log] {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            let permissions = try #require(attributes[.posixPermissions] as? NSNumber)
            #expect(permissions.intValue & 0o077 == 0, "\(file)")
        }
    }

    @Test func `makes the folders above its directory`() throws {
        let store = try JournalStore(directory: directory.path + "/a/b/c")
        try store.commit([Sample.start(1)])
        #expect(FileManager.default.fileExists(atPath: directory.path + "/a/b/c/hpcoord.sqlite"))
    }

    @Test(arguments: [
        "UPDATE journal SET payload = x'00' WHERE sequence = 1",
        "DELETE FROM journal WHERE sequence = 2",
        "DELETE FROM journal",
    ])
    func `refuses to change or to forget a record`(sql: String) throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<3))
        store.close()
        #expect(throws: DatabaseError.self) { try directory.run(sql) }
        store = try JournalStore(directory: directory.data)
        #expect(try store.records() == Sample.batch(1..<3))
    }

    @Test func `tells when records are missing`() throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<3))
        store.close()
        let trigger = try directory.text(
            "SELECT sql FROM sqlite_master WHERE name = 'journal_rows_stay'")
        try directory.run(
            "DROP TRIGGER journal_rows_stay; DELETE FROM journal WHERE sequence = 2; " + trigger)
        store = try JournalStore(directory: directory.data)
        let error = #expect(throws: StoreError.self) { try store.records() }
        #expect(error?.exitCode == 65)
    }

    @Test func `goes on after the disk was full`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<10))
        try store.queue.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let error = #expect(throws: StoreError.self) {
            try store.commit(Sample.batch(10..<2000), recordings: [Sample.recordings(10)])
        }
        #expect(error == .full(path: directory.database))
        #expect(error?.isRecoverable == true)
        #expect(try store.records() == Sample.batch(1..<10))
        try store.queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA max_page_count = 100000")
        }
        try store.commit(Sample.batch(10..<2000), recordings: [Sample.recordings(10)])
        #expect(try store.records() == Sample.batch(1..<10) + Sample.batch(10..<2000))
    }

    @Test func `keeps its log short`() throws {
        let store = try JournalStore(directory: directory.data)
        var longest = 0
        for batch in 0..<30 {
            try store.commit(
                Sample.batch(batch + 1..<batch + 2),
                recordings: [Sample.recordings(batch + 1, epochs: 20_000)])
            longest = max(longest, directory.contents(directory.log)?.count ?? 0)
        }
        #expect(longest < 20 << 20)
        #expect(
            try store.records() == (1...30).flatMap { Sample.batch($0..<$0 + 1) })
        #expect(try store.recordings(study: 1, trial: 1) == Sample.recordings(1, epochs: 20_000))
    }

    @Test func `answers after its end with an error`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        store.close()
        store.close()
        #expect(throws: StoreError.closed(path: directory.database)) {
            try store.commit([Sample.start(2)])
        }
        #expect(throws: StoreError.closed(path: directory.database)) { try store.records() }
        #expect(throws: StoreError.closed(path: directory.database)) {
            try store.recordings(study: 1, trial: 1)
        }
    }

    @Test func `shows readers a whole prefix while it is written`() async throws {
        let store = try JournalStore(directory: directory.data)
        let batches = (0..<30).map { Sample.batch(($0 * 50 + 1)..<($0 * 50 + 51)) }
        let all = batches.flatMap(\.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for batch in batches { try store.commit(batch) }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<10 {
                        let seen = try store.records()
                        #expect(seen.count % 150 == (seen.isEmpty ? 0 : 1))
                        #expect(seen == Array(all.prefix(seen.count)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.records() == all)
    }
}
