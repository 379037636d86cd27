import HPSearch

/// A worker's session: volatile, rebuilt from `hello` whenever the worker or the coordinator
/// comes back.
struct Peer: Sendable {
    /// Trials that occupy one slot together, until the last of them has its verdict.
    struct Bundle: Sendable {
        var leases: [Lease]
        var assignedAt: Instant
        /// Kept to be sent again when the worker's heartbeats don't know the leases.
        var assignment: Assignment
    }

    var worker: WorkerIdentity
    var slots: Int
    var engineRevision: String
    var lastHeard: Instant
    var bundles: [Bundle] = []
    /// Studies whose content this session was sent.
    var knownStudies: Set<StudyID> = []
    /// Why the worker can't run trials of these studies.
    var declined: [StudyID: Declined] = [:]

    struct Declined: Sendable {
        var code: String
        var detail: String
    }

    var freeSlots: Int { max(0, slots - bundles.count) }

    var leases: [Lease] { bundles.flatMap(\.leases) }

    mutating func forget(_ lease: Lease) {
        for index in bundles.indices {
            bundles[index].leases.removeAll { $0 == lease }
        }
        bundles.removeAll { $0.leases.isEmpty }
    }
}
