/// When checkpoints travel, in what pieces, and how much room they may take.
package struct CheckpointLimits: Sendable, Hashable {
    /// Seconds of work that would be lost with a worker's machine and are worth an upload, and so
    /// the time that a fetch may take.
    package var worthSeconds: Double
    /// Bytes of a part: short enough that a heartbeat behind it isn't late on a slow line.
    package var partByteCount: Int
    /// The largest checkpoint that the coordinator takes; 0 for none at all.
    package var byteCountMaximum: Int
    /// What all checkpoints together may take of the coordinator's disk.
    package var totalByteCountMaximum: Int
    /// Seconds after which a part that nobody answered is sent, or asked for, once more.
    package var patienceSeconds: Double
    /// After as many answers that didn't come, or that went back, a transfer is given up.
    package var triesMaximum: Int

    package init(
        worthSeconds: Double = 120, partByteCount: Int = 256 * 1024,
        byteCountMaximum: Int = 1 << 30, totalByteCountMaximum: Int = 8 << 30,
        patienceSeconds: Double = 10, triesMaximum: Int = 3
    ) {
        self.worthSeconds = worthSeconds
        self.partByteCount = partByteCount
        self.byteCountMaximum = byteCountMaximum
        self.totalByteCountMaximum = totalByteCountMaximum
        self.patienceSeconds = patienceSeconds
        self.triesMaximum = triesMaximum
    }
}
