import HPSearch
import OrderedCollections

/// What lies beside the journal of trials that run: whole checkpoints, and uploads under way.
///
/// Volatile: a coordinator that starts has the folder listed.
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

        var byteCount: Int { (whole?.byteCount ?? 0) + (upload?.byteCount ?? 0) }
        var isEmpty: Bool { whole == nil && upload == nil }
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
        entries[trial]?.whole.map {
            CheckpointOffer(epoch: $0.place.epoch, byteCount: $0.byteCount)
        }
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

    /// The upload is whole, unless another one has begun since.
    mutating func complete(_ header: CheckpointHeader) {
        update(TrialKey(header.lease)) { entry in
            guard let upload = entry.upload, upload.isOf(header) else { return }
            entry.whole = upload
            entry.upload = nil
        }
    }

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

    /// Returns whether there was anything.
    mutating func remove(_ trial: TrialKey) -> Bool {
        guard entries[trial] != nil else { return false }
        update(trial) { $0 = Entry() }
        return true
    }

    func trials(of study: StudyID) -> [TrialKey] { entries.keys.filter { $0.study == study } }

    private mutating func update(_ trial: TrialKey, _ change: (inout Entry) -> Void) {
        var entry = entries[trial] ?? Entry()
        byteCount -= entry.byteCount
        change(&entry)
        byteCount += entry.byteCount
        entries[trial] = entry.isEmpty ? nil : entry
    }
}

extension CheckpointShelf.Item {
    fileprivate func isOf(_ header: CheckpointHeader) -> Bool {
        place == .init(attempt: header.lease.attempt, epoch: header.epoch)
    }
}
