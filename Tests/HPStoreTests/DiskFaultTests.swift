import CrashDisk
import HPCluster
import HPStore
import Testing

@Suite struct `A failing disk` {
    /// A failed operation must not pass for a success, nor damage what was there: the loop ends
    /// with the first run that is too short for the fault.
    @Test(arguments: [Survival.everything, .byChance])
    func `at any operation ends the use of the journal and loses nothing`(
        _ survival: Survival
    ) throws {
        var operations = 0
        var errors = 0
        while true {
            operations += 1
            let disk = CrashDisk(seed: UInt64(operations))
            disk.plan(.once(.device, at: operations))
            let run = Workload(on: disk)
            let fired = disk.counts.faults > 0
            if let error = run.error {
                errors += 1
                #expect(!error.isRecoverable, "operation \(operations): \(error)")
                expectRefusal(run, disk, "operation \(operations)")
            } else {
                #expect(run.isComplete)
            }
            run.store?.close()
            survival.crash(disk)
            let store = try Workload.open(disk)
            let records = try store.records()
            let isKept = run.isKept(in: records)
            #expect(isKept, "operation \(operations), \(survival): \(records.count) records")
            if !fired { break }
        }
        #expect(operations > 150)
        #expect(errors > 100)
    }

    /// The system calls pages clean that it failed to write: another sync would succeed.
    @Test func `is not asked again after a failed sync`() throws {
        let disk = CrashDisk(seed: 1)
        let store = try Workload.open(disk)
        try store.commit(Sample.batch(1..<4))
        disk.plan(.byChance([.init(.sync, .device, probability: 1)]))
        let failure = try #require(
            #expect(throws: StoreError.self) { try store.commit(Sample.batch(4..<8)) })
        disk.plan(.never)
        let syncs = disk.counts[.sync]
        let writes = disk.counts[.write]
        for _ in 0..<3 {
            #expect(throws: failure) { try store.commit(Sample.batch(4..<8)) }
        }
        #expect(throws: failure) { try store.records() }
        store.close()
        #expect(disk.counts[.sync] == syncs)
        #expect(disk.counts[.write] == writes)
        disk.crash { _, _ in false }
        #expect(try Workload.open(disk).records() == Sample.batch(1..<4))
    }

    private func expectRefusal(_ run: Workload, _ disk: CrashDisk, _ place: String) {
        guard let store = run.store, let error = run.error else { return }
        let writes = disk.counts[.write]
        #expect(throws: error) { try store.commit([Sample.start(9)]) }
        #expect(disk.counts[.write] == writes, "\(place)")
    }
}

@Suite struct `A disk without room` {
    private static let wants: [DiskFault] = [.noSpace, .shortWrite, .noQuota, .tooBig]

    /// From any write on; then there is room again, and the same journal goes on.
    @Test(arguments: wants)
    func `takes nothing, loses nothing, and goes on when there is room`(_ want: DiskFault) throws {
        var writes = 0
        var refusals = 0
        while true {
            writes += 1
            let disk = CrashDisk(seed: UInt64(writes))
            disk.plan(.always(want, from: writes))
            let run = Workload(on: disk)
            let fired = disk.counts.faults > 0
            disk.plan(.never)
            guard let store = run.store else { continue }
            guard let error = run.error else {
                // A log that can't be moved yet only grows.
                #expect(run.isComplete)
                if !fired { break }
                continue
            }
            refusals += 1
            #expect(error == .full(path: disk.databasePath), "write \(writes)")
            #expect(error.isRecoverable)
            let isKept = try store.records() == run.acknowledged
            #expect(isKept, "write \(writes)")
            try store.commit(run.pending)
            try store.commit([Sample.start(9)])
            let expected = run.acknowledged + run.pending + [Sample.start(9)]
            let goesOn = try store.records() == expected
            #expect(goesOn, "write \(writes)")
            disk.crash { _, _ in false }
            let isDurable = try Workload.open(disk).records() == expected
            #expect(isDurable, "write \(writes)")
        }
        #expect(refusals > 20)
    }

    @Test func `keeps the log while it can't be moved into the database`() throws {
        let batches = [Sample.batch(1..<2), Sample.batch(2..<200)]
        let roomy = CrashDisk(seed: 1)
        let reference = try JournalStore(folder: roomy.journalFolder(), logMaximumBytes: .max)
        try reference.commit(batches[0])
        // To be moved after the second batch, when there is no room, and not before.
        let logMaximumBytes = try #require(roomy.contents(roomy.logPath)).count + 1
        try reference.commit(batches[1])

        let disk = CrashDisk(seed: 1)
        let store = try JournalStore(
            folder: disk.journalFolder(), logMaximumBytes: logMaximumBytes)
        // Enough for the log, nothing for the database.
        disk.limit(bytes: roomy.usedBytes)
        for batch in batches { try store.commit(batch) }
        #expect(disk.counts.faults > 0)
        let log = try #require(disk.contents(disk.logPath))
        #expect(log.count > logMaximumBytes)
        #expect(try store.records() == batches.flatMap(\.self))

        disk.limit(bytes: nil)
        try store.commit([Sample.start(1)])
        #expect(disk.contents(disk.logPath)?.isEmpty == true)
        #expect(try store.records() == batches.flatMap(\.self) + [Sample.start(1)])
    }
}
