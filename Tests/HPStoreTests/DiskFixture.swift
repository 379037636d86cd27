import CrashDisk
import HPCluster
import HPStore

/// A run of a coordinator on a crash disk, as far as the disk lets it: what was acknowledged, and
/// the batch that was not.
struct Workload {
    private(set) var acknowledged: [JournalRecord] = []
    private(set) var pending: [JournalRecord] = []
    private(set) var error: StoreError?
    /// Open where the run ended without an error, or with one from a commit.
    private(set) var store: JournalStore?

    /// Some of the batches are larger than SQLite's cache of dirty pages would like, and the log
    /// is moved into the database every few batches.
    static let batches = [
        [Sample.start(1)], Sample.batch(1..<4), Sample.batch(4..<80), [Sample.create(80)],
        [Sample.lease(80)], [Sample.end(80), Sample.lease(80, attempt: 2)],
        [Sample.finish(80, attempt: 2)], Sample.batch(81..<120), [Sample.start(2)],
    ]
    static let logMaximumBytes = 40_000

    static func open(_ disk: CrashDisk) throws(StoreError) -> JournalStore {
        try JournalStore(folder: disk.journalFolder(), logMaximumBytes: logMaximumBytes)
    }

    init(on disk: CrashDisk) {
        do throws(StoreError) {
            let store = try Self.open(disk)
            self.store = store
            for batch in Self.batches {
                pending = batch
                try store.commit(batch)
                acknowledged += batch
                pending = []
            }
        } catch {
            self.error = error
        }
    }

    var isComplete: Bool { acknowledged == Self.batches.flatMap(\.self) }

    /// Whether a journal holds all that was acknowledged, and of the batch after it all or
    /// nothing.
    func isKept(in records: [JournalRecord]) -> Bool {
        records == acknowledged || records == acknowledged + pending
    }
}
