import Synchronization

/// A disk in memory, below SQLite, that fails when it is told to and loses what was not synced.
///
/// Whatever is opened below `folder` lies on it: the real `JournalStore` runs on the real SQLite.
/// A crash keeps any part of the unsynced writes, sector by sector and in any order; names of
/// files, too, are durable only after a sync. The same seed and calls give the same disk. Disks
/// don't know of each other, and may be used from several threads.
package final class CrashDisk: Sendable {
    /// What happened on the disk so far.
    package struct Counts: Sendable, Hashable {
        /// By `DiskOperation`'s raw value: operations that were asked for.
        package var operations = [Int](repeating: 0, count: DiskOperation.allCases.count)
        package var bytesWritten = 0
        package var faults = 0
        package var crashes = 0
        /// Unsynced changes at crashes: those kept whole, dropped whole, and torn.
        package var keptChanges = 0
        package var droppedChanges = 0
        package var tornChanges = 0
        package var keptSectors = 0
        package var droppedSectors = 0

        package subscript(operation: DiskOperation) -> Int { operations[operation.rawValue] }
    }

    /// A change that a crash may lose.
    package struct UnsyncedChange: Sendable, Hashable {
        /// The file's path.
        package var path: String
        /// Its position among the unsynced changes of its file, from 0; -1 for the file's name.
        package var position: Int
    }

    /// Ends in a slash; below it every path is a file of this disk.
    package let folder: String
    let state: Mutex<DiskState>

    private static let disksMade = Atomic(0)

    /// An empty disk.
    package init(seed: UInt64) {
        let number = Self.disksMade.add(1, ordering: .relaxed).newValue
        folder = DiskRouter.folder(number)
        state = Mutex(DiskState(seed: seed))
        DiskRouter.shared.attach(self, number)
    }

    deinit {
        DiskRouter.shared.detach(folder)
    }

    // MARK: - Faults

    /// Lets operations fail from now on; replaces the plan before.
    package func plan(_ plan: FaultPlan) {
        state.withLock { $0.faults.plan = plan }
    }

    /// How many operations the plan's fault could have hit since it was made.
    package var operationsUnderPlan: Int { state.withLock { $0.faults.seen } }

    /// Bytes that all files together may hold; nil is without end. Writes beyond fail for want of
    /// space.
    package func limit(bytes: Int?) {
        state.withLock { $0.capacityBytes = bytes }
    }

    /// The bytes of all files together.
    package var usedBytes: Int { state.withLock { $0.usedBytes } }

    /// Bytes up to the limit; without one, more than anybody needs.
    package var freeBytes: Int {
        state.withLock { max(0, ($0.capacityBytes ?? .max) - $0.usedBytes) }
    }

    package var counts: Counts { state.withLock { $0.counts } }

    // MARK: - Crashes

    /// Whether a planned power loss came.
    package var isDown: Bool { state.withLock { $0.isDown } }

    /// The machine stops and starts again: what was open is dead and answers with errors only;
    /// of what was not synced stays what `keeps` says, sector by sector.
    package func crash(keeping keeps: (UnsyncedChange, _ sector: Int) -> Bool) {
        state.withLock { $0.crash(keeping: keeps) }
    }

    /// A crash that keeps a third of the unsynced changes whole, drops a third, and tears a third,
    /// as the disk's seed has it.
    package func crash() {
        state.withLock { state in
            var generator = SplitMix64(seed: state.generator.next())
            var fates: [UnsyncedChange: UInt64] = [:]
            state.crash { change, _ in
                let fate = fates[change] ?? generator.next() % 3
                fates[change] = fate
                return fate == 2 ? generator.next() & 1 == 0 : fate == 1
            }
        }
    }

    /// The program ends, the machine runs on: no write is lost.
    package func kill() {
        crash { _, _ in true }
    }

    // MARK: - Files, as an operator sees them

    /// The files' paths, ascending.
    package var paths: [String] { state.withLock { $0.entries.keys.sorted() } }

    /// A file as programs see it now; nil where there is none.
    package func contents(_ path: String) -> [UInt8]? {
        state.withLock { state in
            state.entries[path].flatMap { state.files[$0]?.contents }
        }
    }

    /// Puts a file there, durably, in place of any other.
    package func replace(_ path: String, with bytes: [UInt8]) {
        state.withLock { state in
            state.make(path)
            state.change(path) { file in
                file.truncate(to: 0)
                bytes.withUnsafeBytes { file.write($0, at: 0) }
                file.sync()
            }
            state.syncFolder()
        }
    }
}
