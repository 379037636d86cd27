/// The protocol's constants, with the arithmetic that chose them.
package struct ClusterLimits: Sendable, Hashable {
    /// Workers of another version are refused.
    package static let protocolVersion = 1

    /// Seconds between a worker's heartbeats while there are few workers.
    package var heartbeatSeconds: Double
    /// A worker is gone after this many heartbeats in a row did not arrive. Four of 2 s are 8 s:
    /// a lost worker's trials run elsewhere within 10 s.
    package var missedHeartbeats: Int
    /// After a restart, seconds in which workers may come back to leases that the journal holds
    /// open; at least three heartbeats.
    package var amnestySeconds: Double
    /// The largest bundle: beyond eight trials of one shape a product gains nothing in width.
    package var bundleMaximum: Int
    /// How far beyond the first waiting trial others of its shape are looked for.
    package var bundleWindow: Int
    /// Two handled events further apart than this mean that the coordinator itself was suspended:
    /// its loop wakes at least once a second.
    package var suspensionSeconds: Double
    package var checkpoints: CheckpointLimits

    package init(
        heartbeatSeconds: Double = 2, missedHeartbeats: Int = 4, amnestySeconds: Double = 30,
        bundleMaximum: Int = 8, bundleWindow: Int = 256, suspensionSeconds: Double = 3,
        checkpoints: CheckpointLimits = CheckpointLimits()
    ) {
        self.checkpoints = checkpoints
        self.heartbeatSeconds = heartbeatSeconds
        self.missedHeartbeats = missedHeartbeats
        self.amnestySeconds = amnestySeconds
        self.bundleMaximum = bundleMaximum
        self.bundleWindow = bundleWindow
        self.suspensionSeconds = suspensionSeconds
    }

    /// Seconds between heartbeats with so many workers: a hundred heartbeats a second from 200
    /// workers on, more only beyond 1000, so that a lost one of 10,000 is noticed in 40 s.
    package func heartbeatSeconds(workers: Int) -> Double {
        let seconds = Double(workers) / Self.heartbeatsPerSecond
        return max(heartbeatSeconds, min(seconds, Self.heartbeatSecondsMaximum))
    }

    private static let heartbeatsPerSecond = 100.0
    /// A third of the amnesty: workers come back within it.
    private static let heartbeatSecondsMaximum = 10.0

    /// Seconds without a message after which a worker is gone, at this interval of heartbeats.
    package func silenceSeconds(heartbeatSeconds: Double) -> Double {
        heartbeatSeconds * Double(missedHeartbeats)
    }
}
