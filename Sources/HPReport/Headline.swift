import HPCluster
import HPSearch

/// The line that says where a study stands.
struct Headline {
    var study: String
    var state: Study.State
    var reason: String
    var done: Int
    var planned: Int
    var best: (value: Double, trial: Int)?
    var elapsedSeconds: Double?
    var busyWorkers: Int
    var connectedWorkers: Int

    init(_ input: ReportInput) {
        let accounting = Accounting(of: input.study)
        study = input.study.spec.name
        state = input.study.state
        reason = input.study.reason
        done = accounting.done
        planned = accounting.planned
        best = input.study.bestTrial.flatMap { trial in
            (trial.result?.value).map { (value: $0, trial: trial.number) }
        }
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
        if let value = progress.bestValue, let trial = progress.bestTrial {
            best = (value, trial)
        }
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

    private var bestText: String {
        guard let best else { return "none yet" }
        return NumberFormat.fixed(best.value, decimals: 4) + " (trial \(best.trial))"
    }
}
