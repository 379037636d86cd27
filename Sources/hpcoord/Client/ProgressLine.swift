import HPCluster
import HPSearch

/// The live line on a terminal; a pipe gets none.
struct ProgressLine {
    private let isShown = Output.errorIsTerminal
    private var began: Instant?
    private var doneAtBegin = 0
    private var isDirty = false

    mutating func show(_ progress: StudyProgress, at now: Instant) {
        guard isShown else { return }
        if began == nil {
            began = now
            doneAtBegin = progress.done
        }
        Output.writeError("\r\u{1B}[2K" + text(progress, at: now))
        isDirty = true
    }

    mutating func clear() {
        guard isDirty else { return }
        Output.writeError("\r\u{1B}[2K")
        isDirty = false
    }

    private func text(_ progress: StudyProgress, at now: Instant) -> String {
        var parts = [
            "\(progress.study) \(progress.state.rawValue)",
            bar(progress) + " \(progress.done)/\(progress.planned)",
        ]
        if !progress.stage.isEmpty { parts.append(progress.stage) }
        if let best = progress.best {
            parts.append("best \(rounded(best.value)) (\(best.name))")
        }
        if let seconds = remainingSeconds(progress, at: now) { parts.append("ETA \(seconds) s") }
        parts.append("\(progress.busyWorkers) of \(progress.connectedWorkers) workers busy")
        return parts.joined(separator: "  ")
    }

    private func bar(_ progress: StudyProgress) -> String {
        let width = 20
        let filled = progress.planned == 0 ? 0 : width * progress.done / progress.planned
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled) + "]"
    }

    private func rounded(_ value: Double) -> String {
        "\((value * 10_000).rounded() / 10_000)"
    }

    private func remainingSeconds(_ progress: StudyProgress, at now: Instant) -> Int? {
        guard let began, progress.done > doneAtBegin else { return nil }
        let perTrial = now.seconds(since: began) / Double(progress.done - doneAtBegin)
        return Int((perTrial * Double(progress.planned - progress.done)).rounded(.up))
    }
}
