import ArgumentParser
import HPSimulator

/// `hpsim`: lives of a cluster, from seeds.
@main
struct HPSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hpsim", abstract: "Simulate clusters whose every part fails now and then.")

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds.")
    var seeds = 1

    @Flag(help: "Print each event.")
    var trace = false

    func run() throws {
        for seed in seed..<(seed + UInt64(seeds)) {
            let run = SeedRun(
                seed: seed, trace: trace ? { print("\($0) \($1): \($2)") } : nil)
            for violation in run.violations { print("seed \(seed): \(violation)") }
            for count in Tally.Count.allCases { print(count.name(separator: " "), run.tally[count]) }
        }
    }
}
