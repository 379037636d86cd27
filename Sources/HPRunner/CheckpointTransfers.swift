import Glibc
import HPCluster

/// Moves parts of checkpoints between the worker's disk and its session.
///
/// What was fetched lies where the trial's own checkpoint would, and is believed no more than
/// that: whoever begins the trial looks at its key and its SHA-256.
final class CheckpointTransfers {
    private let store: CheckpointStore
    /// What is uploaded, open: it can be read to its end after another one replaced it.
    private var upload: OpenFile?

    init(store: CheckpointStore) {
        self.store = store
    }

    /// Looks for checkpoints and keeps what came of them; returns the answers.
    func carryOut(_ effects: WorkerSession.Effects) -> [WorkerSession.Event] {
        let found = effects.look.map { lease, studyDigest in
            WorkerSession.Event.checkpointLookedFor(
                lease, epoch: store.epoch(ofTrial: lease.trial, studyDigest: studyDigest))
        }
        let unusable = effects.keep.filter { !keep($0.part, studyDigest: $0.studyDigest) }.map {
            WorkerSession.Event.checkpointUnusable($0.part.header.lease)
        }
        return found + unusable
    }

    /// Bytes of a running trial's checkpoint; nil when it was replaced before they were asked for,
    /// or can't be read.
    func read(_ wanted: WantedPart) -> CheckpointPart? {
        if upload?.header != wanted.header { upload = OpenFile(wanted.header, in: store) }
        guard let bytes = upload?.read(count: wanted.byteCount, at: wanted.offset) else {
            return nil
        }
        let part = CheckpointPart(header: wanted.header, offset: wanted.offset, bytes: bytes)
        // Should this part be lost, the file is opened once more, if it is still there.
        if part.isLast { upload = nil }
        return part
    }

    /// Of an upload that ended early no file stays open: after it was replaced that alone would
    /// keep its bytes on the disk.
    ///
    /// - Parameter header: of the upload that is under way.
    func closeFile(except header: CheckpointHeader?) {
        if upload?.header != header { upload = nil }
    }

    /// Returns whether the part is on the disk.
    private func keep(_ part: CheckpointPart, studyDigest: String) -> Bool {
        let folder = store.folder(ofStudy: studyDigest)
        let path = "\(folder)/\(part.header.fileName)"
        let temporary = path + ".part"
        guard (try? SpoolFiles.makeFolder(folder)) != nil else { return false }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (part.offset == 0 ? O_TRUNC : 0)
        let descriptor = open(temporary, flags, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let count = part.bytes.withUnsafeBytes { buffer in
            pwrite(descriptor, buffer.baseAddress, buffer.count, part.offset)
        }
        guard count == part.bytes.count else {
            unlink(temporary)
            return false
        }
        return !part.isLast || rename(temporary, path) == 0
    }
}

/// A checkpoint's file, open for reading.
private final class OpenFile {
    let header: CheckpointHeader
    private let descriptor: Int32

    init?(_ header: CheckpointHeader, in store: CheckpointStore) {
        guard let path = store.path(of: header) else { return nil }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        self.header = header
    }

    deinit {
        close(descriptor)
    }

    /// Nil when there aren't so many.
    func read(count: Int, at offset: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, offset) == count ? bytes : nil
    }
}
