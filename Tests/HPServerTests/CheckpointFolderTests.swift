import Foundation
import HPCluster
import HPServer
import Synchronization
import Testing

@Suite("Checkpoints beside the journal")
final class CheckpointFolderTests {
    private let path: String
    private var folder: CheckpointFolder
    private let session = SessionID([1])

    init() {
        path = NSTemporaryDirectory() + "hpcoord-test-\(UUID().uuidString)"
        folder = CheckpointFolder(path: path) { 1 << 40 }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    private func header(
        _ trial: Int = 42, epoch: Int = 5, byteCount: Int = 6, attempt: Int = 1
    ) -> CheckpointHeader {
        CheckpointHeader(
            lease: Lease(study: 3, trial: trial, attempt: attempt), epoch: epoch, value: 0.531,
            byteCount: byteCount)
    }

    /// Bytes of what is there after a part; nil when it was refused.
    private func write(_ header: CheckpointHeader, _ offset: Int, _ bytes: [UInt8]) -> Int? {
        let part = CheckpointPart(header: header, offset: offset, bytes: bytes)
        switch folder.perform(.write(part, from: session)) {
        case .received(header, let byteCount, session): return byteCount
        case .notWritten(header, _, session): return nil
        case let other:
            Issue.record("\(String(describing: other))")
            return nil
        }
    }

    private func read(_ trial: Int = 42, _ offset: Int = 0, count: Int = 100) -> [UInt8]? {
        let lease = Lease(study: 3, trial: trial, attempt: 9)
        let order = CheckpointOrder.read(
            CheckpointRequest(lease: lease, offset: offset), byteCount: count, to: session)
        guard case .given(let part, session)? = folder.perform(order) else { return nil }
        #expect(part.header.lease == lease && part.offset == offset)
        return part.bytes
    }

    /// Of all folders, below the one of all checkpoints.
    private var files: [String] {
        FileManager.default.subpaths(atPath: path)?.filter { $0.contains("/") }.sorted() ?? []
    }

    /// As a new process finds it.
    private func reopen() -> [CheckpointFile] {
        folder = CheckpointFolder(path: path) { 1 << 40 }
        guard case .listed(let files) = folder.perform(.list) else { return [] }
        return files
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    private static let name = "study-3/trial-0042_epoch-05_val-0.5310.checkpoint"

    @Test func `parts become a file with the lecture's name, for its owner alone`() throws {
        #expect(write(header(), 0, [1, 2]) == 2)
        #expect(files == ["study-3/trial-0042.part"])
        #expect(read() == nil)
        #expect(write(header(), 2, [3, 4]) == 4)
        #expect(write(header(), 4, [5, 6]) == 6)
        #expect(files == [Self.name])
        #expect(read() == [1, 2, 3, 4, 5, 6])
        #expect(read(42, 4) == [5, 6])
        #expect(read(42, 1, count: 2) == [2, 3])
        for (name, mode) in [("", 0o700), ("/study-3", 0o700), ("/" + Self.name, 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + name)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
        }
    }

    @Test func `late, early and doubled parts are answered with what is there`() {
        #expect(write(header(), 2, [3, 4]) == 0)
        #expect(files.isEmpty)
        #expect(write(header(), 0, [1, 2]) == 2)
        #expect(write(header(), 4, [5, 6]) == 2)
        #expect(write(header(), 2, [3, 4]) == 4)
        #expect(write(header(), 0, [9, 9]) == 4)
        #expect(write(header(), 2, [9, 9]) == 4)
        #expect(write(header(), 4, [5, 6]) == 6)
        #expect(write(header(), 4, [9, 9]) == 6)
        #expect(write(header(), 0, [9, 9]) == 6)
        #expect(read() == [1, 2, 3, 4, 5, 6])
    }

    @Test func `the newest whole one replaces the former, an unfinished one doesn't`() {
        #expect(write(header(), 0, [1, 2, 3, 4, 5, 6]) == 6)
        let next = header(epoch: 6, byteCount: 2)
        #expect(write(next, 0, [7]) == 1)
        #expect(read() == [1, 2, 3, 4, 5, 6])
        #expect(write(next, 1, [8]) == 2)
        #expect(read() == [7, 8])
        #expect(files == ["study-3/trial-0042_epoch-06_val-0.5310.checkpoint"])
        // Another attempt that began anew.
        #expect(write(header(epoch: 1, byteCount: 1, attempt: 2), 0, [9]) == 1)
        #expect(files.count == 1)
        #expect(read() == [9])
    }

    @Test func `a crash between parts leaves the former one and no rest`() {
        #expect(write(header(), 0, [1, 2, 3, 4, 5, 6]) == 6)
        #expect(write(header(epoch: 6), 0, [1, 2]) == 2)
        #expect(write(header(7), 0, [1, 2]) == 2)
        #expect(files.count == 3)
        #expect(reopen() == [.init(study: 3, trial: 42, epoch: 5, byteCount: 6)])
        #expect(files == [Self.name])
        // The upload can't go on where this process never was.
        #expect(write(header(epoch: 6), 2, [3, 4]) == 0)
        #expect(read() == [1, 2, 3, 4, 5, 6])
    }

    @Test func `a crash between the new and the former one leaves the later epoch`() throws {
        try put([1], "study-3/trial-0042_epoch-05_val-0.5310.checkpoint")
        try put([1, 2], "study-3/trial-0042_epoch-06_val-0.5000.checkpoint")
        try put([], "study-3/trial-0043_epoch-06_val-0.5000.checkpoint")
        #expect(reopen() == [.init(study: 3, trial: 42, epoch: 6, byteCount: 2)])
        #expect(files == ["study-3/trial-0042_epoch-06_val-0.5000.checkpoint"])
    }

    @Test(arguments: [
        "study-3/notes.txt", "study-3/trial-42_epoch-05_val-0.5310.checkpoint",
        "study-3/trial-0042_epoch-5_val-0.5310.checkpoint",
        "study-3/trial-0042_epoch-05_val-0.53.checkpoint",
        "study-3/trial-0042_epoch-05_val-0.5310.checkpoint.old",
        "study-3/trial-0042_epoch-05_x_val-0.5310.checkpoint",
        "study-3/trial-0000_epoch-05_val-0.5310.checkpoint",
        "study-03/trial-0042_epoch-05_val-0.5310.checkpoint",
        "study-0/trial-0042_epoch-05_val-0.5310.checkpoint",
        "other/trial-0042_epoch-05_val-0.5310.checkpoint",
    ])
    func `files of other names are somebody else's`(name: String) throws {
        try put([1], name)
        #expect(reopen().isEmpty)
        #expect(files == [name])
    }

    @Test func `a link isn't followed, neither to read nor to write`() throws {
        let outside = NSTemporaryDirectory() + "hpcoord-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try Data([1]).write(to: URL(fileURLWithPath: outside))
        try put([1], Self.name)
        for name in [Self.name, "study-3/trial-0043.part"] {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(name)", withDestinationPath: outside)
        }
        #expect(write(header(43), 0, [9, 9]) == nil)
        #expect(reopen().isEmpty)
        #expect(try Data(contentsOf: URL(fileURLWithPath: outside)) == Data([1]))
    }

    @Test func `what the journal needs of the disk isn't taken`() {
        let free = Mutex(1000)
        folder = CheckpointFolder(path: path, reservedByteCount: 995) {
            free.withLock { $0 }
        }
        #expect(write(header(byteCount: 6), 0, [1]) == nil)
        #expect(files.isEmpty)
        #expect(write(header(byteCount: 5), 0, [1]) == 1)
    }

    @Test func `uploads side by side leave the journal its room`() {
        let path = path
        let used: @Sendable () -> Int = {
            let manager = FileManager.default
            let names = (manager.subpaths(atPath: path) ?? []).filter { $0.contains("/") }
            return names.map { name in
                let attributes = try? manager.attributesOfItem(atPath: path + "/" + name)
                return attributes?[.size] as? Int ?? 0
            }.reduce(0, +)
        }
        folder = CheckpointFolder(path: path, reservedByteCount: 500) { 1000 - used() }
        for (offset, count) in [(0, 10), (10, 190)] {
            let bytes = [UInt8](repeating: 1, count: count)
            for trial in 1...4 {
                let end = write(header(trial, byteCount: 200), offset, bytes)
                #expect(end ?? 0 == (trial <= 2 ? offset + count : 0), "\(trial)")
            }
        }
        #expect(used() == 400)
        // What is whole or gone announces nothing.
        #expect(write(header(5, byteCount: 100), 0, [1]) == 1)
    }

    @Test func `all go when the journal needs the room, those of former processes, too`() throws {
        #expect(write(header(), 0, [1, 2, 3, 4, 5, 6]) == 6)
        #expect(write(header(43), 0, [1]) == 1)
        try put([1, 2, 3], "study-4/trial-0001_epoch-05_val-0.5310.checkpoint")
        try put([1], "study-4/notes.txt")
        #expect(folder.perform(.removeAll) == nil)
        #expect(files == ["study-4/notes.txt"])
        #expect(read() == nil)
        #expect(write(header(), 0, [1, 2, 3, 4, 5, 6]) == 6)
    }

    @Test func `a folder that can't be written costs the checkpoint, and says why`() throws {
        try Data().write(to: URL(fileURLWithPath: path))
        let part = CheckpointPart(header: header(), offset: 0, bytes: [1])
        guard
            case .notWritten(_, let detail, _) = folder.perform(.write(part, from: session))
        else {
            Issue.record("it was written")
            return
        }
        #expect(detail.contains(path))
    }

    @Test func `an upload whose file is gone is refused, and the next one works`() throws {
        #expect(write(header(), 0, [1, 2]) == 2)
        try FileManager.default.removeItem(atPath: path)
        #expect(write(header(), 2, [3, 4]) == nil)
        #expect(write(header(epoch: 6, byteCount: 1), 0, [1]) == 1)
        #expect(read() == [1])
    }

    @Test func `a file that lost its end isn't given`() throws {
        try put([1, 2, 3], Self.name)
        #expect(reopen().count == 1)
        try put([1, 2], Self.name)
        #expect(read(42, 0, count: 2) == [1, 2])
        #expect(read() == nil)
        try FileManager.default.removeItem(atPath: "\(path)/\(Self.name)")
        #expect(read(42, 0, count: 2) == nil)
    }

    @Test func `what is removed is gone, with the last one's folder`() {
        #expect(write(header(), 0, [1, 2, 3, 4, 5, 6]) == 6)
        #expect(write(header(epoch: 6), 0, [1]) == 1)
        #expect(write(header(43), 0, [1]) == 1)
        #expect(folder.perform(.discardUpload(study: 3, trial: 42)) == nil)
        #expect(
            files == [
                "study-3/trial-0042_epoch-05_val-0.5310.checkpoint", "study-3/trial-0043.part",
            ])
        for trial in [43, 42] {
            let removed = CheckpointReport.removed(study: 3, trial: trial)
            #expect(folder.perform(.remove(study: 3, trial: trial)) == removed)
        }
        #expect(read() == nil)
        #expect(FileManager.default.subpaths(atPath: path) == [])
        #expect(folder.perform(.remove(study: 9, trial: 1)) == .removed(study: 9, trial: 1))
    }
}
