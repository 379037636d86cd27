import ArgumentParser
import Foundation
import HPSimulator

/// `hpsim`: lives of a cluster, from seeds.
@main
struct HPSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hpsim",
        abstract: "Simulate clusters whose every part fails now and then, and check each promise.",
        discussion: """
            A seed is one life of a cluster: it runs the same way each time. Exit status 1 and the \
            seed when a promise was broken.
            """)

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds.")
    var seeds = 1

    @Option(help: "Seeds run side by side.")
    var jobs = 1

    @Flag(help: "Print each event of the first seed: seconds, who, what.")
    var trace = false

    @Option(help: "Commit a known defect, to see the checkers find it.")
    var bug: KnownBug?

    @Flag(help: "Name the known defects.")
    var listBugs = false

    @Flag(help: "Run seeds with each known defect until it is found.")
    var huntBugs = false

    @Option(help: "Of the summary.")
    var format = Format.table

    @Option(help: "Append seeds that broke a promise to this file.")
    var record: String?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    func validate() throws {
        guard seeds > 0, jobs > 0 else {
            throw ValidationError("--seeds and --jobs are positive numbers")
        }
    }

    func run() throws {
        if listBugs { return KnownBug.allCases.forEach { print($0.rawValue) } }
        if huntBugs { return try hunt() }
        if trace { traceFirst() }
        let campaign = Campaign(
            seeds: seed..<(seed + UInt64(seeds)), bug: bug, jobs: jobs)
        try record(campaign.failures)
        print(Summary(campaign).text(format))
        if !campaign.failures.isEmpty { throw ExitCode(1) }
    }

    private func traceFirst() {
        _ = SeedRun(seed: seed, bug: bug) { seconds, who, what in
            print(String(format: "%14.6f  %-12@  ", seconds, who) + what)
        }
    }

    private func record(_ failures: [SeedRun]) throws {
        guard let record, !failures.isEmpty else { return }
        var text = (try? String(contentsOfFile: record, encoding: .utf8)) ?? ""
        for failure in failures {
            text += "\(failure.seed) \(failure.violations.first.map { "\($0)" } ?? "")\n"
        }
        try text.write(toFile: record, atomically: true, encoding: .utf8)
    }

    /// Each defect has to be found by a checker that is meant to find it.
    private func hunt() throws {
        var isComplete = true
        for bug in KnownBug.allCases {
            let hunt = BugHunt(bug, seedMaximum: 1000)
            let names = Set(hunt.violations.map(\.checker)).sorted().joined(separator: ", ")
            let needed = hunt.seedsNeeded.map { "\($0)" } ?? "not found"
            print("\(bug.rawValue): \(needed) (\(names))")
            isComplete = isComplete && hunt.isCaught
        }
        if !isComplete { throw ExitCode(1) }
    }
}

extension KnownBug: ExpressibleByArgument {}
