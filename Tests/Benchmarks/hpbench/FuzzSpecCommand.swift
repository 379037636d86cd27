import ArgumentParser
import Foundation
import SpecFuzzing

/// `hpbench fuzz-spec`: hostile specs, read until the time is over.
struct FuzzSpecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz-spec",
        abstract: "Read mutated specs for a while: counts, the slowest, and the memory taken.")

    @Option(help: "How long.")
    var seconds = 10

    @Option(help: "Of the mutations: the same seed gives the same texts.")
    var seed: UInt64 = 1

    @Argument(help: "Specs to mutate.")
    var specs: [String]

    func run() throws {
        let texts = try specs.map { try String(contentsOfFile: $0, encoding: .utf8) }
        let (seconds, seed) = (seconds, seed)
        onSmallStack {
            var mutator = SpecMutator(seed: seed, specs: texts)
            var fuzzer = SpecFuzzer()
            let clock = ContinuousClock()
            let end = clock.now + .seconds(seconds)
            while clock.now < end { fuzzer.read(mutator.next()) }
            Self.show(fuzzer.counts, seed)
        }
    }

    private static func show(_ counts: SpecFuzzer.Counts, _ seed: UInt64) {
        print(
            "seed \(seed): \(counts.inputs) inputs, \(counts.accepted) accepted, "
                + "\(counts.refused) refused, slowest "
                + String(
                    format: "%.1f ms, peak %.1f MiB, ", counts.slowestMilliseconds, counts.growthMiB
                )
                + "\(counts.violations.count) violations")
        for violation in counts.violations { print(violation) }
    }
}
