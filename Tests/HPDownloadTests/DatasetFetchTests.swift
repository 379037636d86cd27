import DataTesting
import Foundation
import HPNet
import Testing

@testable import HPDownload

@Suite("Fetching a data set", .timeLimit(.minutes(2)))
struct DatasetFetchTests {
    /// Three records in each batch: some 50 KB that noise keeps from shrinking.
    static let archiveBytes = SmallCIFAR10.archive(recordCount: 3)
    static let files = SmallCIFAR10.files(recordCount: 3)

    /// A server that has the archive, and a folder to fetch it to.
    final class Fixture {
        let server: LocalServer
        let folder: TemporaryFolder
        var archive: DatasetArchive

        init(_ content: [UInt8], _ folder: TemporaryFolder) throws {
            server = try LocalServer(LocalServer.Behavior(content: content))
            self.folder = folder
            archive = DatasetArchive(
                name: "small.tar.gz", url: server.url, byteCount: content.count,
                sha256: sha256(content), folder: SmallCIFAR10.folder,
                files: files.map { .init(name: $0.name, byteCount: $0.content.count) })
        }

        var part: String { folder.path + "/to/small.tar.gz.part" }
        var target: String { folder.path + "/to/" + SmallCIFAR10.folder }

        func fetch() throws(DownloadError) -> Bool {
            try DatasetFetch(archive, to: folder.path + "/to").run()
        }

        func expectFetched() throws {
            let wasThere = try fetch()
            #expect(!wasThere)
        }

        /// The error of a fetch that must fail and leave nothing under the final name.
        func failure() -> DownloadError? {
            let error = #expect(throws: DownloadError.self) { try fetch() }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(error?.description.contains { $0.isNewline } == false)
            return error
        }

        func plantPart(_ bytes: some Sequence<UInt8>) throws {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/to", withIntermediateDirectories: true)
            try Data(Array(bytes)).write(to: URL(filePath: part))
        }

        var partByteCount: Int? { FileManager.default.contents(atPath: part)?.count }

        /// Whether all files are there as they should be, and nothing else.
        func expectComplete() throws {
            for file in files {
                let content = try Data(contentsOf: URL(filePath: target + "/" + file.name))
                #expect([UInt8](content) == file.content)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/to")
            #expect(left == [SmallCIFAR10.folder])
        }
    }

    static func with(
        _ content: [UInt8] = archiveBytes, _ body: (Fixture) throws -> Void
    ) throws {
        try TemporaryFolder.with { folder in
            let fixture = try Fixture(content, folder)
            defer { fixture.server.stop() }
            try body(fixture)
        }
    }

    @Test func `a fresh fetch unpacks all files, the next finds them there`() throws {
        try Self.with { fixture in
            try fixture.expectFetched()
            try fixture.expectComplete()
            #expect(try fixture.fetch() == true)
            #expect(fixture.server.requests.count == 1)
            #expect(try Dataset.cifar10(directory: fixture.target).count == 15)
        }
    }

    @Test func `progress is told in order and ends with all bytes`() throws {
        try Self.with { fixture in
            var seen: [FetchProgress] = []
            let fetch = DatasetFetch(fixture.archive, to: fixture.folder.path + "/to") {
                seen.append($0)
            }
            _ = try fetch.run()
            let all = fixture.archive.byteCount
            #expect(seen.contains(.downloading(byteCount: all, startByteCount: 0)))
            #expect(seen.contains(.verifying(byteCount: all)))
            #expect(seen.last == .unpacking)
        }
    }

    @Test func `a server that dies midway leaves what came, and the next fetch goes on`() throws {
        try Self.with { fixture in
            fixture.server.behave { $0.closesAfter = 20_000 }
            let error = fixture.failure()
            #expect(error?.exitCode == 66)
            #expect(error?.description.contains("after 20000 of") == true)
            #expect(error?.description.contains("goes on from there") == true)
            #expect(fixture.partByteCount == 20_000)
            #expect(fixture.failure() != nil)
            #expect(fixture.partByteCount == 40_000)
            fixture.server.behave { $0.closesAfter = nil }
            try fixture.expectFetched()
            try fixture.expectComplete()
            let requests = fixture.server.requests
            #expect(requests.map { $0["range"] } == [nil, "bytes=20000-", "bytes=40000-"])
            #expect(requests.map { $0["if-range"] } == [nil, "\"one\"", "\"one\""])
        }
    }

    @Test func `without an announced length an early end is still no end`() throws {
        try Self.with { fixture in
            fixture.server.behave {
                $0.closesAfter = 30_000
                $0.announcesLength = false
            }
            #expect(fixture.failure()?.exitCode == 66)
            #expect(fixture.partByteCount == 30_000)
        }
    }

    @Test func `a server that ignores ranges sends everything anew`() throws {
        try Self.with { fixture in
            try fixture.plantPart(Self.archiveBytes.prefix(10_000))
            fixture.server.behave { $0.honorsRanges = false }
            try fixture.expectFetched()
            try fixture.expectComplete()
            #expect(fixture.server.requests.map { $0["range"] } == ["bytes=10000-"])
        }
    }

    @Test func `a file that changed on the server is fetched anew`() throws {
        try Self.with { fixture in
            fixture.server.behave {
                $0.content[0] ^= 1
                $0.tag = "\"old\""
                $0.closesAfter = 20_000
            }
            #expect(fixture.failure()?.exitCode == 66)
            fixture.server.behave { $0 = LocalServer.Behavior(content: Self.archiveBytes) }
            try fixture.expectFetched()
            try fixture.expectComplete()
            #expect(fixture.server.requests.last?["if-range"] == "\"old\"")
        }
    }

    @Test func `a weak tag is not asked by`() throws {
        try Self.with { fixture in
            fixture.server.behave {
                $0.tag = "W/\"one\""
                $0.closesAfter = 20_000
            }
            #expect(fixture.failure()?.exitCode == 66)
            fixture.server.behave { $0.closesAfter = nil }
            try fixture.expectFetched()
            #expect(fixture.server.requests.map { $0["if-range"] } == [nil, nil])
        }
    }

    @Test func `a resumed file of other content is fetched anew, once`() throws {
        try Self.with { fixture in
            try fixture.plantPart([UInt8](repeating: 9, count: 10_000))
            try fixture.expectFetched()
            try fixture.expectComplete()
            #expect(fixture.server.requests.map { $0["range"] } == ["bytes=10000-", nil])
        }
    }

    @Test func `a range that is not what was asked for starts over`() throws {
        try Self.with { fixture in
            try fixture.plantPart(Self.archiveBytes.prefix(10_000))
            fixture.server.behave { $0.rangeShift = 1 }
            try fixture.expectFetched()
            try fixture.expectComplete()
        }
    }

    @Test func `a range that the server has not starts over`() throws {
        try Self.with { fixture in
            try fixture.plantPart(Self.archiveBytes.prefix(10_000))
            fixture.server.behave { $0.content = Array(Self.archiveBytes.prefix(9000)) }
            let error = fixture.failure()
            #expect(fixture.server.requests.map { $0["range"] } == ["bytes=10000-", nil])
            #expect(error?.exitCode == 65)
            #expect(error?.description.contains("it has 9000 bytes, the archive has") == true)
        }
    }

    @Test func `all that came before an unpacking that was killed is used`() throws {
        try Self.with { fixture in
            try fixture.plantPart(Self.archiveBytes)
            let temporary = fixture.folder.path + "/to/.\(SmallCIFAR10.folder).unpacking"
            try FileManager.default.createDirectory(
                atPath: temporary, withIntermediateDirectories: false)
            try Data([1]).write(to: URL(filePath: temporary + "/data_batch_1.bin"))
            try fixture.expectFetched()
            try fixture.expectComplete()
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test func `a part that is longer than the archive is thrown away`() throws {
        try Self.with { fixture in
            try fixture.plantPart(Self.archiveBytes + [0])
            try fixture.expectFetched()
            try fixture.expectComplete()
        }
    }

    @Test func `a wrong checksum is refused, nothing is unpacked and nothing kept`() throws {
        try Self.with { fixture in
            fixture.server.behave { $0.content[30_000] ^= 1 }
            let error = fixture.failure()
            #expect(error?.exitCode == 65)
            #expect(error?.description.contains("has not the archive's SHA-256") == true)
            #expect(fixture.partByteCount == 0)
        }
    }

    @Test(arguments: [true, false])
    func `more bytes than the archive has are refused`(_ announced: Bool) throws {
        try Self.with { fixture in
            fixture.server.behave {
                $0.content += [UInt8](repeating: 0, count: 100_000)
                $0.announcesLength = announced
            }
            #expect(fixture.failure()?.exitCode == 65)
        }
    }

    @Test(arguments: [404, 403, 500, 503])
    func `an error of the server is told`(_ status: Int) throws {
        try Self.with { fixture in
            fixture.server.behave { $0.status = status }
            let error = fixture.failure()
            #expect(error?.exitCode == 66)
            #expect(error?.description.contains("answers \(status)") == true)
            #expect(fixture.partByteCount == 0)
        }
    }

    @Test func `a redirection is followed`() throws {
        try Self.with { fixture in
            fixture.server.behave { $0.redirects = true }
            try fixture.expectFetched()
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func `a server that is not there, and schemes that are none, are told`() throws {
        try Self.with { fixture in
            fixture.server.stop()
            #expect(fixture.failure()?.exitCode == 66)
            for url in ["file:///etc/passwd", "nonsense://x", "", "http://"] {
                fixture.archive.url = url
                #expect(fixture.failure()?.exitCode == 66)
            }
        }
    }

    @Test func `a folder that is not the whole data set is left alone`() throws {
        try Self.with { fixture in
            try fixture.expectFetched()
            try Data([1]).write(to: URL(filePath: fixture.target + "/data_batch_2.bin"))
            let error = #expect(throws: DownloadError.self) { try fixture.fetch() }
            #expect(error?.exitCode == 65)
            #expect(error?.description.contains("its data_batch_2.bin has 1 bytes") == true)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func `a second process fetching to the same folder is refused`() throws {
        try Self.with { fixture in
            try fixture.plantPart([])
            let other = try PartFile(fixture.part)
            #expect(fixture.failure() == .taken(path: fixture.part))
            withExtendedLifetime(other) {}
        }
    }

    struct BadArchive: Sendable, CustomTestStringConvertible {
        var content: [UInt8]
        var says: String

        var testDescription: String { says }

        init(says: String, _ build: (inout TarBuilder) -> Void) {
            var tar = TarBuilder()
            build(&tar)
            content = gzip(tar.archive)
            self.says = says
        }
    }

    @Test(arguments: [
        BadArchive(says: "its entry `/etc/x` is no file in cifar") { $0.add("/etc/x") },
        BadArchive(says: "its entry `../x` is no file in cifar") { $0.add("../x") },
        BadArchive(says: "its entry `cifar-10-batches-bin/..` is no") {
            $0.add("cifar-10-batches-bin/..")
        },
        BadArchive(says: "its entry `cifar-10-batches-bin/../x` is no") {
            $0.add("cifar-10-batches-bin/../x")
        },
        BadArchive(says: "its entry `cifar-10-batches-bin/a/b` is no") {
            $0.add("cifar-10-batches-bin/a/b")
        },
        BadArchive(says: "its entry `cifar-10-batches-bin/` is no") {
            $0.add("cifar-10-batches-bin/")
        },
        BadArchive(says: "its entry `other/` is no file") { $0.add("other/", kind: "5") },
        BadArchive(says: "the entry at byte 0 is neither") {
            $0.add("cifar-10-batches-bin/x", kind: "2")
        },
        BadArchive(says: "it has no data_batch_1.bin") { $0.add("cifar-10-batches-bin/x") },
        BadArchive(says: "it has x twice") {
            $0.add("cifar-10-batches-bin/x")
            $0.add("cifar-10-batches-bin/x")
        },
        BadArchive(says: "it unpacks to more than") {
            $0.add("cifar-10-batches-bin/x", byteCount: 1 << 31)
        },
    ])
    func `an archive that is not of the data set's form is not unpacked`(
        _ bad: BadArchive
    ) throws {
        try Self.with(bad.content) { fixture in
            let error = fixture.failure()
            #expect(error?.exitCode == 65)
            #expect(error?.description.contains(bad.says) == true, "\(String(describing: error))")
            let left = try FileManager.default.contentsOfDirectory(
                atPath: fixture.folder.path + "/to")
            #expect(left.filter { !$0.hasPrefix("small.tar.gz.part") } == [])
        }
    }

    @Test func `the official archive is the published one`() {
        let archive = DatasetArchive.cifar10
        #expect(archive.byteCount == 170_052_171)
        #expect(archive.sha256.hasPrefix("c4a38c50a1bc5f3a") && archive.sha256.count == 64)
        #expect(archive.files.map(\.byteCount) == Array(repeating: 30_730_000, count: 6))
    }
}
