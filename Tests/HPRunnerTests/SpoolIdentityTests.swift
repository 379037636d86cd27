import Foundation
import HPRunner
import Testing

@Suite struct `A worker's identity` {
    let folder: SpoolFolder
    var root: String { folder.path + "/a/worker" }

    init() throws {
        folder = try SpoolFolder()
    }

    @Test func `is the same each time, and 32 hexadecimal digits`() throws {
        let first = try WorkerSlot(root: root)
        #expect(first.id.count == 32)
        #expect(first.id.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(first.directory == root + "/slot-0")
        #expect(first.name.hasSuffix("/slot-0"))
        #expect(!first.name.hasPrefix("/"))
        let id = first.id
        first.close()
        first.close()
        let second = try WorkerSlot(root: root)
        #expect(second.id == id)
        #expect(second.directory == root + "/slot-0")
    }

    @Test func `is held by one worker at a time`() throws {
        let first = try WorkerSlot(root: root)
        var second: WorkerSlot? = try WorkerSlot(root: root)
        let third = try WorkerSlot(root: root)
        let id = second?.id
        #expect(second?.directory == root + "/slot-1")
        #expect(third.directory == root + "/slot-2")
        #expect(Set([first.id, id, third.id]).count == 3)
        // The first free one is taken again, with the identity that it had.
        second = nil
        let fourth = try WorkerSlot(root: root)
        #expect(fourth.directory == root + "/slot-1")
        #expect(fourth.id == id)
    }

    @Test func `is taken once by many that start together`() async throws {
        let root = root
        let slots = try await withThrowingTaskGroup(of: WorkerSlot.self) { group in
            for _ in 0..<16 { group.addTask { try WorkerSlot(root: root) } }
            var slots: [WorkerSlot] = []
            for try await slot in group { slots.append(slot) }
            return slots
        }
        #expect(Set(slots.map(\.directory)).count == 16)
        #expect(Set(slots.map(\.id)).count == 16)
    }

    @Test func `lies in a private folder`() throws {
        let slot = try WorkerSlot(root: root)
        for path in [root, slot.directory] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let permissions = try #require(attributes[.posixPermissions] as? NSNumber)
            #expect(permissions.intValue == 0o700)
        }
    }

    @Test func `that is damaged is refused, and the folder is free again`() throws {
        let slot = try WorkerSlot(root: root)
        slot.close()
        try folder.write(Data("not an id\n".utf8), to: "a/worker/slot-0/worker-id")
        let path = slot.directory + "/worker-id"
        #expect(throws: SpoolError.badIdentity(path: path)) { try WorkerSlot(root: root) }
        try FileManager.default.removeItem(atPath: path)
        #expect(try WorkerSlot(root: root).directory == slot.directory)
    }

    @Test func `can't be had where no folder can be made`() throws {
        let error = #expect(throws: SpoolError.self) { try WorkerSlot(root: "/proc/worker") }
        #expect(error?.exitCode == 73)
        try folder.write(Data(), to: "file")
        let below = folder.path + "/file/worker"
        let second = #expect(throws: SpoolError.self) { try WorkerSlot(root: below) }
        #expect("\(try #require(second))".contains(folder.path + "/file"))
    }

    @Test func `lives below the state folder unless told otherwise`() {
        #expect(
            WorkerSlot.defaultRoot(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"])
                == "/s/hpcoord/worker")
        for ignored in [nil, "", "relative"] {
            var environment = ["HOME": "/h"]
            environment["XDG_STATE_HOME"] = ignored
            #expect(
                WorkerSlot.defaultRoot(environment: environment)
                    == "/h/.local/state/hpcoord/worker")
        }
    }
}
