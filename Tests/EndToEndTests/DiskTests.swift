import Foundation
import Testing

@Suite("Disk", .serialized)
struct DiskTests {
    /// Long enough that the journal can lose its room in the middle of it.
    private static let spec = MainJobTests.spec(name: "disk", epochs: 60)

    /// The fingerprint of the same study when nothing stands in its way.
    private static let undisturbed = Result {
        let folder = try TemporaryFolder()
        let file = try folder.write(spec, to: "disk.yaml")
        let outcome = try Program.run(
            "hpcoord",
            ["run", file, "--workers", "2", "--data-dir", folder.path("data"), "--format", "json"])
        return try #require(decode(ReportDocument.self, outcome.output).study.fingerprint)
    }

    /// A limit of the file's size (EFBIG) stands for a full disk: it needs no rights, and SQLite
    /// reports it less clearly than a full disk.
    @Test func `a journal that may not grow stops the study and nothing else`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(2)
        let file = try cluster.folder.write(Self.spec, to: "disk.yaml")
        #expect(try cluster.command(["submit", file]).status == 0)
        try eventually("some trials are done and some run") {
            let progress = try cluster.status(of: "disk").progress
            return progress.done > 0 && progress.done < 20 && progress.running > 0
        }
        try cluster.limitCoordinatorFiles(toBytes: cluster.databaseLogBytes)
        try eventually("the coordinator says so") {
            try cluster.coordinatorLog.contains("there is no room for the journal")
        }
        let done = try cluster.status(of: "disk").progress.done
        let other = try cluster.folder.write(MainJobTests.spec(name: "other"), to: "other.yaml")
        for _ in 0..<3 {
            let outcome = try cluster.command(["submit", other])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("there is no room for the journal"))
        }
        #expect(try cluster.status(of: "disk").progress.done == done)
        #expect(try cluster.command(["status", "other"]).status == 66)

        try cluster.limitCoordinatorFiles(toBytes: nil)
        try cluster.waitUntilComplete("disk")
        let undisturbed = try Self.undisturbed.get()
        #expect(try cluster.fingerprint(of: "disk") == undisturbed)
        // What a new process reads is what this one said.
        try cluster.killCoordinatorAndRestart()
        #expect(try cluster.fingerprint(of: "disk") == undisturbed)
        #expect(try cluster.command(["audit", "disk"]).status == 0)
    }

    /// Where bytes are flipped in a stopped coordinator's database.
    enum Place: CaseIterable {
        case writeFormat, header, firstPage, middlePage, payload

        var byteCount: Int { self == .writeFormat ? 1 : 2 }

        func offset(in bytes: Data) throws -> Int {
            switch self {
            case .header, .writeFormat: return 18
            case .firstPage: return 104
            case .middlePage: return bytes.count / 4096 / 2 * 4096
            // The name of a stage, in a record's payload.
            case .payload:
                return try #require(bytes.range(of: Data("\u{12}\u{6}coarse".utf8))).lowerBound + 3
            }
        }
    }

    @Test(arguments: Place.allCases)
    func `a damaged journal is refused in one line and left as it is`(place: Place) throws {
        let folder = try TemporaryFolder()
        let spec = try folder.write(MainJobTests.spec(), to: "digits.yaml")
        let data = folder.path("data")
        #expect(try Program.run("hpcoord", ["run", spec, "--data-dir", data]).status == 0)
        let database = folder.url.appendingPathComponent("data/hpcoord.sqlite")
        var bytes = try Data(contentsOf: database)
        let offset = try place.offset(in: bytes)
        for index in offset..<(offset + place.byteCount) { bytes[index] ^= 0x55 }
        try bytes.write(to: database)

        let outcome = try Program.run(
            "hpcoord", ["serve", "--data-dir", data, "--bind", "tcp://127.0.0.1:*"])
        #expect(outcome.status == 65)
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("hpcoord.sqlite is damaged"))
        #expect(outcome.errors.contains("restore a backup"))
        #expect(try Data(contentsOf: database) == bytes)
    }

    /// The log holds what a killed coordinator committed last, and its database is damaged.
    @Test func `the log of a damaged journal is left as it is`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        let file = try cluster.folder.write(MainJobTests.spec(), to: "digits.yaml")
        #expect(try cluster.command(["submit", file, "--wait"]).status == 0)
        cluster.endCoordinator(SIGTERM)
        // Now all is in the database; a start and a kill leave the log with a record more.
        try cluster.restartCoordinator()
        cluster.endCoordinator(SIGKILL)
        let database = cluster.folder.url.appendingPathComponent("data/hpcoord.sqlite")
        let log = cluster.folder.url.appendingPathComponent("data/hpcoord.sqlite-wal")
        let logBytes = try Data(contentsOf: log)
        #expect(!logBytes.isEmpty)
        var bytes = try Data(contentsOf: database)
        let offset = try Place.payload.offset(in: bytes)
        bytes[offset] ^= 1
        try bytes.write(to: database)

        let outcome = try Program.run(
            "hpcoord",
            ["serve", "--data-dir", cluster.folder.path("data"), "--bind", "tcp://127.0.0.1:*"])
        #expect(outcome.status == 65)
        #expect(try Data(contentsOf: database) == bytes)
        #expect(try Data(contentsOf: log) == logBytes)
    }
}
