import ArgumentParser
import Foundation
import HPSearch
import RandomStudies

/// `hpbench objectives`: what narrowing gains where the true value is known.
struct ObjectivesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "objectives",
        abstract: "Search made-up objectives; what the leaders are worth.",
        discussion: """
            Each study has three stages. Printed are the mean true value of the leader, with \
            narrowing and with the ranges kept, and what narrowing gains, both in the same seeds. \
            Ends with 1 when the gain over all is below 0 by more than three of its standard \
            errors.
            """)

    @Option(help: "Studies of each kind.")
    var studies = 500

    func run() throws {
        print("objective          trials  errors   narrowed     kept      gain              moves")
        var all = Gains()
        for objective in KnownObjective.all {
            for trials in [10, 20, 40] {
                for hasErrors in [true, false] {
                    let gains = measured(objective, trials: trials, hasErrors: hasErrors)
                    print(
                        gains.line([
                            (objective.name, 19), ("\(trials)", 8),
                            (hasErrors ? "known" : "unknown", 9),
                        ]))
                    all.add(gains)
                }
            }
        }
        print(all.line([("all", 36)]))
        if all.gain < -3 * all.error { throw ExitCode(1) }
    }

    private func measured(
        _ objective: KnownObjective, trials: Int, hasErrors: Bool
    ) -> Gains {
        var gains = Gains()
        for seed in 1...studies {
            let narrowed = objective.study(
                seed: seed, trials: trials, narrowing: .auto, hasErrors: hasErrors)
            let kept = objective.study(
                seed: seed, trials: trials, narrowing: .off, hasErrors: hasErrors)
            guard let new = objective.leaderValue(narrowed), let old = objective.leaderValue(kept)
            else { continue }
            gains.add(
                narrowed: new, kept: old,
                moves: narrowed.stages.flatMap(\.moves).count { $0.action != .keep })
        }
        return gains
    }
}

extension KnownObjective {
    /// The true value of the configuration that a study stands for.
    fileprivate func leaderValue(_ study: Study) -> Double? {
        Standings(of: study).leader(of: study).flatMap {
            value(of: study.trials[$0.first].parameters)
        }
    }
}

/// Sums over studies.
private struct Gains {
    private var count = 0.0
    private var narrowed = 0.0
    private var kept = 0.0
    private var squares = 0.0
    private var moves = 0.0

    var gain: Double { (narrowed - kept) / count }
    /// The standard error of the gain.
    var error: Double { ((squares / count - gain * gain) / count).squareRoot() }

    mutating func add(narrowed: Double, kept: Double, moves: Int) {
        count += 1
        self.narrowed += narrowed
        self.kept += kept
        squares += (narrowed - kept) * (narrowed - kept)
        self.moves += Double(moves)
    }

    mutating func add(_ other: Gains) {
        count += other.count
        narrowed += other.narrowed
        kept += other.kept
        squares += other.squares
        moves += other.moves
    }

    func line(_ columns: [(text: String, width: Int)]) -> String {
        columns.map { $0.text.padding(toLength: $0.width, withPad: " ", startingAt: 0) }.joined()
            + String(
                format: "%.5f  %.5f  %+.5f ± %.5f  %.2f",
                narrowed / count, kept / count, gain, error, moves / count)
    }
}
