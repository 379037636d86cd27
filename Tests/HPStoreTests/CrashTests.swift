import Foundation
import HPCluster
import HPStore
import Testing

/// A crash leaves the files as they are on the disk: a copy of them is what a new process finds.
@Suite struct `A crash` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `between commits loses none of them`() throws {
        let store = try JournalStore(directory: directory.data)
        var committed: [JournalRecord] = []
        for step in 0..<40 {
            let batch = Sample.batch((step * 30 + 1)..<(step * 30 + 31))
            try store.commit(batch, recordings: [Sample.recordings(step * 30 + 1, epochs: 2000)])
            committed += batch
            guard step % 4 == 0 else { continue }
            let copy = try copyOfFiles(logBytes: nil)
            let next = try JournalStore(directory: copy.data)
            #expect(try next.records() == committed)
            #expect(
                try next.recordings(study: 1, trial: step * 30 + 1)
                    == Sample.recordings(step * 30 + 1, epochs: 2000))
        }
    }

    @Test func `in the middle of a write leaves whole transactions`() throws {
        let store = try JournalStore(directory: directory.data)
        var ends: [Int: [JournalRecord]] = [:]
        var committed: [JournalRecord] = []
        var sizes: [Int] = [directory.contents(directory.log)?.count ?? 0]
        for step in 0..<12 {
            ends[sizes[step]] = committed
            committed += Sample.batch((step * 20 + 1)..<(step * 20 + 21))
            try store.commit(step == 0 ? committed : Array(committed.suffix(60)))
            sizes.append(directory.contents(directory.log)?.count ?? 0)
        }
        ends[sizes[12]] = committed
        let start = try #require(sizes.first)
        let end = try #require(sizes.last)
        for cut in stride(from: start, through: end, by: 3001) + [end] {
            let copy = try copyOfFiles(logBytes: cut)
            let next = try JournalStore(directory: copy.data)
            let whole = try #require(sizes.last { $0 <= cut })
            #expect(try next.records() == ends[whole], "cut at \(cut) of \(end)")
        }
    }

    @Test func `with a torn page in the log leaves whole transactions`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<21))
        let size = try #require(directory.contents(directory.log)?.count)
        try store.commit(Sample.batch(21..<41))
        let copy = try copyOfFiles(logBytes: nil)
        var log = try #require(copy.contents(copy.log))
        for index in (size + 2000)..<(size + 2512) { log[index] ^= 0xFF }
        try log.write(to: URL(fileURLWithPath: copy.log))
        #expect(try JournalStore(directory: copy.data).records() == Sample.batch(1..<21))
    }

    /// Only the database and its log matter; the log may be cut.
    private func copyOfFiles(logBytes: Int?) throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: copy.data, withIntermediateDirectories: true)
        let database = try #require(directory.contents(directory.database))
        try database.write(to: URL(fileURLWithPath: copy.database))
        let log = try #require(directory.contents(directory.log))
        try log.prefix(logBytes ?? log.count).write(to: URL(fileURLWithPath: copy.log))
        return copy
    }
}
