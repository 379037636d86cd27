import Glibc
package import HPCluster
import Synchronization

/// Results on the worker's own disk, from the end of their trials to the coordinator's verdict.
///
/// What finished together is one file, so that a bundle costs one wait for the disk; the file goes
/// with the last verdict on it. All methods block; they may be called from any thread.
package final class Spool: Sendable {
    private let results: String
    private let setAside: String
    private let index: Mutex<Index>

    /// The spool in a worker's folder, which is made where it is missing.
    ///
    /// - Precondition: this process alone uses the folder, as `WorkerSlot` grants.
    /// - Throws: `SpoolError.unusable` or `.full`.
    package init(directory: String) throws(SpoolError) {
        results = directory + "/results"
        setAside = directory + "/corrupt"
        try SpoolFiles.makeFolder(results)
        let numbers = try SpoolFiles.names(in: results).compactMap(Self.number)
        index = Mutex(Index(nextNumber: (numbers.max() ?? 0) + 1))
    }

    /// Puts results on the disk, together; they are durable on return.
    ///
    /// - Throws: `SpoolError.full` or `.unusable`: nothing is kept, the caller still holds them.
    package func store(_ reports: [TrialReport]) throws(SpoolError) {
        if reports.isEmpty { return }
        let name = index.withLock { $0.takeName() }
        try SpoolFiles.write(SpoolContent.encode(reports), folder: results, name: name)
        note(name, holds: reports)
    }

    /// Every result that has no verdict yet, in the order in which they were stored.
    ///
    /// Call it once, before `remove`. Files that were being written when their process died are
    /// deleted: their results were never said to be stored.
    ///
    /// - Parameter notice: told of each file that can't be read and was moved to `corrupt/`.
    /// - Throws: `SpoolError.unusable` when the folder itself can't be read.
    package func pending(
        notice: (SpoolError) -> Void = { _ in }
    ) throws(SpoolError) -> [TrialReport] {
        var pending: [TrialReport] = []
        for name in try SpoolFiles.names(in: results) {
            if name.hasSuffix(SpoolFiles.temporarySuffix) {
                unlink("\(results)/\(name)")
                continue
            }
            guard Self.number(name) != nil else { continue }
            do {
                let reports = try SpoolContent.decode(SpoolFiles.read("\(results)/\(name)"))
                note(name, holds: reports)
                pending.append(contentsOf: reports)
            } catch {
                notice(try moveAside(name, because: "\(error)"))
            }
        }
        return pending
    }

    /// Forgets results that have a verdict; leases that aren't here are ignored.
    ///
    /// The removal needn't be durable: a result that comes back is sent again, and answered with
    /// the verdict "duplicate".
    ///
    /// - Throws: `SpoolError.unusable` when a file can't be deleted.
    package func remove(_ leases: [Lease]) throws(SpoolError) {
        let settled = index.withLock { $0.remove(leases) }
        for name in settled where unlink("\(results)/\(name)") != 0 && errno != ENOENT {
            throw SpoolError(errorNumber: errno, path: "\(results)/\(name)")
        }
    }

    // MARK: - Files

    /// A newer file of the same results makes an older one superfluous.
    private func note(_ name: String, holds reports: [TrialReport]) {
        let superseded = index.withLock { $0.add(name, leases: reports.map(\.lease)) }
        for name in superseded { unlink("\(results)/\(name)") }
    }

    private static let suffix = ".results"

    /// The number of a result file; nil for any other name.
    private static func number(_ name: String) -> Int? {
        name.hasSuffix(suffix) ? Int(name.dropLast(suffix.count)) : nil
    }

    private func moveAside(
        _ name: String, because explanation: String
    ) throws(SpoolError) -> SpoolError {
        try SpoolFiles.makeFolder(setAside)
        let source = "\(results)/\(name)"
        let destination = try freePath(for: name)
        guard rename(source, destination) == 0 else {
            throw SpoolError(errorNumber: errno, path: source)
        }
        try SpoolFiles.sync(setAside)
        return .corrupt(path: source, movedTo: destination, explanation: explanation)
    }

    /// File numbers begin anew when the spool is empty: an older file of the name stays.
    private func freePath(for name: String) throws(SpoolError) -> String {
        let taken = try SpoolFiles.names(in: setAside)
        var candidate = name
        var copy = 1
        while taken.contains(candidate) {
            copy += 1
            candidate = "\(name).\(copy)"
        }
        return "\(setAside)/\(candidate)"
    }

    /// Which file holds which results.
    private struct Index {
        var nextNumber: Int
        private var fileOfLease: [Lease: String] = [:]
        private var leaseCount: [String: Int] = [:]

        init(nextNumber: Int) {
            self.nextNumber = nextNumber
        }

        /// Names sort in the order of storing.
        mutating func takeName() -> String {
            defer { nextNumber += 1 }
            let digits = String(nextNumber)
            return String(repeating: "0", count: max(0, 12 - digits.count)) + digits + suffix
        }

        /// Returns the files that hold nothing any more, because newer ones hold the same leases.
        mutating func add(_ name: String, leases: [Lease]) -> [String] {
            let unique = Set(leases)
            let superseded = remove(leases)
            for lease in unique { fileOfLease[lease] = name }
            leaseCount[name] = unique.count
            return superseded
        }

        /// Returns the files that hold nothing any more.
        mutating func remove(_ leases: [Lease]) -> [String] {
            var empty: [String] = []
            for lease in leases {
                guard let name = fileOfLease.removeValue(forKey: lease) else { continue }
                let count = (leaseCount[name] ?? 0) - 1
                leaseCount[name] = count > 0 ? count : nil
                if count <= 0 { empty.append(name) }
            }
            return empty
        }
    }
}
