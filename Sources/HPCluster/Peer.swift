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
    var introduction: Int
    var slots: Int
    var engineRevision: String
    var lastHeard: Instant
    var heartbeat: HeartbeatInterval
    var bundles: [Bundle] = []
    /// A trial of its bundles was handed out to run alone: nothing may run beside it.
    var runsAlone = false
    /// Lost attempts that the worker nevertheless goes on with: their trials are not handed out.
    var strays: Set<Lease> = []
    /// It gave trials back: it is leaving, or can't read them. It gets nothing until its next
    /// heartbeat, or it would be handed the same trials as fast as messages travel.
    var handsBack = false
    /// Studies whose content this session was sent.
    var knownStudies: Set<StudyID> = []
    /// Why the worker can't run trials of these studies.
    var declined: [StudyID: Declined] = [:]

    struct Declined: Sendable {
        var code: String
        var detail: String
    }

    /// How bundles of strays were made is not known: they are taken for one.
    var freeSlots: Int {
        runsAlone ? 0 : max(0, slots - bundles.count - (strays.isEmpty ? 0 : 1))
    }

    var isIdle: Bool { bundles.isEmpty && strays.isEmpty }

    var leases: [Lease] { bundles.flatMap(\.leases) }

    mutating func forget(_ lease: Lease) {
        strays.remove(lease)
        for index in bundles.indices {
            bundles[index].leases.removeAll { $0 == lease }
            bundles[index].assignment.members.removeAll { $0.lease == lease }
        }
        bundles.removeAll { $0.leases.isEmpty }
        if bundles.isEmpty { runsAlone = false }
    }
}

/// How often a worker speaks. A new interval holds from the answer that tells it; until a worker
/// has it, it keeps to the one before.
struct HeartbeatInterval: Sendable {
    private(set) var seconds: Double
    private var formerSeconds: Double

    init(seconds: Double) {
        self.seconds = seconds
        formerSeconds = seconds
    }

    mutating func tell(_ seconds: Double) {
        formerSeconds = self.seconds
        self.seconds = seconds
    }

    /// What the worker may be keeping to.
    var longestSeconds: Double { max(seconds, formerSeconds) }
}

/// A worker that left or fell silent, remembered for people.
struct DepartedWorker: Sendable {
    var worker: WorkerIdentity
    var slots: Int
    var engineRevision: String
    var lastHeard: Instant
}
