import Foundation
import Testing

@testable import HPKeys

@Suite("Key files")
struct KeyFileTests {
    private let folder: TemporaryFolder
    private let pair: KeyPair
    private let coordinator: PublicKey

    init() throws {
        folder = try TemporaryFolder()
        pair = try KeyPair.generate()
        coordinator = try KeyPair.generate().publicKey
    }

    private func write(_ text: String, mode: Int = 0o600) throws -> String {
        let path = folder.path("some.key")
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func `what is created is read again and is private`() throws {
        let path = folder.path("new.key")
        try KeyFile.create(path, pair: pair, coordinator: coordinator, comment: "a comment")
        let key = try ClientKey(reading: path)
        #expect(key.pair.secret == pair.secret)
        #expect(key.pair.publicKey == pair.publicKey)
        #expect(key.coordinator == coordinator)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(throws: KeyError.alreadyThere(path: path)) {
            try KeyFile.create(path, pair: pair, coordinator: nil, comment: "another")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names == ["new.key"])
    }

    @Test func `lines may be in any order, with comments, blank lines and carriage returns`() throws
    {
        let path = try write(
            "# c\r\n\r\ncoordinator-key \(coordinator.z85)\r\n#secret-key x\nsecret-key "
                + pair.secretZ85)
        let key = try ClientKey(reading: path)
        #expect(key.coordinator == coordinator)
        #expect(key.pair.publicKey == pair.publicKey)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o666, 0o644, 0o777, 0o601])
    func `a secret that others can get at is refused`(mode: Int) throws {
        let text = KeyFile.text(pair: pair, coordinator: coordinator, comment: "c")
        let path = try write(text, mode: mode)
        #expect(throws: KeyError.exposed(path: path, mode: UInt16(mode))) {
            try KeyFile(reading: path)
        }
        #expect("\(KeyError.exposed(path: path, mode: UInt16(mode)))".contains("chmod"))
    }

    @Test func `what is not there, no file or endless is refused`() throws {
        let missing = folder.path("missing.key")
        #expect(throws: KeyError.missing(path: missing)) { try KeyFile(reading: missing) }
        #expect(throws: KeyError.self) { try KeyFile(reading: folder.url.path) }
        #expect(throws: KeyError.self) { try KeyFile(reading: "/dev/zero") }
    }

    @Test func `a key without its coordinator's says what to do`() throws {
        let path = try write("secret-key \(pair.secretZ85)\n")
        #expect(throws: KeyError.coordinatorUnknown(path: path)) { try ClientKey(reading: path) }
        #expect(try KeyFile(reading: path).pair.publicKey == pair.publicKey)
    }

    @Test func `a bad line is named by its number, and its words are not repeated`() throws {
        let secret = pair.secretZ85
        let texts: [(line: Int, text: String)] = [
            (1, ""), (1, "# only a comment\n"), (2, "# c\nsecret-key\n"),
            (1, "secret-key \(secret.dropLast())\n"), (1, "secret-key \(secret)0\n"),
            (1, "secret-key \(secret) \(secret)\n"), (1, "secret \(secret)\n"),
            (1, "\(secret)\n"), (2, "secret-key \(secret)\nsecret-key \(secret)\n"),
            (2, "secret-key \(secret)\ncoordinator-key \(secret.dropFirst())\n"),
            (1, "secret-key \(secret.dropLast())\"\n"), (1, "secret-key\t\(secret)\n"),
            (1, "secret-key \u{FEFF}\(secret)\n"), (3, "secret-key \(secret)\n\ncoordinator-key"),
        ]
        for (line, text) in texts {
            let path = try write(text)
            let error = #expect(throws: KeyError.self, "\(text)") { try KeyFile(reading: path) }
            guard case .malformed(path, line, _) = error else {
                Issue.record("\(text): \(String(describing: error))")
                continue
            }
            let message = "\(try #require(error))"
            #expect(message.hasPrefix("\(path):\(line): "))
            #expect(!message.contains(secret.prefix(10)))
            #expect(!message.contains("\n"))
        }
    }

    @Test func `mutated files are read or refused, never worse`() throws {
        let text = Array(
            KeyFile.text(pair: pair, coordinator: coordinator, comment: "c").utf8)
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0...next(3) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(UInt8(next(256)), at: next(bytes.count))
                }
            }
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            do throws(KeyError) {
                let file = try KeyFile(text, path: "p")
                #expect(file.pair.secret.count == 32)
            } catch {
                #expect("\(error)".hasPrefix("p:"))
                #expect(!"\(error)".contains(pair.secretZ85.prefix(10)))
            }
        }
    }
}

/// A folder of its own for each test, removed at the end.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hpcoord-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
