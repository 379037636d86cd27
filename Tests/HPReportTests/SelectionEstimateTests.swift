import HPMath
import HPSearch
import Testing

@testable import HPReport

/// Studies whose configurations are all worth the same, so that what looks better is luck.
@Suite struct SelectionEstimateTests {
    private static let truth = 0.7
    private static let rowCount = 200
    private static let configurations = 20

    /// - Parameter seedSpread: the standard deviation of what a seed adds to a training's accuracy.
    private static func study(
        _ seed: Int, replicates: Int, seedSpread: Double = 0
    ) -> (Study, [TrialRows]) {
        var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 4711)
        var stages = [StageSpec(name: "coarse", configurations: configurations, epochs: 1)]
        var trials: [Trial] = []
        var rows: [TrialRows] = []
        func train(stage: Int, configuration: Int, replicate: Int) {
            let accuracy = truth + seedSpread * stream.nextNormal()
            let correctness = RowCorrectness(
                (0..<rowCount).map { _ in stream.nextUnit() < accuracy })
            let value = Double(correctness.rightCount) / Double(rowCount)
            trials.append(
                Fixtures.complete(
                    trials.count + 1, stage: stage, configuration: configuration,
                    replicate: replicate, value,
                    standardError: AccuracyError.standardError(
                        ofAccuracy: value, count: rowCount)))
            rows.append(
                TrialRows(
                    trial: trials.count, correctness: correctness,
                    crossed: CrossedCorrectness(atOneEpoch: correctness)))
        }
        for number in 1...configurations {
            train(stage: 0, configuration: number, replicate: 0)
        }
        if replicates > 0 {
            stages.append(
                StageSpec(
                    name: "final", configurations: 4, epochs: 1, source: .top,
                    replicates: replicates))
            let best = trials.sorted { ($0.finiteValue ?? 0) > ($1.finiteValue ?? 0) }.prefix(4)
            for trial in best {
                for replicate in 1...replicates {
                    train(
                        stage: 1, configuration: trial.configuration, replicate: replicate)
                }
            }
        }
        return (Fixtures.study(Fixtures.spec(stages: stages), .complete, trials), rows)
    }

    @Test(arguments: [(0, 0), (3, 0), (2, 0.05), (3, 0.05)])
    func `what choosing flatters is taken off`(replicates: Int, seedSpread: Double) throws {
        let estimates = try (1...100).map { seed in
            let (study, rows) = Self.study(
                seed, replicates: replicates, seedSpread: seedSpread)
            return try #require(
                SelectionEstimate(of: study, Ranking(of: study, rows: rows)), "seed \(seed)")
        }
        let count = Double(estimates.count)
        let flattery = estimates.map { $0.value - Self.truth }.reduce(0, +) / count
        #expect(flattery > (replicates == 0 ? 0.05 : 0.01))
        let errors = estimates.map { $0.expected - Self.truth }
        let mean = errors.reduce(0, +) / count
        let spread = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        #expect(mean.magnitude < 3 * spread / count.squareRoot(), "\(mean)")
        let holding = estimates.count { $0.interval.contains(Self.truth) }
        #expect(holding >= 88)
    }

    @Test func `the verdict says in numbers what choosing flatters`() throws {
        let (study, rows) = Self.study(1, replicates: 0)
        let ranking = Ranking(of: study, rows: rows)
        let estimate = try #require(SelectionEstimate(of: study, ranking))
        let verdict = try #require(SelectionVerdict.verdict(of: Findings(of: study, ranking)))
        let numbers = [estimate.value, estimate.flattery, estimate.expected].map {
            NumberFormat.fixed($0, decimals: 4)
        }
        #expect(
            verdict.message.hasPrefix(
                "\(numbers[0]) is the best of 20 configurations, chosen on the 200 rows that it is "
                    + "measured on, which flatters by \(numbers[1]): expect \(numbers[2]) on new "
                    + "data"))
    }

    @Test func `nothing is said where it isn't known which rows were right`() {
        let (study, rows) = Self.study(1, replicates: 0)
        #expect(SelectionEstimate(of: study, Ranking(of: study)) == nil)
        let uncrossed = rows.map { TrialRows(trial: $0.trial, correctness: $0.correctness) }
        #expect(SelectionEstimate(of: study, Ranking(of: study, rows: uncrossed)) == nil)
    }
}
