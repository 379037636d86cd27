import HPCluster
import HPSearch

/// The line that says where a study stands.
struct Headline {
    var study: String
    var state: Study.State
    var reason: String
    var done: Int
    var planned: Int
    var best: Leader?
    /// The standard error of the best value; nil where it isn't known.
    var standardError: Double?
    var elapsedSeconds: Double?
    var busyWorkers: Int
    var connectedWorkers: Int

    init(_ input: ReportInput, _ ranking: Ranking) {
        let accounting = Accounting(of: input.study)
        study = input.study.spec.name
        state = input.study.state
        reason = input.study.reason
        done = accounting.done
        planned = accounting.planned
        best = ranking.leader.map { Leader($0, of: input.study) }
        standardError = ranking.leaderError
        elapsedSeconds = input.elapsedSeconds
        busyWorkers = input.busyWorkers
        connectedWorkers = input.connectedWorkers
    }

    init(_ progress: StudyProgress, elapsedSeconds: Double?) {
        study = progress.study
        state = progress.state
        reason = progress.reason
        done = progress.done
        planned = progress.planned
        best = progress.best
        self.elapsedSeconds = elapsedSeconds
        busyWorkers = progress.busyWorkers
        connectedWorkers = progress.connectedWorkers
    }

    var text: String {
        var parts = [
            "study \(study)",
            state.rawValue + (reason.isEmpty ? "" : " (\(reason))"),
            "\(done)/\(planned) trials",
            "best \(bestText)",
        ]
        if let elapsedSeconds {
            parts.append("elapsed \(NumberFormat.duration(seconds: elapsedSeconds))")
        }
        parts.append("\(busyWorkers) of \(TextLayout.count(connectedWorkers, "worker")) busy")
        return TextLayout.printable(parts.joined(separator: "   "))
    }

    /// `0.9360 ± 0.0130 (configuration 61, 3 of 3 seeds)`
    var bestText: String {
        guard let best else { return "none yet" }
        let error = standardError.map { " ± \(NumberFormat.fixed($0, decimals: 4))" }
        return NumberFormat.fixed(best.value, decimals: 4) + (error ?? "") + " (\(best.name))"
    }
}
