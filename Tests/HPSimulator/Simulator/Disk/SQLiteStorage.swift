import CrashDisk
import HPCluster
import HPSearch
import HPStore
import HPWire

/// The real journal on the real SQLite, on a disk in memory that tears and drops writes.
final class SQLiteStorage: SimulatedStorage {
    var fault: CommitFault?
    var synchronizes = true
    var isFull = false {
        didSet { disk.limit(bytes: isFull ? disk.usedBytes : nil) }
    }

    private let disk: CrashDisk
    private var store: JournalStore?
    private var random: SimulationRandom
    /// Transactions that are durable and not taken yet.
    private var synchronized: [[JournalRecord]] = []
    private var durableCount = 0

    /// Operations of a commit: a planned failure hits one of these, or none.
    private static let operationsPerCommit = 12

    init(seed: UInt64) {
        disk = CrashDisk(seed: seed)
        random = SimulationRandom(seed: seed, use: .disk)
    }

    func open() throws(DiskFailure) {
        do {
            let store = try JournalStore(folder: disk.journalFolder())
            self.store = store
            // What was under way at a crash may have got through.
            let records = try store.records()
            if records.count > durableCount { note(Array(records[durableCount...])) }
        } catch {
            throw DiskFailure(error)
        }
    }

    func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord]
    ) throws(DiskFailure) {
        let fault = self.fault
        if fault != nil, !records.isEmpty { self.fault = nil }
        let place = random.integer(in: 1...Self.operationsPerCommit)
        switch fault {
        case .killedBefore(let losesPower): throw .killed(losesPower: losesPower)
        case .inputError: disk.plan(.once(.device, at: place))
        case .killedWhileWriting: disk.plan(.once(.powerLoss, at: place))
        case .killedAfter, nil: break
        }
        defer { if fault != nil { disk.plan(.never) } }
        do {
            try openStore().commit(records, recordings: recordings)
        } catch let error as StoreError {
            if case .killedWhileWriting(let losesPower) = fault {
                throw .killed(losesPower: losesPower)
            }
            throw DiskFailure(error)
        } catch {
            throw .failed("\(error)")
        }
        note(records)
        switch fault {
        case .killedAfter(let losesPower), .killedWhileWriting(let losesPower):
            throw .killed(losesPower: losesPower)
        case .inputError, .killedBefore, nil: return
        }
    }

    func records() throws(DiskFailure) -> [JournalRecord] {
        do {
            return try openStore().records()
        } catch let error as StoreError {
            throw DiskFailure(error)
        } catch {
            throw .failed("\(error)")
        }
    }

    func recordings(study: Int, trial: Int) throws(DiskFailure) -> TrialRecordings? {
        do {
            return try openStore().recordings(study: study, trial: trial)?.recordings
        } catch let error as StoreError {
            throw DiskFailure(error)
        } catch {
            throw .failed("\(error)")
        }
    }

    func crash(losesPower: Bool, _ tally: inout Tally) {
        let before = disk.counts
        if losesPower { disk.crash() } else { disk.kill() }
        store = nil
        if !losesPower { return }
        tally[.tornWrites] += disk.counts.tornChanges - before.tornChanges
        tally[.droppedWrites] += disk.counts.droppedChanges - before.droppedChanges
    }

    func takeSynchronized() throws(DiskFailure) -> [[JournalRecord]] {
        defer { synchronized = [] }
        var taken: [[JournalRecord]] = []
        for transaction in synchronized {
            var records: [JournalRecord] = []
            for record in transaction { records.append(try JournalCodec.encode(record).record()) }
            taken.append(records)
        }
        return taken
    }

    private func openStore() throws(DiskFailure) -> JournalStore {
        guard let store else { throw .failed("the journal is not open") }
        return store
    }

    private func note(_ records: [JournalRecord]) {
        if records.isEmpty { return }
        synchronized.append(records)
        durableCount += records.count
    }
}

extension DiskFailure {
    /// What the journal said.
    fileprivate init(_ error: StoreError) {
        self = error.isRecoverable ? .full : .failed("\(error)")
    }
}
