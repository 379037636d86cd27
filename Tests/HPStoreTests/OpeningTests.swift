import Foundation
import HPCluster
import Testing

@testable import HPStore

@Suite struct `Opening a data directory` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `is refused while another coordinator serves it`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error == .locked(directory: directory.data, holder: getpid()))
        #expect(error?.exitCode == 73)
        #expect("\(try #require(error))".contains(directory.data))
        try store.commit([Sample.start(2)])

        store.close()
        let next = try JournalStore(directory: directory.data)
        #expect(try next.records() == [Sample.start(1), Sample.start(2)])
    }

    @Test func `is allowed once the journal that held it is gone`() throws {
        var store: JournalStore? = try JournalStore(directory: directory.data)
        try store?.commit([Sample.start(1)])
        store = nil
        #expect(try JournalStore(directory: directory.data).records() == [Sample.start(1)])
    }

    @Test func `is refused where a file stands`() throws {
        try Data("notes".utf8).write(to: URL(fileURLWithPath: directory.data))
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(
            error == .unusable(directory: directory.data, explanation: "it is not a folder"))
        let below = #expect(throws: StoreError.self) {
            try JournalStore(directory: directory.data + "/below")
        }
        #expect(below?.exitCode == 73)
        #expect(directory.contents(directory.data) == Data("notes".utf8))
    }

    @Test func `is refused where no folder can be made`() {
        let error = #expect(throws: StoreError.self) {
            try JournalStore(directory: "/proc/hpcoord-data")
        }
        guard case .unusable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `refuses a file that is no database, and leaves it as it is`() throws {
        try makeFile(Data("this is not a database, but it is long enough".utf8))
        try expectCorrupt()
    }

    @Test(arguments: [0, 1, 2])
    func `refuses a damaged database, and leaves it as it is`(page: Int) throws {
        let store = try JournalStore(directory: directory.data)
        try fill(store)
        store.close()
        var damaged = try #require(directory.contents(directory.database))
        // Past the header of the file on page 0: its magic and its size stay plausible.
        damage(&damaged, at: page * 4096 + (page == 0 ? 100 : 0))
        try makeFile(damaged)
        try expectCorrupt()
    }

    /// A bit that flips in the text of a table or a trigger may leave it valid, with another rule.
    @Test func `refuses a schema with a flipped bit anywhere`() throws {
        let store = try JournalStore(directory: directory.data)
        try fill(store)
        store.close()
        let intact = try #require(directory.contents(directory.database))
        let trigger = try #require(intact.range(of: Data("CREATE TRIGGER".utf8))).lowerBound
        for place in stride(from: trigger, to: trigger + 1000, by: 97) {
            var damaged = intact
            damaged[place] ^= 2
            try makeFile(damaged)
            try expectCorrupt()
        }
    }

    @Test func `leaves the log of a damaged database as it is`() throws {
        var store = try JournalStore(directory: directory.data)
        try fill(store)
        store.close()
        store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(2)])
        var damaged = try #require(directory.contents(directory.database))
        let log = try #require(directory.contents(directory.log))
        store.close()

        // A page that the log doesn't hold: the log would heal it.
        damage(&damaged, at: damaged.count / 4096 / 2 * 4096)
        try makeFile(damaged)
        try log.write(to: URL(fileURLWithPath: directory.log))
        try expectCorrupt()
        #expect(directory.contents(directory.log) == log)
    }

    @Test func `refuses a log in which a bit flipped before later transactions`() throws {
        let store = try JournalStore(directory: directory.data)
        for part in 0..<10 { try store.commit(Sample.batch((1 + part * 5)..<(6 + part * 5))) }
        let database = try #require(directory.contents(directory.database))
        let log = try #require(directory.contents(directory.log))
        store.close()
        for place in stride(from: 1, to: log.count / 2, by: log.count / 23) {
            var damaged = log
            damaged[place] ^= 4
            try makeFile(database)
            try damaged.write(to: URL(fileURLWithPath: directory.log))
            try expectCorrupt()
            #expect(directory.contents(directory.log) == damaged)
        }
        // What a power cut leaves of the last transaction is no damage.
        try makeFile(database)
        try log.dropLast(5000).write(to: URL(fileURLWithPath: directory.log))
        let reopened = try JournalStore(directory: directory.data)
        #expect(try !reopened.records().isEmpty)
    }

    @Test(arguments: [0, 1])
    func `refuses an empty file where a journal was`(byteCount: Int) throws {
        let store = try JournalStore(directory: directory.data)
        try fill(store)
        store.close()
        try makeFile(Data(repeating: 0, count: byteCount))
        try expectCorrupt()
        try FileManager.default.removeItem(atPath: directory.database)
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error?.exitCode == 65)
    }

    @Test func `a journal that is at rest has all in the database`() throws {
        let store = try JournalStore(directory: directory.data)
        try fill(store)
        #expect(store.logBytes > 0)
        try store.settleLog()
        #expect(store.logBytes == 0)
        let records = try store.records()
        store.close()
        #expect(try JournalStore(directory: directory.data).records() == records)
    }

    @Test func `refuses a database cut short`() throws {
        let store = try JournalStore(directory: directory.data)
        try fill(store)
        store.close()
        let database = try #require(directory.contents(directory.database))
        try makeFile(database.prefix(database.count / 2))
        try expectCorrupt()
    }

    @Test func `refuses a log whose database is gone`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<10))
        let log = try #require(directory.contents(directory.log))
        store.close()
        try FileManager.default.removeItem(atPath: directory.database)
        try log.write(to: URL(fileURLWithPath: directory.log))
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error?.exitCode == 65)
        #expect(directory.contents(directory.log) == log)
    }

    @Test func `refuses the database of another program`() throws {
        try FileManager.default.createDirectory(
            atPath: directory.data, withIntermediateDirectories: true)
        try directory.run("CREATE TABLE notes (text TEXT)")
        try expectCorrupt()
    }

    @Test func `refuses a journal of a newer version`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit([Sample.start(1)])
        store.close()
        try directory.run("PRAGMA user_version = 9")
        let before = directory.contents(directory.database)
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        #expect(error == .newer(path: directory.database, version: 9, supported: 4))
        #expect(error?.exitCode == 69)
        #expect(directory.contents(directory.database) == before)
    }

    @Test func `goes on where a first start was cut off`() throws {
        try makeFile(Data())
        try JournalStore(directory: directory.data).commit([Sample.start(1)])
        #expect(try JournalStore(directory: directory.data).records() == [Sample.start(1)])
    }

    @Test func `takes a path that looks like a URI`() throws {
        let path = directory.path + "/file:x?mode=memory"
        try JournalStore(directory: path).commit([Sample.start(1)])
        #expect(try JournalStore(directory: path).records() == [Sample.start(1)])
    }

    @Test(arguments: [(0x6969, "NFS"), (-0xACB_2BE, "CIFS"), (0x00C3_6400, "Ceph")])
    func `knows network file systems by their numbers`(type: Int, name: String) {
        #expect(NetworkFileSystem.name(ofType: type) == name)
    }

    @Test(arguments: [0xEF53, 0x0102_1994, 0x5846_5342])
    func `takes the disks of this machine`(type: Int) {
        #expect(NetworkFileSystem.name(ofType: type) == nil)
    }

    private func fill(_ store: JournalStore) throws {
        for step in 0..<20 { try store.commit(Sample.batch((step * 50 + 1)..<(step * 50 + 51))) }
    }

    private func damage(_ data: inout Data, at start: Int) {
        for index in start..<(start + 400) { data[index] = 0xA5 }
    }

    private func makeFile(_ data: Data) throws {
        try FileManager.default.createDirectory(
            atPath: directory.data, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: directory.database))
    }

    private func expectCorrupt() throws {
        let before = try #require(directory.contents(directory.database))
        let error = #expect(throws: StoreError.self) { try JournalStore(directory: directory.data) }
        guard case .corrupt(directory.database, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.exitCode == 65)
        #expect(directory.contents(directory.database) == before)
    }
}
