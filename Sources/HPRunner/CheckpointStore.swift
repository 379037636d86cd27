import Glibc
import HPCluster
import HPNet
import HPSearch
import Synchronization

/// Checkpoints of running trials on the worker's own disk, the latest of each: a cache, never the
/// truth. A worker that died mid-trial goes on from there, with the bits that it would have had.
///
/// A study's files lie in a folder named by its digest. One that can't be written costs repeated
/// work and nothing else. All methods block; they may be called from any thread.
final class CheckpointStore: Sendable {
    /// The folder, and who is told of what can't be written, and of what was.
    private let folder: String
    private let notice: @Sendable (String) -> Void
    private let saved: @Sendable (CheckpointHeader) -> Void
    /// The file of each attempt that is under way; nil before there is one.
    private let files = Mutex<[Lease: String?]>([:])

    /// Files of trials that aren't under way here are forgotten when there are more.
    static let fileMaximum = 64

    init(
        folder: String, notice: @escaping @Sendable (String) -> Void,
        saved: @escaping @Sendable (CheckpointHeader) -> Void = { _ in }
    ) {
        self.folder = folder
        self.notice = notice
        self.saved = saved
    }

    /// Where a trial's training goes on from; nil to begin. Files of it that are damaged or of
    /// another training are removed.
    func begin(_ training: TrialTraining) -> TrainingCheckpoint? {
        let folder = folder(ofStudy: training.order.studyDigest)
        var latest: (checkpoint: TrainingCheckpoint, path: String)?
        for name in names(ofTrial: training.member.lease.trial, in: folder) {
            let path = "\(folder)/\(name)"
            guard CheckpointName.parse(name) != nil, let checkpoint = read(path, of: training),
                checkpoint.epoch > latest?.checkpoint.epoch ?? 0
            else {
                unlink(path)
                continue
            }
            if let older = latest?.path { unlink(older) }
            latest = (checkpoint, path)
        }
        files.withLock { $0[training.member.lease] = .some(latest?.path) }
        return latest?.checkpoint
    }

    /// Replaces a trial's checkpoint, such that a crash leaves the former or the new one.
    func save(_ checkpoint: TrainingCheckpoint, of training: TrialTraining) {
        let lease = training.member.lease
        let folder = folder(ofStudy: training.order.studyDigest)
        let bytes = checkpoint.encoded(key: training.checkpointKey)
        let header = CheckpointHeader(
            lease: lease, epoch: checkpoint.epoch, value: training.value(at: checkpoint),
            byteCount: bytes.count)
        let path = "\(folder)/\(header.fileName)"
        do {
            try SpoolFiles.makeFolder(folder)
            try SpoolFiles.write(bytes, folder: folder, name: header.fileName)
        } catch {
            return notice("trial \(lease.trial) goes on without a checkpoint: \(error)")
        }
        let superfluous = files.withLock { files in
            // It may have been canceled meanwhile.
            guard let former = files[lease] else { return path as String? }
            files[lease] = .some(path)
            return former == path ? nil : former
        }
        if let superfluous { unlink(superfluous) }
        prune()
        saved(header)
    }

    /// Where this checkpoint lies; nil when another one replaced it.
    func path(of header: CheckpointHeader) -> String? {
        let path = files.withLock { $0[header.lease] ?? nil }
        return path.flatMap { $0.hasSuffix("/" + header.fileName) ? $0 : nil }
    }

    /// As of which epoch there is a file of the trial's training; 0 for none.
    func epoch(ofTrial trial: Int, studyDigest: String) -> Int {
        names(ofTrial: trial, in: folder(ofStudy: studyDigest))
            .compactMap { CheckpointName.parse($0)?.epoch }.max() ?? 0
    }

    /// Removes the checkpoints of attempts that have ended.
    func forget(_ leases: [Lease]) {
        let ended = files.withLock { files in
            let ended = leases.compactMap { files.removeValue(forKey: $0) ?? nil }
            // Another attempt of the same trial may have gone on from the same file.
            let others = files.values.compactMap(\.self)
            return ended.filter { !others.contains($0) }
        }
        for path in ended { unlink(path) }
    }

    // MARK: - Files

    func folder(ofStudy digest: String) -> String { "\(folder)/\(digest.prefix(16))" }

    private func names(ofTrial trial: Int, in folder: String) -> [String] {
        let prefix = CheckpointName.prefix(trial: trial)
        // Most trials have no folder: they are over before a checkpoint would be worth it.
        guard access(folder, F_OK) == 0, let names = try? SpoolFiles.names(in: folder) else {
            return []
        }
        return names.filter { $0.hasPrefix(prefix) }
    }

    private func read(_ path: String, of training: TrialTraining) -> TrainingCheckpoint? {
        guard let bytes = try? SpoolFiles.read(path),
            let checkpoint = try? TrainingCheckpoint(
                decoding: bytes, key: training.checkpointKey),
            checkpoint.fits(
                network: training.network, training: training.configuration,
                data: training.data)
        else { return nil }
        return checkpoint
    }

    /// Removes the oldest files beyond the maximum, of trials that aren't under way, and folders
    /// without files.
    private func prune() {
        let live = files.withLock { Set($0.values.compactMap(\.self)) }
        var all: [(path: String, seconds: Int, nanoseconds: Int)] = []
        for name in (try? SpoolFiles.names(in: folder)) ?? [] {
            let inner = "\(folder)/\(name)"
            rmdir(inner)
            for file in (try? SpoolFiles.names(in: inner)) ?? [] {
                var status = stat()
                guard !live.contains("\(inner)/\(file)"), stat("\(inner)/\(file)", &status) == 0
                else { continue }
                all.append(
                    ("\(inner)/\(file)", status.st_mtim.tv_sec, status.st_mtim.tv_nsec))
            }
        }
        all.sort { ($0.seconds, $0.nanoseconds) > ($1.seconds, $1.nanoseconds) }
        for file in all.dropFirst(Self.fileMaximum) { unlink(file.path) }
    }
}
