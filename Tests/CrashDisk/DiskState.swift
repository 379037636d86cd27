/// The files of a disk and what is about to happen to it.
struct DiskState: Sendable {
    var files: [Int: DiskFile] = [:]
    /// Files by path, as programs see the folder.
    private(set) var entries: [String: Int] = [:]
    var faults = FaultSource()
    var capacityBytes: Int?
    var generator: SplitMix64
    var counts = CrashDisk.Counts()
    /// Raised by each crash: what was opened before is dead.
    private(set) var generation = 0
    private(set) var isDown = false
    private(set) var usedBytes = 0
    private(set) var isLocked = false
    /// Whether a journal was made on it: nothing that a crash loses.
    var isMarked = false

    private var durableEntries: [String: Int] = [:]
    /// Changes of names since the folder was last synced; nil is a removal.
    private var unsyncedNames: [(path: String, file: Int?)] = []
    private var filesMade = 0

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    // MARK: - Names

    /// The file at a path, made where there is none.
    @discardableResult
    mutating func make(_ path: String) -> Int {
        if let file = entries[path] { return file }
        filesMade += 1
        files[filesMade] = DiskFile()
        entries[path] = filesMade
        unsyncedNames.append((path, filesMade))
        return filesMade
    }

    /// Returns whether there was such a file.
    mutating func remove(_ path: String) -> Bool {
        guard let file = entries.removeValue(forKey: path) else { return false }
        usedBytes -= files[file]?.contents.count ?? 0
        unsyncedNames.append((path, nil))
        return true
    }

    /// Makes the names durable.
    mutating func syncFolder() {
        guard !unsyncedNames.isEmpty else { return }
        unsyncedNames = []
        durableEntries = entries
        dropNamelessFiles()
    }

    /// Changes a file's bytes; returns nil when it is gone.
    @discardableResult
    mutating func change<Result>(
        _ path: String, _ body: (inout DiskFile) -> Result
    ) -> Result? {
        entries[path].flatMap { change($0, body) }
    }

    /// As above, by the file's number.
    @discardableResult
    mutating func change<Result>(_ file: Int, _ body: (inout DiskFile) -> Result) -> Result? {
        guard let before = files[file]?.contents.count else { return nil }
        let result = body(&files[file, default: DiskFile()])
        usedBytes += (files[file]?.contents.count ?? 0) - before
        return result
    }

    private mutating func dropNamelessFiles() {
        let named = Set(entries.values).union(durableEntries.values)
        files = files.filter { named.contains($0.key) }
    }

    // MARK: - The lock of the folder

    /// Returns whether it was free.
    mutating func lock() -> Bool {
        defer { isLocked = true }
        return !isLocked
    }

    /// Frees what was locked before the same number of crashes.
    mutating func unlock(generation: Int) {
        if generation == self.generation { isLocked = false }
    }

    // MARK: - Faults

    /// Counts an operation; returns what stands in its way.
    mutating func fault(for operation: DiskOperation) -> DiskFault? {
        if isDown { return .powerLoss }
        counts.operations[operation.rawValue] += 1
        guard let fault = faults.fault(for: operation, using: &generator) else { return nil }
        counts.faults += 1
        if fault == .powerLoss { isDown = true }
        return fault
    }

    /// Whether a file may grow to this many bytes.
    mutating func hasRoom(for bytes: Int, in file: Int) -> Bool {
        guard let capacityBytes, let size = files[file]?.contents.count, bytes > size else {
            return true
        }
        if usedBytes + bytes - size <= capacityBytes { return true }
        counts.faults += 1
        return false
    }

    // MARK: - Crashes

    mutating func crash(keeping keeps: (CrashDisk.UnsyncedChange, Int) -> Bool) {
        for (path, file) in unsyncedNames
        where keeps(CrashDisk.UnsyncedChange(path: path, position: -1), 0) {
            durableEntries[path] = file
        }
        for (path, file) in durableEntries.sorted(by: { $0.key < $1.key }) {
            let tally = change(file) { file in
                file.crash { position, sector in
                    keeps(.init(path: path, position: position), sector)
                }
            }
            for change in tally ?? [] { count(change) }
        }
        unsyncedNames = []
        entries = durableEntries
        dropNamelessFiles()
        usedBytes = files.values.reduce(0) { $0 + $1.contents.count }
        counts.crashes += 1
        generation += 1
        isDown = false
        isLocked = false
    }

    private mutating func count(_ change: (sectors: Int, kept: Int)) {
        counts.keptSectors += change.kept
        counts.droppedSectors += change.sectors - change.kept
        switch change.kept {
        case change.sectors: counts.keptChanges += 1
        case 0: counts.droppedChanges += 1
        default: counts.tornChanges += 1
        }
    }
}
