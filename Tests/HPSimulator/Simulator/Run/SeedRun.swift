import HPCluster

/// One simulation, from its seed to its end.
package struct SeedRun: Sendable {
    package let seed: UInt64
    package let tally: Tally
    /// Empty when every promise was kept.
    package let violations: [Violation]

    /// Runs the simulation of a seed; the same seed runs the same way.
    ///
    /// - Parameters:
    ///   - bug: a defect to put between the real parts.
    ///   - trace: told of each event: seconds since the start, who, and what.
    package init(
        seed: UInt64, bug: KnownBug? = nil, trace: ((Double, String, String) -> Void)? = nil
    ) {
        let start = Instant(nanoseconds: 0)
        let simulation = Simulation(
            seed: seed, bug: bug,
            trace: trace.map { trace in { trace($0.seconds(since: start), $1, $2) } })
        simulation.run()
        self.seed = seed
        tally = simulation.tally
        violations = simulation.observer.violations
    }
}
