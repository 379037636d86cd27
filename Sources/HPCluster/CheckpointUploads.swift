import OrderedCollections

/// A part of a checkpoint on the worker's disk that is to be sent.
package struct WantedPart: Sendable, Hashable {
    package var header: CheckpointHeader
    package var offset: Int
    package var byteCount: Int

    package init(header: CheckpointHeader, offset: Int, byteCount: Int) {
        self.header = header
        self.offset = offset
        self.byteCount = byteCount
    }
}

/// What of a worker's checkpoints goes to the coordinator, and when: one part at a time, the next
/// after the answer to the last. An upload that fails costs nothing but itself.
struct CheckpointUploads: Sendable {
    private struct Running {
        /// Work up to then would outlive this machine.
        var coveredUntil: Instant
        var latest: Saved?
    }

    private struct Saved {
        var header: CheckpointHeader
        var savedAt: Instant
    }

    private struct Upload {
        var saved: Saved
        /// Bytes that the coordinator has.
        var receivedCount = 0
        var sendAgainAt: Instant
        /// Answers that didn't come.
        var silences = 0
        /// Answers that said less than those before.
        var setbacks = 0
    }

    private let limits: CheckpointLimits
    /// The largest file that the coordinator takes; 0 from one that takes none.
    var byteCountMaximum = 0
    private var running: OrderedDictionary<Lease, Running> = [:]
    private var current: Upload?

    init(limits: CheckpointLimits) {
        self.limits = limits
    }

    /// What is on its way.
    var header: CheckpointHeader? { current?.saved.header }

    /// When an answer is overdue.
    var nextDeadline: Instant? { current?.sendAgainAt }

    mutating func begin(_ leases: [Lease], at now: Instant) {
        for lease in leases { running[lease] = Running(coveredUntil: now) }
    }

    /// Attempts that are under way.
    var leases: [Lease] { Array(running.keys) }

    /// Nothing more of these is sent.
    mutating func forget(_ leases: some Sequence<Lease>) {
        for lease in leases {
            running[lease] = nil
            if current?.saved.header.lease == lease { current = nil }
        }
    }

    /// A checkpoint is on the disk here, and replaces the trial's former one. An upload of that
    /// goes on: else a slow line would never bring one to its end.
    mutating func save(_ header: CheckpointHeader, at now: Instant) {
        // Its name on the coordinator's disk has the value.
        guard header.value.isFinite else { return }
        running[header.lease]?.latest = Saved(header: header, savedAt: now)
    }

    /// What was under way on another connection may be lost.
    mutating func connect(at now: Instant) {
        current?.sendAgainAt = now
        current?.silences = 0
        if byteCountMaximum == 0 { current = nil }
    }

    /// What is to be sent now, if anything.
    mutating func next(at now: Instant) -> WantedPart? {
        if let upload = current, now >= upload.sendAgainAt,
            upload.silences == limits.triesMaximum
        {
            giveUp(at: now)
        }
        if current == nil { current = mostUrgent(at: now) }
        guard let upload = current, now >= upload.sendAgainAt else { return nil }
        current?.silences += 1
        current?.sendAgainAt = now.advanced(bySeconds: limits.patienceSeconds)
        let header = upload.saved.header
        return WantedPart(
            header: header, offset: upload.receivedCount,
            byteCount: min(limits.partByteCount, header.byteCount - upload.receivedCount))
    }

    mutating func receive(_ receipt: CheckpointReceipt, at now: Instant) {
        guard var upload = current, upload.saved.header.lease == receipt.lease,
            upload.saved.header.epoch == receipt.epoch,
            receipt.byteCount != upload.receivedCount,
            receipt.byteCount <= upload.saved.header.byteCount
        else { return }
        if receipt.byteCount == upload.saved.header.byteCount {
            running[receipt.lease]?.coveredUntil = upload.saved.savedAt
            current = nil
            return
        }
        if receipt.byteCount < upload.receivedCount { upload.setbacks += 1 }
        upload.receivedCount = receipt.byteCount
        upload.silences = 0
        upload.sendAgainAt = now
        current = upload
        if upload.setbacks == limits.triesMaximum { giveUp(at: now) }
    }

    /// The trial's upload can't go on, and the next one isn't tried before it is worth it again.
    /// Returns false when there is none.
    mutating func fail(_ lease: Lease, at now: Instant) -> Bool {
        guard current?.saved.header.lease == lease else { return false }
        giveUp(at: now)
        return true
    }

    private mutating func giveUp(at now: Instant) {
        guard let upload = current else { return }
        running[upload.saved.header.lease]?.coveredUntil = now
        current = nil
    }

    /// The checkpoint without which most work would be lost, when that is worth an upload.
    private func mostUrgent(at now: Instant) -> Upload? {
        var best: (saved: Saved, seconds: Double)?
        for trial in running.values {
            guard let saved = trial.latest, saved.header.byteCount <= byteCountMaximum else {
                continue
            }
            let seconds = saved.savedAt.seconds(since: trial.coveredUntil)
            if seconds >= limits.worthSeconds, seconds > best?.seconds ?? 0 {
                best = (saved, seconds)
            }
        }
        return best.map { Upload(saved: $0.saved, sendAgainAt: now) }
    }
}
