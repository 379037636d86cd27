import HPCluster
import HPSearch
import HPWire

/// Transactions as bytes in memory, some of them not synchronized yet.
final class MemoryStorage: SimulatedStorage {
    var isFull = false
    var fault: CommitFault?
    var synchronizes = true

    private struct Transaction {
        var entries: [JournalEntry]
        var recordings: [RecordingsRecord]
    }

    private var transactions: [Transaction] = []
    private var synchronizedCount = 0
    private var takenCount = 0
    private var random: SimulationRandom

    init(seed: UInt64) {
        random = SimulationRandom(seed: seed, use: .disk)
    }

    func open() throws(DiskFailure) {}

    func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord]
    ) throws(DiskFailure) {
        if records.isEmpty && recordings.isEmpty { return }
        if isFull { throw .full }
        let fault = self.fault
        self.fault = nil
        switch fault {
        case .inputError:
            // The pages may lie in the cache all the same.
            if random.happens(0.5) { write(records, recordings) }
            throw .failed("input/output error")
        case .killedBefore(let losesPower): throw .killed(losesPower: losesPower)
        case .killedWhileWriting(let losesPower):
            write(records, recordings)
            throw .killed(losesPower: losesPower)
        case .killedAfter(let losesPower):
            write(records, recordings)
            synchronize()
            throw .killed(losesPower: losesPower)
        case nil:
            write(records, recordings)
            if synchronizes { synchronize() }
        }
    }

    func records() throws(DiskFailure) -> [JournalRecord] {
        try decode(transactions.flatMap(\.entries))
    }

    func recordings(study: Int, trial: Int) throws(DiskFailure) -> TrialRecordings? {
        transactions.lazy.flatMap(\.recordings)
            .first { $0.study == study && $0.trial == trial }?.recordings
    }

    func crash(losesPower: Bool, _ tally: inout Tally) {
        guard losesPower else { return }
        while transactions.count > synchronizedCount {
            switch random.next(below: 3) {
            case 0:
                // It reached the disk before the power went, and those before it.
                synchronize()
            case 1:
                // Half of it did: its checksum is wrong, it counts for nothing.
                tally[.tornWrites] += 1
                transactions.removeLast()
            default:
                tally[.droppedWrites] += 1
                transactions.removeLast()
            }
        }
    }

    func takeSynchronized() throws(DiskFailure) -> [[JournalRecord]] {
        defer { takenCount = synchronizedCount }
        var taken: [[JournalRecord]] = []
        for transaction in transactions[takenCount..<synchronizedCount] {
            taken.append(try decode(transaction.entries))
        }
        return taken
    }

    private func write(_ records: [JournalRecord], _ recordings: [RecordingsRecord]) {
        transactions.append(
            Transaction(entries: records.map(JournalCodec.encode), recordings: recordings))
    }

    private func synchronize() {
        synchronizedCount = transactions.count
    }

    private func decode(
        _ entries: some Sequence<JournalEntry>
    ) throws(DiskFailure) -> [JournalRecord] {
        var records: [JournalRecord] = []
        for entry in entries { records.append(try entry.record()) }
        return records
    }
}

extension JournalEntry {
    /// The record of these bytes.
    func record() throws(DiskFailure) -> JournalRecord {
        do {
            return try JournalCodec.decode(self)
        } catch {
            throw .failed("a record can't be read: \(error)")
        }
    }
}
