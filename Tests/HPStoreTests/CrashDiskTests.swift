import CrashDisk
import HPCluster
import HPStore
import Testing

@Suite struct `The crash disk` {
    @Test func `carries a journal across its closing`() throws {
        let disk = CrashDisk(seed: 1)
        var store = try JournalStore(folder: disk.journalFolder())
        try store.commit(Sample.batch(1..<50), recordings: [Sample.recordings(1)])
        store.close()
        store = try JournalStore(folder: disk.journalFolder())
        #expect(try store.records() == Sample.batch(1..<50))
        #expect(try store.recordings(study: 1, trial: 1) == Sample.recordings(1))
        #expect(disk.paths.contains(disk.databasePath))
        #expect(disk.counts[.sync] > 0)
    }

    @Test func `locks its folder until the journal closes or the machine stops`() throws {
        let disk = CrashDisk(seed: 1)
        let store = try JournalStore(folder: disk.journalFolder())
        #expect(throws: StoreError.locked(directory: disk.folder, holder: nil)) {
            try disk.journalFolder()
        }
        disk.kill()
        let next = try JournalStore(folder: disk.journalFolder())
        store.close()
        #expect(throws: StoreError.self) { try disk.journalFolder() }
        next.close()
        _ = try disk.journalFolder()
    }

    @Test func `lets nothing through to what was opened before a crash`() throws {
        let disk = CrashDisk(seed: 1)
        let dead = try JournalStore(folder: disk.journalFolder())
        try dead.commit(Sample.batch(1..<3))
        disk.crash()
        let store = try JournalStore(folder: disk.journalFolder())
        #expect(throws: StoreError.self) { try dead.commit([Sample.start(9)]) }
        try store.commit(Sample.batch(3..<5))
        dead.close()
        #expect(try store.records() == Sample.batch(1..<3) + Sample.batch(3..<5))
    }

    @Test func `does the same for the same seed`() throws {
        func counts(seed: UInt64) throws -> CrashDisk.Counts {
            let disk = CrashDisk(seed: seed)
            for _ in 0..<3 {
                disk.plan(.byChance([.init(.write, .powerLoss, probability: 0.02)]))
                _ = Workload(on: disk)
                disk.crash()
            }
            return disk.counts
        }
        let first = try counts(seed: 5)
        #expect(try counts(seed: 5) == first)
        #expect(try counts(seed: 6) != first)
        #expect(first.crashes == 3)
        #expect(first.tornChanges > 0)
        #expect(first.droppedSectors > 0 && first.keptSectors > 0)
    }
}
