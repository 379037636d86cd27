/// What `hpcoord workers` shows of a worker.
package struct WorkerStatus: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case idle = "IDLE"
        case busy = "BUSY"
        /// It gets nothing more; what it runs it finishes.
        case draining = "DRAINING"
        /// It has been silent for more than two heartbeats; its trials are still its own.
        case suspect = "SUSPECT"
        case quarantined = "QUARANTINED"
        /// It left or fell silent; its trials went to others.
        case gone = "GONE"
    }

    package var id: String
    package var name: String
    package var state: State
    package var slots: Int
    /// What it runs now.
    package var leases: [Lease]
    package var engineRevision: String
    /// Seconds since its last message.
    package var silentSeconds: Double
    /// One sentence for each study that it can't run, beginning with the study's name.
    package var declined: [String]

    package init(
        id: String, name: String, state: State, slots: Int, leases: [Lease],
        engineRevision: String, silentSeconds: Double, declined: [String]
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.slots = slots
        self.leases = leases
        self.engineRevision = engineRevision
        self.silentSeconds = silentSeconds
        self.declined = declined
    }
}
