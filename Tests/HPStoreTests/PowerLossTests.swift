import CrashDisk
import HPCluster
import HPStore
import Testing

/// What a crash keeps of the writes that were not synced.
enum Survival: CaseIterable {
    case everything, nothing, everyOtherSector, byChance

    func crash(_ disk: CrashDisk) {
        switch self {
        case .everything: disk.kill()
        case .nothing: disk.crash { _, _ in false }
        case .everyOtherSector: disk.crash { change, sector in (change.position + sector) % 2 == 0 }
        case .byChance: disk.crash()
        }
    }
}

@Suite struct `A power loss` {
    @Test(arguments: Survival.allCases)
    func `at any operation of the disk keeps what was acknowledged and no half of a batch`(
        _ survival: Survival
    ) throws {
        var operations = 0
        while true {
            operations += 1
            let disk = CrashDisk(seed: UInt64(operations))
            disk.plan(.once(.powerLoss, at: operations))
            let run = Workload(on: disk)
            let cameThrough = !disk.isDown
            survival.crash(disk)
            disk.plan(.never)
            try expectWhole(run, disk, "operation \(operations), \(survival)")
            if cameThrough {
                #expect(run.error == nil)
                #expect(run.isComplete)
                break
            }
        }
        #expect(operations > 150)
    }

    /// Also when the machine stops again while the journal is opened.
    @Test func `during the recovery from another keeps it too`() throws {
        for first in stride(from: 60, through: 200, by: 35) {
            for second in 1...40 {
                let disk = CrashDisk(seed: UInt64(first * 1000 + second))
                disk.plan(.once(.powerLoss, at: first))
                let run = Workload(on: disk)
                disk.crash()
                disk.plan(.once(.powerLoss, at: second))
                _ = try? Workload.open(disk).records()
                disk.crash()
                disk.plan(.never)
                try expectWhole(run, disk, "operations \(first) and \(second)")
            }
        }
    }

    private func expectWhole(_ run: Workload, _ disk: CrashDisk, _ place: String) throws {
        // Opening checks the database.
        let store = try Workload.open(disk)
        let records = try store.records()
        let isKept = run.isKept(in: records)
        #expect(isKept, "\(place): \(records.count) records")
        try store.commit([Sample.start(9)])
        let goesOn = try store.records() == records + [Sample.start(9)]
        #expect(goesOn, "\(place)")
    }
}
