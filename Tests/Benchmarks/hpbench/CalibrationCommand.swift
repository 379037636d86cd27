import ArgumentParser
import Foundation
import RandomStudies

/// `hpbench calibration`: how often chance alone moves a range.
struct CalibrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibration",
        abstract: "Run studies in which no parameter matters, and count those that moved a range.",
        discussion: """
            Ends with 1 when the share of some kind of studies is above 1 in 100, or, of \
            continuous parameters without ties at 20 rows and more, below 1 in 1,000, by more than \
            three of its standard errors.
            """)

    @Option(help: "Studies of each kind.")
    var tables = 500

    @Flag(help: "All sizes from 4 to 200 rows, and all kinds of studies.")
    var all = false

    func run() throws {
        print("rows  parameters  kind        values  errors   divergence  stages  moved   share")
        var failed = 0
        for settings in Calibration.settings(isLong: all) {
            let calibration = Calibration(settings, count: tables)
            print(Self.line(calibration))
            if calibration.isTooHigh || calibration.isTooLow { failed += 1 }
        }
        print(failed == 0 ? "the promise is kept" : "\(failed) kinds break the promise")
        if failed > 0 { throw ExitCode(1) }
    }

    private static func line(_ calibration: Calibration) -> String {
        let studies = calibration.studies
        let columns = [
            ("\(studies.rows)", 6), ("\(studies.parameterCount)", 12),
            (studies.kind.rawValue, 12), (studies.hasTies ? "tied" : "free", 8),
            (studies.errors.rawValue, 9), (studies.divergence.rawValue, 12),
            ("\(studies.stageCount)", 8), ("\(calibration.movedCount)", 8),
        ]
        let text = columns.map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined()
        let mark = calibration.isTooHigh ? "  too high" : calibration.isTooLow ? "  too low" : ""
        return text + String(format: "%.2f%%", 100 * calibration.share) + mark
    }
}
