import Dispatch
import Synchronization

/// Many seeds, on some threads.
package struct Campaign: Sendable {
    package let tally: Tally
    /// Seeds with violations, ascending.
    package let failures: [SeedRun]

    /// Runs seeds one by one on each thread; how they are shared out changes nothing.
    package init(seeds: Range<UInt64>, bug: KnownBug? = nil, jobs: Int) {
        let shared = Mutex((tally: Tally(), failures: [SeedRun]()))
        let next = Atomic(seeds.lowerBound)
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            while true {
                let seed = next.add(1, ordering: .relaxed).oldValue
                guard seed < seeds.upperBound else { return }
                let run = SeedRun(seed: seed, bug: bug)
                shared.withLock { shared in
                    shared.tally.add(run.tally)
                    if !run.violations.isEmpty { shared.failures.append(run) }
                }
            }
        }
        (tally, failures) = shared.withLock { shared in
            (shared.tally, shared.failures.sorted { $0.seed < $1.seed })
        }
    }
}

/// How soon a known defect is found.
package struct BugHunt: Sendable {
    package let bug: KnownBug
    /// Seeds that were run, the last of which found it; nil when none did.
    package let seedsNeeded: Int?
    /// What the last seed found.
    package let violations: [Violation]

    /// Runs seeds from 1 on until a checker that is meant to see the bug does; others may before.
    package init(_ bug: KnownBug, seedMaximum: Int) {
        self.bug = bug
        for seed in 1...UInt64(seedMaximum) {
            let run = SeedRun(seed: seed, bug: bug)
            guard run.violations.contains(where: { bug.checkers.contains($0.checker) }) else {
                continue
            }
            seedsNeeded = Int(seed)
            violations = run.violations
            return
        }
        seedsNeeded = nil
        violations = []
    }

    /// Whether a checker found it that is meant to.
    package var isCaught: Bool { seedsNeeded != nil }
}
