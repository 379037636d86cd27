package import HPCluster
package import HPKeys

/// How a worker is started.
package struct WorkerConfiguration: Sendable {
    /// The coordinator's address.
    package var connect: String
    /// Bundles that it runs side by side.
    package var slots: Int
    /// The folder that data paths of specs lie below.
    package var dataRoot: String
    /// The folder in which each worker process keeps its identity and unacknowledged results.
    package var spoolRoot: String
    /// What the coordinator knows this worker by; nil on loopback, without encryption.
    package var key: ClientKey?
    /// Seconds of work that are worth a checkpoint on the worker's disk.
    package var checkpointWorthSeconds = CheckpointKeeper.usualWorthSeconds
    /// When the session speaks, and which checkpoints it sends.
    package var limits = ClusterLimits()

    package init(
        connect: String, slots: Int, dataRoot: String, spoolRoot: String, key: ClientKey? = nil
    ) {
        self.key = key
        self.connect = connect
        self.slots = slots
        self.dataRoot = dataRoot
        self.spoolRoot = spoolRoot
    }
}
