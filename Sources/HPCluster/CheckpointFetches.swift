/// Orders whose trials may go on from checkpoints that the coordinator has: they wait until those
/// are here, one part after the other. What doesn't come in time begins anew.
struct CheckpointFetches: Sendable {
    private struct Waiting {
        var order: WorkerSession.Order
        var missing: [Missing]
    }

    private struct Missing {
        var lease: Lease
        var offer: CheckpointOffer
        /// Whether it is known that the worker's disk has nothing as late.
        var isWanted = false
    }

    private struct Fetch {
        var lease: Lease
        /// As the first part has it.
        var header: CheckpointHeader?
        var receivedCount = 0
        var askAgainAt: Instant
        /// The coordinator was silent for too long.
        var giveUpAt: Instant
        /// Waiting for more parts would cost more than may be saved.
        let endBy: Instant
    }

    /// How a fetch ended.
    enum End: Sendable, Hashable {
        case whole(Lease, epoch: Int)
        case failed(Lease, why: String)
    }

    private let limits: CheckpointLimits
    private var waiting: [Waiting] = []
    private var current: Fetch?
    /// Since they were taken last.
    private var ends: [End] = []

    init(limits: CheckpointLimits) {
        self.limits = limits
    }

    /// When the session has to see to it, while the coordinator answers and while it doesn't.
    func nextDeadline(isConnected: Bool) -> Instant? {
        current.map { fetch in
            let end = min(fetch.giveUpAt, fetch.endBy)
            return isConnected ? min(fetch.askAgainAt, end) : end
        }
    }

    /// Keeps an order back whose members have offers; returns false for any other.
    mutating func hold(_ order: WorkerSession.Order) -> Bool {
        let missing = order.members.compactMap { member in
            member.checkpoint.map { Missing(lease: member.lease, offer: $0) }
        }
        if missing.isEmpty { return false }
        waiting.append(Waiting(order: order, missing: missing))
        return true
    }

    /// The worker's disk has the trial's training as of this epoch, or nothing: 0.
    mutating func look(_ lease: Lease, epoch: Int, at now: Instant) {
        for order in waiting.indices {
            for index in waiting[order].missing.indices
            where waiting[order].missing[index].lease == lease {
                if epoch >= waiting[order].missing[index].offer.epoch { return settle(lease) }
                waiting[order].missing[index].isWanted = true
            }
        }
        fetchNext(at: now)
    }

    /// What is to be asked now, if anything.
    mutating func next(at now: Instant) -> CheckpointRequest? {
        guard let fetch = current, now >= fetch.askAgainAt else { return nil }
        current?.askAgainAt = now.advanced(bySeconds: limits.patienceSeconds)
        return CheckpointRequest(lease: fetch.lease, offset: fetch.receivedCount)
    }

    /// A coordinator that is silent for so long is silent for all that wait; one that is slow may
    /// have a smaller file of the next.
    mutating func expire(at now: Instant) {
        guard let fetch = current else { return }
        guard now >= fetch.giveUpAt else {
            if now >= fetch.endBy { fail(fetch.lease, "it comes too slowly", at: now) }
            return
        }
        for missing in waiting.flatMap(\.missing) where missing.isWanted {
            fail(missing.lease, "the coordinator didn't answer", at: now)
        }
    }

    /// What was under way on another connection may be lost.
    mutating func connect(at now: Instant) {
        current?.askAgainAt = now
    }

    /// What of a part goes to the disk: the next one of the checkpoint that is fetched, under the
    /// header of the first; nil for any other.
    ///
    /// A coordinator that was started again knows the value as the file's name has it, in fewer
    /// digits. Whether the bytes are of one file their SHA-256 says in the end.
    mutating func receive(_ part: CheckpointPart, at now: Instant) -> CheckpointPart? {
        guard var fetch = current, fetch.lease == part.header.lease, !part.bytes.isEmpty,
            part.offset == fetch.receivedCount
        else { return nil }
        let header = fetch.header ?? part.header
        guard header.epoch == part.header.epoch, header.byteCount == part.header.byteCount else {
            fail(fetch.lease, "it changed meanwhile", at: now)
            return nil
        }
        fetch.header = header
        fetch.receivedCount = part.end
        fetch.askAgainAt = now
        fetch.giveUpAt = giveUp(after: now)
        current = fetch
        if part.isLast {
            ends.append(.whole(fetch.lease, epoch: header.epoch))
            settle(fetch.lease)
            fetchNext(at: now)
        }
        return CheckpointPart(header: header, offset: part.offset, bytes: part.bytes)
    }

    /// Returns false when the checkpoint isn't waited for.
    @discardableResult
    mutating func fail(_ lease: Lease, _ why: String, at now: Instant) -> Bool {
        guard isMissing(lease) else { return false }
        ends.append(.failed(lease, why: why))
        forget([lease], at: now)
        return true
    }

    /// These are waited for no longer.
    mutating func forget(_ leases: [Lease], at now: Instant) {
        for lease in leases { settle(lease) }
        fetchNext(at: now)
    }

    /// Orders of the study, or all of them, are not begun.
    mutating func drop(_ isDropped: (WorkerSession.Order) -> Bool, at now: Instant) {
        waiting.removeAll { isDropped($0.order) }
        if let fetch = current, !isMissing(fetch.lease) { current = nil }
        fetchNext(at: now)
    }

    /// Orders that wait for nothing more.
    mutating func takeReady() -> [WorkerSession.Order] {
        let ready = waiting.filter(\.missing.isEmpty).map(\.order)
        if !ready.isEmpty { waiting.removeAll(where: \.missing.isEmpty) }
        return ready
    }

    mutating func takeEnds() -> [End] {
        defer { ends = [] }
        return ends
    }

    private func isMissing(_ lease: Lease) -> Bool {
        waiting.contains { $0.missing.contains { $0.lease == lease } }
    }

    private mutating func settle(_ lease: Lease) {
        for index in waiting.indices { waiting[index].missing.removeAll { $0.lease == lease } }
        if current?.lease == lease { current = nil }
    }

    private mutating func fetchNext(at now: Instant) {
        guard current == nil,
            let next = waiting.lazy.flatMap(\.missing).first(where: \.isWanted)
        else { return }
        let giveUpAt = giveUp(after: now)
        let worthBy = now.advanced(bySeconds: limits.worthSeconds)
        current = Fetch(
            lease: next.lease, askAgainAt: now, giveUpAt: giveUpAt, endBy: max(giveUpAt, worthBy))
    }

    private func giveUp(after now: Instant) -> Instant {
        now.advanced(bySeconds: limits.patienceSeconds * Double(limits.triesMaximum))
    }
}
