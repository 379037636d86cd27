import HPSearch
import OrderedCollections

/// What lies beside the journal of trials that run: whole checkpoints, and uploads under way.
///
/// Volatile: a coordinator that starts has the folder listed. Orders reach the folder in order and
/// its reports come back in order, so that what is whole there is what was reported last.
struct CheckpointShelf: Sendable {
    /// A later attempt, or a later epoch of the same one, replaces what was there.
    fileprivate struct Place: Comparable {
        var attempt: Int
        var epoch: Int

        static func < (left: Self, right: Self) -> Bool {
            (left.attempt, left.epoch) < (right.attempt, right.epoch)
        }
    }

    fileprivate struct Item {
        var place: Place
        var byteCount: Int
    }

    private struct Entry {
        var whole: Item?
        var upload: Item?
        /// The attempt that was handed out with what is whole.
        var reader: Int?
        /// Orders to remove the trial's files without an answer yet: what is reported whole
        /// meanwhile won't be there.
        var removals = 0

        var byteCount: Int { (whole?.byteCount ?? 0) + (upload?.byteCount ?? 0) }
        var hasFiles: Bool { whole != nil || upload != nil }
    }

    /// What becomes of a part that the holder of the trial's lease sent.
    enum Admission: Sendable, Hashable {
        case taken
        /// The checkpoint is whole already.
        case needless
        /// It was sent before what came later: it arrives late, or twice.
        case outdated
        case refused(String)
    }

    private var entries: OrderedDictionary<TrialKey, Entry> = [:]
    /// Of all files, those that are still coming counted in full.
    private(set) var byteCount = 0

    func offer(of trial: TrialKey) -> CheckpointOffer? {
        guard let entry = entries[trial], entry.removals == 0 else { return nil }
        return entry.whole.map {
            CheckpointOffer(epoch: $0.place.epoch, byteCount: $0.byteCount)
        }
    }

    /// The attempt is handed out with the offer of its trial.
    mutating func give(to lease: Lease) {
        update(TrialKey(lease)) { $0.reader = lease.attempt }
    }

    /// Whether what is whole is what the attempt was handed out with.
    func wasGiven(to lease: Lease) -> Bool {
        entries[TrialKey(lease)]?.reader == lease.attempt
    }

    /// Takes in what a former process left; of what has come since it says nothing.
    mutating func list(_ file: CheckpointFile, of trial: TrialKey) {
        guard entries[trial]?.whole == nil else { return }
        // Which attempt made it isn't known: any that uploads replaces it.
        update(trial) { entry in
            entry.whole = Item(
                place: Place(attempt: 0, epoch: file.epoch), byteCount: file.byteCount)
        }
    }

    mutating func admit(_ header: CheckpointHeader, _ limits: CheckpointLimits) -> Admission {
        let trial = TrialKey(header.lease)
        let place = Place(attempt: header.lease.attempt, epoch: header.epoch)
        if let whole = entries[trial]?.whole, place <= whole.place {
            return place == whole.place ? .needless : .outdated
        }
        let upload = entries[trial]?.upload
        if let upload, place < upload.place { return .outdated }
        if let upload, place == upload.place {
            return upload.byteCount == header.byteCount
                ? .taken : .refused("its size isn't what it was before")
        }
        guard header.byteCount <= limits.byteCountMaximum else {
            return .refused(
                "it has \(header.byteCount) bytes, more than \(limits.byteCountMaximum)")
        }
        let others = byteCount - (upload?.byteCount ?? 0)
        guard others + header.byteCount <= limits.totalByteCountMaximum else {
            return .refused(
                "all checkpoints together would have more than "
                    + "\(limits.totalByteCountMaximum) bytes")
        }
        update(trial) { $0.upload = Item(place: place, byteCount: header.byteCount) }
        return .taken
    }

    /// The upload is whole, though its attempt may have ended or another upload begun since.
    mutating func complete(_ header: CheckpointHeader) {
        update(TrialKey(header.lease)) { entry in
            entry.whole = Item(
                place: Place(attempt: header.lease.attempt, epoch: header.epoch),
                byteCount: header.byteCount)
            entry.reader = nil
            if entry.upload?.isOf(header) == true { entry.upload = nil }
        }
    }

    func hasUpload(of trial: TrialKey) -> Bool { entries[trial]?.upload != nil }

    /// Nothing is left of the upload, unless another one has begun since.
    mutating func fail(_ header: CheckpointHeader) {
        update(TrialKey(header.lease)) { entry in
            if entry.upload?.isOf(header) == true { entry.upload = nil }
        }
    }

    /// The attempt uploads no more; returns whether it did.
    mutating func discardUpload(of lease: Lease) -> Bool {
        let trial = TrialKey(lease)
        guard entries[trial]?.upload?.place.attempt == lease.attempt else { return false }
        update(trial) { $0.upload = nil }
        return true
    }

    func hasFiles(of trial: TrialKey) -> Bool { entries[trial]?.hasFiles == true }

    /// All there is of the trial is ordered to be removed.
    mutating func remove(_ trial: TrialKey) {
        update(trial) { entry in
            entry.whole = nil
            entry.upload = nil
            entry.reader = nil
            entry.removals += 1
        }
    }

    /// Nothing was there when the order to remove it was carried out.
    mutating func noteRemoval(of trial: TrialKey) {
        update(trial) { entry in
            entry.whole = nil
            entry.removals = max(0, entry.removals - 1)
        }
    }

    func trials(of study: StudyID) -> [TrialKey] { entries.keys.filter { $0.study == study } }

    private mutating func update(_ trial: TrialKey, _ change: (inout Entry) -> Void) {
        var entry = entries[trial] ?? Entry()
        byteCount -= entry.byteCount
        change(&entry)
        byteCount += entry.byteCount
        entries[trial] = entry.hasFiles || entry.removals > 0 ? entry : nil
    }
}

extension CheckpointShelf.Item {
    fileprivate func isOf(_ header: CheckpointHeader) -> Bool {
        place == .init(attempt: header.lease.attempt, epoch: header.epoch)
    }
}
