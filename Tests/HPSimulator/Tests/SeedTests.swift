import Foundation
import HPSimulator
import Testing

/// Lives of a cluster; many more are run in release builds, see CONTRIBUTING.md.
@Suite("Simulated clusters")
struct SeedTests {
    @Test(arguments: 0..<8)
    func `keep every promise, whatever fails`(part: UInt64) {
        let campaign = Campaign(seeds: (1 + part * 8)..<(9 + part * 8), jobs: 1)
        #expect(campaign.failures.flatMap(\.violations) == [])
        // A run in which nothing happened would prove nothing.
        #expect(campaign.tally[.seeds] == 8)
        #expect(campaign.tally[.results] > 0)
        #expect(campaign.tally[.comparisons] > 0)
    }

    @Test func `run the same way each time`() {
        for seed in [3, 6] as [UInt64] {
            var traces: [[String]] = [[], []]
            let runs = traces.indices.map { index in
                SeedRun(seed: seed) { seconds, who, what in
                    traces[index].append("\(seconds) \(who) \(what)")
                }
            }
            #expect(traces[0].count > 100)
            #expect(traces[0] == traces[1])
            #expect(runs[0].tally == runs[1].tally)
        }
    }

    @Test func `keep their promises with the seeds that once broke one`() throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Seeds/regressions.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let seeds = lines.filter { !$0.hasPrefix("#") }.compactMap { line in
            line.split(separator: " ").first.flatMap { UInt64($0) }
        }
        #expect(!seeds.isEmpty)
        for seed in seeds { #expect(SeedRun(seed: seed).violations == [], "seed \(seed)") }
    }
}
