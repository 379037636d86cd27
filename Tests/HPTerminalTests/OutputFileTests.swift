import Foundation
import HPTerminal
import Testing

@Suite("Files that documents go to")
struct OutputFileTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "hpterminal-test-\(UUID().uuidString)"

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func file(_ name: String) -> String { path + "/" + name }

        var names: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }
    }

    private let folder: Folder

    init() throws { folder = try Folder() }

    private func save(_ text: String, _ name: String) throws {
        try OutputFile(path: folder.file(name)).write(Array(text.utf8))
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }

    @Test func `a file is made, and replaced with its mode`() throws {
        try save("one", "a")
        chmod(folder.file("a"), 0o640)
        try save("two", "a")
        #expect(try text("a") == "two")
        #expect(mode(folder.file("a")) & 0o777 == 0o640)
        #expect(folder.names == ["a"])
    }

    @Test(arguments: ["there", "missing"])
    func `a link stays one, and what it leads to is written`(target: String) throws {
        try save("old", "there")
        symlink(target, folder.file("first"))
        symlink(folder.file("first"), folder.file("second"))
        try OutputFile(path: folder.file("second")).check()
        try save("new", "second")
        #expect(try text(target) == "new")
        #expect(mode(folder.file("first")) & S_IFMT == S_IFLNK)
        #expect(mode(folder.file("second")) & S_IFMT == S_IFLNK)
    }

    @Test func `a pipe with a name is written to, and stays one`() throws {
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        // A reader, so that opening for writing doesn't wait.
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try save("a document", "pipe")
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &buffer, buffer.count)
        #expect(String(decoding: buffer[..<max(0, count)], as: UTF8.self) == "a document")
        #expect(mode(path) & S_IFMT == S_IFIFO)
    }

    @Test func `a device is written to, and stays one`() throws {
        try OutputFile(path: "/dev/null").write(Array("a document".utf8))
        #expect(mode("/dev/null") & S_IFMT == S_IFCHR)
        #expect(throws: TerminalError.unwritten(target: "/dev/full", code: ENOSPC)) {
            try OutputFile(path: "/dev/full").write(Array("a document".utf8))
        }
    }

    @Test(arguments: [
        ("", "give the path of a file"), (".", "it is a folder"),
        ("nowhere/a", "there is no folder"), ("file/a", "Not a directory"),
        (String(repeating: "a", count: 300), "File name too long"),
    ])
    func `what can't be written to is known before`(name: String, reason: String) throws {
        try save("a file", "file")
        let path = name.isEmpty ? "" : folder.file(name)
        let error = try #require(throws: TerminalError.self) {
            try OutputFile(path: path).check()
        }
        #expect(error.description.contains(reason), "\(error)")
        #expect(error.exitCode == 73)
        #expect(throws: error) { try OutputFile(path: path).write([1]) }
        #expect(folder.names == ["file"])
    }

    @Test func `looking leaves nothing behind`() throws {
        try OutputFile(path: folder.file("a")).check()
        try OutputFolder(path: folder.file("b/c/d")).check()
        #expect(folder.names == [])
    }

    @Test func `a folder can't be made below a file`() throws {
        try save("a file", "file")
        #expect(throws: TerminalError.self) {
            try OutputFolder(path: folder.file("file")).check()
        }
        #expect(throws: TerminalError.self) {
            try OutputFolder(path: folder.file("file/figures")).check()
        }
        try OutputFolder(path: folder.path).check()
    }
}
