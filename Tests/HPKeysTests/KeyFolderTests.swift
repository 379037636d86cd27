import Foundation
import Synchronization
import Testing

@testable import HPKeys

@Suite("The coordinator's keys")
struct KeyFolderTests {
    private let temporary: TemporaryFolder
    private let folder: KeyFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = KeyFolder(dataDirectory: temporary.path("new/data"))
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func key(_ name: String, _ role: Role = .worker) throws -> AuthorizedKey {
        try AuthorizedKey(
            name: name, role: role, publicKey: KeyPair.generate().publicKey, since: "today")
    }

    @Test func `the first opening makes private files and a key for local commands`() throws {
        let (pair, isNew) = try folder.open(at: "today")
        #expect(isNew)
        #expect(try permissions(temporary.path("new/data")) == 0o700)
        #expect(try permissions(folder.path) == 0o700)
        for path in [folder.coordinatorPath, folder.administratorPath, folder.authorizedPath] {
            #expect(try permissions(path) == 0o600)
        }
        let administrator = try ClientKey(reading: folder.administratorPath)
        #expect(administrator.coordinator == pair.publicKey)
        let keys = try folder.authorized().keys
        #expect(keys.map(\.name) == ["admin"])
        #expect(keys.map(\.role) == [.admin])
        #expect(keys.map(\.publicKey) == [administrator.pair.publicKey])
        let again = try folder.open(at: "tomorrow")
        #expect(!again.isNew)
        #expect(again.pair.publicKey == pair.publicKey)
        #expect(try folder.authorized().keys.map(\.since) == ["today"])
    }

    @Test func `a key for local commands that was revoked does not come back`() throws {
        _ = try folder.open(at: "today")
        #expect(try folder.revoke("admin").role == .admin)
        _ = try folder.open(at: "tomorrow")
        #expect(try folder.authorized().keys.isEmpty)
    }

    @Test func `a coordinator's key that is gone is not replaced while others are let in`() throws {
        _ = try folder.open(at: "today")
        try folder.authorize(key("first"))
        let list = try String(contentsOfFile: folder.authorizedPath, encoding: .utf8)
        try FileManager.default.removeItem(atPath: folder.coordinatorPath)
        let error = #expect(throws: KeyError.self) { try folder.open(at: "tomorrow") }
        #expect(error?.exitCode == 66)
        #expect(try String(contentsOfFile: folder.authorizedPath, encoding: .utf8) == list)
    }

    @Test func `names and keys are authorized once`() throws {
        _ = try folder.open(at: "today")
        let first = try key("first")
        try folder.authorize(first)
        let path = folder.authorizedPath
        #expect(throws: KeyError.nameTaken(name: "first", path: path)) {
            try folder.authorize(key("first"))
        }
        let again = try AuthorizedKey(
            name: "second", role: .admin, publicKey: first.publicKey, since: "today")
        #expect(
            throws: KeyError.keyTaken(name: "first", fingerprint: first.publicKey.fingerprint)
        ) { try folder.authorize(again) }
        #expect(throws: KeyError.unknownName(name: "second", path: path)) {
            try folder.revoke("second")
        }
        #expect(try folder.authorized().keys.map(\.name) == ["admin", "first"])
    }

    @Test func `keys that are authorized at the same time are all kept`() async throws {
        _ = try folder.open(at: "today")
        let folder = folder
        try await withThrowingTaskGroup { group in
            for number in 0..<16 {
                let key = try key("k\(number)")
                group.addTask { try folder.authorize(key) }
            }
            try await group.waitForAll()
        }
        let expected = ["admin"] + (0..<16).map { "k\($0)" }
        #expect(try folder.authorized().keys.map(\.name).sorted() == expected.sorted())
    }

    @Test func `a list that others may write is refused, and one that they may read is not`() throws
    {
        _ = try folder.open(at: "today")
        let path = folder.authorizedPath
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(try folder.authorized().keys.count == 1)
        try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
        #expect(throws: KeyError.exposed(path: path, mode: 0o664)) { try folder.authorized() }
    }

    @Test func `a folder that others may write is refused`() throws {
        _ = try folder.open(at: "today")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o770], ofItemAtPath: folder.path)
        #expect(throws: KeyError.exposed(path: folder.path, mode: 0o770)) {
            try folder.open(at: "tomorrow")
        }
    }

    @Test(arguments: [
        "a worker KEY", "a worker KEY today more", "a boss KEY today", "a worker KE today",
        "a/b worker KEY today", "a worker KEY today\na worker KEY today",
    ])
    func `a bad line of the list is named by its number`(text: String) throws {
        let text = text.replacingOccurrences(of: "KEY", with: try key("x").publicKey.z85)
        let number = text.split(separator: "\n").count + 1
        let error = #expect(throws: KeyError.self) { try AuthorizedKeys("# c\n" + text, path: "p") }
        #expect("\(try #require(error))".hasPrefix("p:\(number): "))
    }

    @Test func `the list in force follows the file, and a slip changes nothing`() throws {
        _ = try folder.open(at: "today")
        let changes = Mutex<[AllowList.Change]>([])
        let list = try AllowList(path: folder.authorizedPath) { change in
            changes.withLock { $0.append(change) }
        }
        let worker = try key("worker")
        #expect(list.holder(of: worker.publicKey.z85) == nil)
        try folder.authorize(worker)
        list.refresh()
        #expect(list.holder(of: worker.publicKey.z85) == worker)
        let file = URL(filePath: folder.authorizedPath)
        try Data("worker worker\n".utf8).write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        list.refresh()
        list.refresh()
        #expect(list.holder(of: worker.publicKey.z85) == worker)
        try FileManager.default.removeItem(at: file)
        list.refresh()
        #expect(list.holder(of: worker.publicKey.z85) == nil)
        let refusal = KeyError.malformed(
            path: file.path, line: 1, complaint: "a line is: name, role, public key, date")
        #expect(
            changes.withLock(\.self) == [.read(count: 2), .refused(refusal), .read(count: 0)])
    }

    @Test func `keys for a moment are in no file`() throws {
        _ = try folder.open(at: "today")
        let list = try AllowList(path: folder.authorizedPath)
        let guest = try key("guest")
        list.admitTemporarily([guest])
        #expect(list.holder(of: guest.publicKey.z85) == guest)
        #expect(try folder.authorized().keys.count == 1)
        list.admitTemporarily([])
        #expect(list.holder(of: guest.publicKey.z85) == nil)
    }
}
