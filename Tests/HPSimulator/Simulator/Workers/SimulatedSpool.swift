import HPCluster
import HPWire

/// A worker's own disk: results as bytes, in files that are synchronized when they are written.
struct SimulatedSpool {
    private struct File {
        var leases: [Lease]
        var reports: [[UInt8]]
        var isSynchronized: Bool
    }

    var isFull = false
    private var files: [File] = []
    /// A removal isn't synchronized: these come back when the host loses its power.
    private var removed: [File] = []

    /// Leases whose results would survive the process.
    var leases: [Lease] { files.flatMap(\.leases) }

    /// Returns whether there was room.
    mutating func store(_ reports: [TrialReport], synchronizes: Bool) -> Bool {
        if isFull { return false }
        forget(reports.map(\.lease))
        files.append(
            File(
                leases: reports.map(\.lease), reports: reports.map(SpoolCodec.encode),
                isSynchronized: synchronizes))
        if synchronizes { removed = [] }
        return true
    }

    mutating func remove(_ leases: [Lease]) {
        forget(leases)
    }

    /// What a new process finds, and owes.
    mutating func reopen() throws(WireError) -> [TrialReport] {
        var pending: [TrialReport] = []
        for index in files.indices {
            var reports: [TrialReport] = []
            for bytes in files[index].reports { reports.append(try SpoolCodec.decode(bytes)) }
            files[index].leases = reports.map(\.lease)
            pending += reports
        }
        return pending
    }

    /// Returns how many files were lost.
    mutating func losePower() -> Int {
        let count = files.count
        files.removeAll { !$0.isSynchronized }
        let lost = count - files.count
        files += removed
        removed = []
        return lost
    }

    /// A file goes with the last of its results.
    private mutating func forget(_ leases: [Lease]) {
        for index in files.indices.reversed() {
            let kept = files[index].leases.filter { !leases.contains($0) }
            if kept.isEmpty {
                removed.append(files.remove(at: index))
            } else {
                // The bytes stay: a new process owes them all again.
                files[index].leases = kept
            }
        }
    }
}
