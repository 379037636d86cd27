import DataTesting
import Foundation
import HPDownload
import HPNet
import Testing

@Suite("tar")
struct TarReaderTests {
    /// A source in memory.
    private final class Bytes: ByteSource {
        let path = "archive"
        private var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) {
            rest = bytes[...]
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetError) -> Int {
            let part = rest.prefix(buffer.count)
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
    }

    private func entries(_ archive: [UInt8]) throws -> [(String, [UInt8])] {
        var tar = TarReader(Bytes(archive))
        var entries: [(String, [UInt8])] = []
        while let entry = try tar.next() {
            var content: [UInt8] = []
            while true {
                let bytes = try tar.read(upTo: 100)
                if bytes.isEmpty { break }
                content += bytes
            }
            #expect(content.count == entry.byteCount)
            entries.append((entry.path, content))
        }
        return entries
    }

    @Test func `files of every length and folders are read`() throws {
        var tar = TarBuilder()
        tar.add("a/", kind: "5")
        let sizes = [0, 1, 511, 512, 513, 5000]
        for size in sizes {
            tar.add("a/\(size)", [UInt8](repeating: UInt8(size % 251), count: size))
        }
        let entries = try entries(tar.archive)
        #expect(entries.map(\.0) == ["a/"] + sizes.map { "a/\($0)" })
        #expect(entries.dropFirst().map(\.1.count) == sizes)
        #expect(entries.allSatisfy { entry in entry.1.allSatisfy { $0 == entry.1.first } })
    }

    @Test func `content that is not read is passed over`() throws {
        var builder = TarBuilder()
        builder.add("first", [UInt8](repeating: 1, count: 70_000))
        builder.add("second", [2])
        var tar = TarReader(Bytes(builder.archive))
        #expect(try tar.next()?.path == "first")
        #expect(try tar.next()?.path == "second")
        #expect(try tar.read(upTo: 10) == [2])
        #expect(try tar.next() == nil)
    }

    @Test func `what the system's tar writes is read`() throws {
        try TemporaryFolder.with { folder in
            try FileManager.default.createDirectory(
                atPath: folder.path + "/data", withIntermediateDirectories: false)
            let long = String(repeating: "n", count: 90)
            _ = try folder.write("data/\(long)", Array("long".utf8))
            _ = try folder.write("data/b", [UInt8](repeating: 7, count: 1000))
            for format in ["gnu", "ustar", "pax"] {
                let process = Process()
                process.executableURL = URL(filePath: "/bin/tar")
                process.arguments = [
                    "--format=\(format)", "--sort=name", "-C", folder.path, "-cf",
                    folder.path + "/archive.tar", "data",
                ]
                try process.run()
                process.waitUntilExit()
                let archive = try Data(contentsOf: URL(filePath: folder.path + "/archive.tar"))
                let entries = try entries([UInt8](archive))
                #expect(entries.map(\.0) == ["data/", "data/b", "data/\(long)"], "\(format)")
                #expect(entries.last?.1 == Array("long".utf8))
            }
        }
    }

    @Test(arguments: ["1", "2", "3", "4", "6", "L", "K", "S"] as [Character])
    func `links, devices and whatever else are refused`(_ kind: Character) throws {
        var tar = TarBuilder()
        tar.add("fine", [1])
        tar.add("a", kind: kind)
        let error = #expect(throws: NetError.self) { try entries(tar.archive) }
        #expect(error?.description.contains("entry at byte 1024 is neither a file nor a") == true)
    }

    @Test func `extended headers are passed over unless they change an entry`() throws {
        var tar = TarBuilder()
        tar.add("x", Array("20 mtime=1244000000\n".utf8), kind: "x")
        tar.add("a", [1])
        #expect(try entries(tar.archive).map(\.0) == ["a"])
        tar.add("x", Array("19 path=../../etc/x\n".utf8), kind: "x")
        tar.add("b", [1])
        let error = #expect(throws: NetError.self) { try entries(tar.archive) }
        #expect(error?.description.contains("extended header at byte 2048 changes") == true)
    }

    @Test func `damage is found with its byte`() throws {
        var tar = TarBuilder()
        tar.add("a", [UInt8](repeating: 1, count: 600))
        let archive = tar.archive
        for place in [0, 110, 130, 150, 300] {
            var damaged = archive
            damaged[place] ^= 1
            let error = #expect(throws: NetError.self) { try entries(damaged) }
            #expect(error?.description.contains("the header at byte 0 is damaged") == true)
        }
        for count in [0, 100, 512, 700, 1111, 1536] {
            let error = #expect(throws: NetError.self) { try entries(Array(archive.prefix(count))) }
            #expect(error?.description.contains("archive ends at byte \(count)") == true)
        }
        var endless = TarBuilder()
        endless.add("a", [1], byteCount: 0o777_7777_7777)
        #expect(throws: NetError.self) { try entries(endless.archive) }
    }
}
