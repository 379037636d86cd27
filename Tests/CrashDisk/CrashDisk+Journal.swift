package import HPStore
import Synchronization

extension CrashDisk {
    /// The folder of a journal on this disk, locked: `JournalStore(folder: disk.journalFolder())`.
    ///
    /// - Throws: `StoreError.locked` while another journal holds it and no crash came between.
    package func journalFolder() throws(StoreError) -> some JournalFolder {
        let generation: Int? = state.withLock { state in
            state.lock() ? state.generation : nil
        }
        guard let generation else { throw .locked(directory: folder, holder: nil) }
        return CrashDiskFolder(disk: self, generation: generation)
    }

    package var databasePath: String { folder + "hpcoord.sqlite" }
    package var logPath: String { databasePath + "-wal" }
}

/// What the journal asks of its folder, answered by a crash disk.
private struct CrashDiskFolder: JournalFolder {
    let disk: CrashDisk
    let generation: Int

    var path: String { disk.folder }
    var databasePath: String { disk.databasePath }
    var logBytes: Int { disk.byteCount(disk.logPath) }
    var isMarked: Bool { disk.state.withLock(\.isMarked) }
    var databaseBytes: Int { disk.byteCount(databasePath) }
    var freeBytes: Int { disk.freeBytes }

    func hasDatabase() throws(StoreError) -> Bool {
        if disk.byteCount(databasePath) > 0 { return true }
        guard logBytes == 0 else {
            throw .corrupt(path: databasePath, explanation: "it is empty, but its log is not")
        }
        return false
    }

    func prepareDatabaseFile() throws(StoreError) {
        let isDone = disk.state.withLock { state in
            guard state.generation == generation, state.fault(for: .open) == nil else {
                return false
            }
            state.make(databasePath)
            state.syncFolder()
            return true
        }
        guard isDone else { throw .unusable(directory: path, explanation: "the disk fails") }
    }

    func logContents() -> [UInt8] {
        disk.state.withLock { state in
            state.entries[disk.logPath].flatMap { state.files[$0]?.contents } ?? []
        }
    }

    func mark() {
        disk.state.withLock { $0.isMarked = true }
    }

    func release() {
        disk.state.withLock { $0.unlock(generation: generation) }
    }
}

extension CrashDisk {
    fileprivate func byteCount(_ path: String) -> Int {
        state.withLock { state in
            state.entries[path].flatMap { state.files[$0]?.contents.count } ?? 0
        }
    }
}
