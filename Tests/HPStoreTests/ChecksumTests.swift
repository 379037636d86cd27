import Foundation
import HPCluster
import HPSearch
import HPStore
import Testing

/// Bits that flip where SQLite can't see it.
@Suite struct `A flipped bit` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: ["host/slot-0", "three attempts were lost"], [0, 3])
    func `in a payload is found when the record is read, and nothing is changed`(
        text: String, bit: UInt8
    ) throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<2))
        store.close()
        try flip(bit, in: text, of: directory.database)
        let damaged = directory.contents(directory.database)
        store = try JournalStore(directory: directory.data)
        let error = #expect(throws: StoreError.self) { try store.records() }
        // The submission, the creation, the lease, the result: the worker's name is in two.
        let record = text.hasPrefix("host") ? "record [34]" : "record 4"
        #expect(error?.exitCode == 65)
        #expect("\(try #require(error))".contains(try Regex("\(record) doesn't match")))
        #expect(throws: StoreError.self) { try store.commit([Sample.start(1)]) }
        store.close()
        #expect(directory.contents(directory.database) == damaged)
    }

    /// The newest records are in the log; closing would move them into the damaged database.
    @Test func `leaves the log where it is`() throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<500))
        store.close()
        store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        let log = try #require(directory.contents(directory.log))
        store.close()
        // The first lease: the log has newer bytes of the last page only.
        try flip(0, in: "host/slot-0", of: directory.database)
        try log.write(to: URL(fileURLWithPath: directory.log))
        let damaged = directory.contents(directory.database)

        store = try JournalStore(directory: directory.data)
        let error = #expect(throws: StoreError.self) { try store.records() }
        #expect(error?.exitCode == 65)
        store.close()
        #expect(directory.contents(directory.database) == damaged)
        #expect(directory.contents(directory.log) == log)
    }

    @Test func `in a curve is found when it is read`() throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(
            Sample.batch(1..<3), recordings: [Sample.recordings(1), Sample.recordings(2)])
        store.close()
        var bytes = try #require(directory.contents(directory.database))
        let value = withUnsafeBytes(of: (1 - 0.9 / 3.0).bitPattern.littleEndian) { Data($0) }
        let place = try #require(bytes.range(of: value))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: directory.database))
        store = try JournalStore(directory: directory.data)
        #expect(try store.records() == Sample.batch(1..<3))
        let errors = [1, 2].map { trial -> StoreError? in
            do throws(StoreError) {
                #expect(try store.recordings(study: 1, trial: trial) == Sample.recordings(trial))
                return nil
            } catch {
                return error
            }
        }
        #expect(errors.compactMap(\.?.exitCode).contains(65))
    }

    @Test func `in diagnostics is found when they are read`() throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<2), recordings: [Sample.recordings(1)])
        store.close()
        var bytes = try #require(directory.contents(directory.database))
        let regularization = withUnsafeBytes(of: 0.25.bitPattern.littleEndian) { Data($0) }
        bytes[try #require(bytes.range(of: regularization)).lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: directory.database))
        store = try JournalStore(directory: directory.data)
        let error = #expect(throws: StoreError.self) { try store.recordings(study: 1, trial: 1) }
        #expect("\(try #require(error))".contains("the diagnostics of trial 1 of study 1"))
    }

    @Test func `in validation rows is found when they are read`() throws {
        var store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<2), recordings: [Sample.recordings(1)])
        store.close()
        var bytes = try #require(directory.contents(directory.database))
        let rows = try #require(bytes.range(of: Data(Sample.rows(1).bytes)))
        bytes[rows.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: directory.database))
        store = try JournalStore(directory: directory.data)
        let error = #expect(throws: StoreError.self) {
            try store.forEachCorrectness(study: 1, trials: [1]) { _, _, _ in }
        }
        #expect("\(try #require(error))".contains("the correctness of trial 1 of study 1"))
        #expect(error?.exitCode == 65)
    }

    private func flip(_ bit: UInt8, in text: String, of file: String) throws {
        var bytes = try #require(directory.contents(file))
        let place = try #require(bytes.range(of: Data(text.utf8)))
        bytes[place.lowerBound] ^= 1 << bit
        try bytes.write(to: URL(fileURLWithPath: file))
    }
}
