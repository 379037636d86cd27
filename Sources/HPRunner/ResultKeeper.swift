import HPCluster
import HPSearch
import Logging

/// Keeps costly results on disk until their verdict: a crash of the worker must not repeat them.
struct ResultKeeper {
    /// A cheaper result stays in memory: losing it costs a repeat with the same bits, an fsync
    /// would cost more.
    private static let costlySeconds = 1.0

    let spool: Spool
    let logger: Logger

    /// Returns those that are on disk now.
    func keep(_ reports: [TrialReport]) -> [Lease] {
        let costly = reports.filter { report in
            guard case .trained(_, _, _, let result, _) = report.outcome else { return false }
            return result.seconds > Self.costlySeconds
        }
        guard !costly.isEmpty else { return [] }
        do {
            try spool.store(costly)
            return costly.map(\.lease)
        } catch {
            logger.error("\(error); the results are kept in memory until they are acknowledged")
            return []
        }
    }

    func settle(_ leases: [Lease]) {
        guard !leases.isEmpty else { return }
        do {
            try spool.remove(leases)
        } catch {
            logger.error("\(error)")
        }
    }
}
