import ArgumentParser
import Foundation

/// `hpbench leader`: whether the leader's interval tells the truth.
struct LeaderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leader",
        abstract: "Search small tables and digits; how far the leader's value is from the truth.",
        discussion: """
            Each study searches learning_rate and reg on few rows and refits the best. The truth \
            is the leader's mean accuracy over fresh seeds, each at the epoch that its validation \
            rows choose, on rows that no search saw. Printed are the share of studies whose \
            interval holds the truth and the mean of value less truth, of the luckiest single \
            trial, of the leader's mean, and of what the verdict expects. It ends with 1 when the \
            coverage of the last is not within 8 points of 95%.
            """)

    @Option(help: "Studies.")
    var studies = 100

    @Option(help: "The seed of the first study.")
    var seed: UInt64 = 1

    @Option(help: "Fresh seeds that the truth is the mean of.")
    var truthSeeds: UInt32 = 20

    @Option(help: "Replicates of refitted configurations; 0 for no stage that refits.")
    var replicates = 3

    func validate() throws {
        guard studies > 0, truthSeeds > 0, replicates >= 0 else {
            throw ValidationError("--studies and --truth-seeds are at least 1")
        }
    }

    func run() throws {
        var tallies: [String: LeaderTally] = [:]
        var all = LeaderTally()
        let tables = LeaderTable.all
        for index in 0..<studies {
            let table = tables[index % tables.count]
            let study = try LeaderStudy(
                table, seed: seed + UInt64(index), replicates: replicates)
            let outcome = try study.outcome(truthSeeds: truthSeeds)
            tallies[table.name, default: LeaderTally()].add(outcome)
            all.add(outcome)
        }
        print("table        studies  " + LeaderTally.header)
        for table in tables {
            if let tally = tallies[table.name] { print(tally.line(table.name)) }
        }
        print(all.line("all"))
        let coverage = all.expected.coverage
        if (coverage - 0.95).magnitude > 0.08 { throw ExitCode(1) }
    }
}

/// Counts what studies came to, beside the truth.
struct LeaderTally {
    /// One way to say what the best is worth.
    struct Claim {
        private(set) var count = 0
        private var held = 0
        private var sum = 0.0
        private var squares = 0.0

        mutating func add(_ value: Double, _ interval: ClosedRange<Double>, truth: Double) {
            count += 1
            if interval.contains(truth) { held += 1 }
            sum += value - truth
            squares += (value - truth) * (value - truth)
        }

        /// The share of intervals that hold the truth.
        var coverage: Double { Double(held) / Double(count) }
        /// The mean of value less truth.
        var optimism: Double { sum / Double(count) }
        var optimismError: Double {
            let variance = squares / Double(count) - optimism * optimism
            return (max(0, variance) / Double(max(1, count - 1))).squareRoot()
        }

        /// `93%  +0.0312 ± 0.0021`
        var text: String {
            String(
                format: "%4.0f%%  %+.4f ± %.4f", 100 * coverage, optimism, optimismError)
        }
    }

    var luckiest = Claim()
    var leader = Claim()
    var expected = Claim()

    static let header =
        "luckiest trial             leader's mean              expected"

    mutating func add(_ outcome: LeaderOutcome) {
        luckiest.add(outcome.luckiest, outcome.luckiestInterval, truth: outcome.luckiestTruth)
        leader.add(outcome.value, outcome.valueInterval, truth: outcome.truth)
        expected.add(outcome.expected, outcome.expectedInterval, truth: outcome.truth)
    }

    func line(_ name: String) -> String {
        let padded = name.padding(toLength: 12, withPad: " ", startingAt: 0)
        let count = String(format: "%8d  ", expected.count)
        return padded + count
            + [luckiest, leader, expected].map(\.text).joined(separator: "    ")
    }
}
