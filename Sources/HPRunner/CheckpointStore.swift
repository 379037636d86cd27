import Glibc
import HPCluster
import HPNet
import HPSearch
import Synchronization

/// Checkpoints of running trials on the worker's own disk, the latest of each: a cache, never the
/// truth. A worker that died mid-trial goes on from there, with the bits that it would have had.
///
/// A study's files lie in a folder named by its digest. One that can't be written costs repeated
/// work and nothing else. Going on takes more memory than beginning: a file is called `.tried`
/// from before it is read until an epoch has ended, and one that its reader died of is never read
/// again. All methods block; they may be called from any thread.
final class CheckpointStore: Sendable {
    /// The folder, and who is told of what can't be written, and of what was.
    private let folder: String
    private let notice: @Sendable (String) -> Void
    private let saved: @Sendable (CheckpointHeader) -> Void
    private let resumed: @Sendable (_ trial: Int, _ epoch: Int) -> Void
    /// The file of each attempt that is under way; nil before there is one.
    private let files = Mutex<[Lease: String?]>([:])

    /// Files of trials that aren't under way here are forgotten when there are more.
    static let fileMaximum = 64

    init(
        folder: String, notice: @escaping @Sendable (String) -> Void,
        saved: @escaping @Sendable (CheckpointHeader) -> Void = { _ in },
        resumed: @escaping @Sendable (_ trial: Int, _ epoch: Int) -> Void = { _, _ in }
    ) {
        self.folder = folder
        self.notice = notice
        self.saved = saved
        self.resumed = resumed
    }

    /// Where a trial's training goes on from; nil to begin. Files of it that are damaged, of
    /// another training, or that a process died of are removed.
    func begin(_ training: TrialTraining) -> TrainingCheckpoint? {
        let trial = training.member.lease.trial
        let folder = folder(ofStudy: training.order.studyDigest)
        let live = livePaths
        var candidates: [(epoch: Int, path: String)] = []
        for name in names(ofTrial: trial, in: folder) {
            let path = "\(folder)/\(name)"
            if let parsed = CheckpointName.parse(name) {
                candidates.append((parsed.epoch, path))
            } else if !live.contains(path) {
                unlink(path)
            }
        }
        candidates.sort { $0.epoch > $1.epoch }
        var latest: (checkpoint: TrainingCheckpoint, path: String)?
        for (_, path) in candidates {
            guard latest == nil else {
                unlink(path)
                continue
            }
            let tried = path + Self.triedSuffix
            guard move(path, to: tried), let checkpoint = read(tried, of: training) else {
                unlink(tried)
                continue
            }
            latest = (checkpoint, tried)
        }
        files.withLock { $0[training.member.lease] = .some(latest?.path) }
        if let latest { resumed(trial, latest.checkpoint.epoch) }
        return latest?.checkpoint
    }

    /// An epoch has ended since these went on, or the process ends in order: their files did no
    /// harm.
    func clear(_ leases: [Lease]) {
        for lease in leases {
            guard let path = files.withLock({ $0[lease] ?? nil }), path.hasSuffix(Self.triedSuffix)
            else { continue }
            _ = move(path, to: String(path.dropLast(Self.triedSuffix.count)))
        }
    }

    /// Attempts that are under way.
    var leases: [Lease] { files.withLock { Array($0.keys) } }

    /// The attempt was canceled before it began; what there is of its trial stays, like what there
    /// is of trials that never come back.
    func release(_ lease: Lease) {
        clear([lease])
        files.withLock { $0[lease] = nil }
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

    private static let triedSuffix = ".tried"

    private var livePaths: Set<String> { files.withLock { Set($0.values.compactMap(\.self)) } }

    /// Two attempts of a trial may have gone on from one file.
    private func move(_ path: String, to other: String) -> Bool {
        files.withLock { files in
            guard rename(path, other) == 0 else { return false }
            for lease in files.keys where files[lease] == .some(path) {
                files[lease] = .some(other)
            }
            return true
        }
    }

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
        let live = livePaths
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
