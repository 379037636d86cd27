import Foundation
import HPCluster
import HPRunner
import Testing

@Suite struct `The spool` {
    let folder: SpoolFolder

    init() throws {
        folder = try SpoolFolder()
    }

    @Test func `keeps results across a restart, in order`() throws {
        let first = [sampleReport(1), sampleReport(2, epochs: 300)]
        let second = [sampleReport(3)]
        let spool = try Spool(directory: folder.path)
        #expect(try spool.pending() == [])
        try spool.store(first)
        try spool.store(second)
        #expect(try Spool(directory: folder.path).pending() == first + second)
    }

    @Test func `writes what finished together as one file`() throws {
        let spool = try Spool(directory: folder.path)
        try spool.store((1...8).map { sampleReport($0) })
        #expect(folder.names("results").count == 1)
        try spool.store([])
        #expect(folder.names("results").count == 1)
    }

    @Test func `drops a file with the last verdict on it`() throws {
        let spool = try Spool(directory: folder.path)
        let reports = (1...3).map { sampleReport($0) }
        try spool.store(reports)
        try spool.store([sampleReport(4)])
        try spool.remove([reports[0].lease, reports[2].lease])
        #expect(folder.names("results").count == 2)
        try spool.remove([reports[1].lease])
        #expect(folder.names("results").count == 1)
        #expect(try Spool(directory: folder.path).pending() == [sampleReport(4)])
        try spool.remove([reports[1].lease, Lease(study: 9, trial: 9, attempt: 9)])
        try spool.remove([sampleReport(4).lease])
        #expect(folder.names("results") == [])
    }

    @Test func `removes after a restart what an earlier process stored`() throws {
        try Spool(directory: folder.path).store([sampleReport(1), sampleReport(2)])
        let spool = try Spool(directory: folder.path)
        let pending = try spool.pending()
        try spool.store([sampleReport(3)])
        try spool.remove(pending.map(\.lease))
        #expect(try Spool(directory: folder.path).pending() == [sampleReport(3)])
    }

    @Test func `holds one copy of a result that is stored again`() throws {
        let spool = try Spool(directory: folder.path)
        try spool.store([sampleReport(1)])
        try spool.store([sampleReport(1, epochs: 2)])
        #expect(try Spool(directory: folder.path).pending() == [sampleReport(1, epochs: 2)])
        try spool.remove([sampleReport(1).lease])
        #expect(folder.names("results") == [])
    }

    @Test func `deletes what was being written when its process died`() throws {
        try Spool(directory: folder.path).store([sampleReport(1)])
        try folder.write(Data("half".utf8), to: "results/000000000002.results.tmp")
        let spool = try Spool(directory: folder.path)
        #expect(try spool.pending() == [sampleReport(1)])
        #expect(folder.names("results").count == 1)
        #expect(folder.names("corrupt") == [])
    }

    @Test(arguments: ["flipped", "cut", "empty"])
    func `sets a damaged file aside and goes on`(damage: String) throws {
        var spool = try Spool(directory: folder.path)
        try spool.store([sampleReport(1)])
        try spool.store([sampleReport(2)])
        let name = try #require(folder.names("results").first)
        var bytes = try #require(folder.contents("results/" + name))
        switch damage {
        case "flipped": bytes[bytes.count / 2] ^= 0x10
        case "cut": bytes.removeLast(bytes.count / 3)
        default: bytes = Data()
        }
        try folder.write(bytes, to: "results/" + name)

        spool = try Spool(directory: folder.path)
        var notices: [SpoolError] = []
        #expect(try spool.pending { notices.append($0) } == [sampleReport(2)])
        #expect(folder.contents("corrupt/" + name) == bytes)
        #expect(folder.names("results").count == 1)
        let notice = try #require(notices.first)
        #expect(notices.count == 1)
        #expect("\(notice)".contains(folder.path + "/corrupt/" + name))

        // Another file of that name doesn't replace the first.
        try folder.write(Data("other".utf8), to: "results/" + name)
        _ = try spool.pending()
        #expect(folder.contents("corrupt/" + name) == bytes)
        #expect(folder.contents("corrupt/" + name + ".2") == Data("other".utf8))
    }

    @Test func `leaves files alone that aren't its own`() throws {
        let spool = try Spool(directory: folder.path)
        try folder.write(Data("notes".utf8), to: "results/notes.txt")
        #expect(try spool.pending() == [])
        #expect(folder.contents("results/notes.txt") == Data("notes".utf8))
    }

    @Test func `says so when its folder is gone`() throws {
        let spool = try Spool(directory: folder.path)
        try FileManager.default.removeItem(atPath: folder.path + "/results")
        let error = #expect(throws: SpoolError.self) { try spool.store([sampleReport(1)]) }
        #expect(error?.exitCode == 73)
    }

    /// A limit on file sizes stands in for a full disk: it is the process's, so the test has one.
    @Test func `keeps nothing of what a full disk cut off`() async {
        await #expect(processExitsWith: .success) {
            let folder = try SpoolFolder()
            let spool = try Spool(directory: folder.path)
            try spool.store([sampleReport(1)])
            try limitFileSize(4096)
            let error = #expect(throws: SpoolError.self) {
                try spool.store([sampleReport(2, epochs: 500)])
            }
            guard case .full = error else { exit(2) }
            guard folder.names("results").count == 1 else { exit(3) }
            try limitFileSize(nil)
            try spool.store([sampleReport(2, epochs: 500)])
            let pending = try Spool(directory: folder.path).pending()
            guard pending == [sampleReport(1), sampleReport(2, epochs: 500)] else { exit(4) }
        }
    }
}

/// Makes writes of this process fail beyond so many bytes of a file; nil for no limit.
private func limitFileSize(_ bytes: UInt?) throws {
    signal(SIGXFSZ, SIG_IGN)
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    var limit = rlimit()
    try #require(getrlimit(resource, &limit) == 0)
    limit.rlim_cur = bytes.map { rlim_t($0) } ?? limit.rlim_max
    try #require(setrlimit(resource, &limit) == 0)
}
