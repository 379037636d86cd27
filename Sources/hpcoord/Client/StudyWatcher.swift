import Foundation
import HPCluster
import HPSearch
import HPServer

/// Follows a study to its end, through restarts of the coordinator.
enum StudyWatcher {
    private static let pollSeconds = 0.2
    /// A coordinator that is being restarted may be away this long.
    private static let absenceSeconds = 60.0

    /// Polls until the study is terminal, with a live line on a terminal; nil when interrupted.
    ///
    /// - Parameter endsAtConfirmation: whether a study that waits for an operator's consent is
    ///   returned as it stands; otherwise that is said once.
    /// - Throws: `CommandFailure` when the coordinator stays away or no longer knows the study.
    static func follow(
        _ study: String, through client: inout CoordinatorClient,
        endsAtConfirmation: Bool = false, isInterrupted: () -> Bool = { false }
    ) throws -> StudyProgress? {
        var line = ProgressLine()
        defer { line.clear() }
        var said: [String] = []
        var standstill = Standstill()
        var lastHeard = MonotonicClock.now
        while !isInterrupted() {
            do {
                let query = ClientRequest.Query(
                    kind: .status, study: study, format: DocumentFormat.json.rawValue)
                let answer = try client.ask(.query(query), patienceSeconds: 2)
                lastHeard = MonotonicClock.now
                guard let progress = answer.progress else { continue }
                line.show(progress, at: lastHeard)
                if progress.awaitsConfirmation, endsAtConfirmation { return progress }
                let waiting = progress.awaitsConfirmation ? [progress.detail] : []
                for obstacle in progress.obstacles + waiting where !said.contains(obstacle) {
                    line.clear()
                    Output.complain("hpcoord: \(obstacle)")
                    said.append(obstacle)
                }
                if progress.state.isTerminal { return progress }
                if !progress.awaitsConfirmation,
                    let reason = standstill.news(in: answer.document, at: lastHeard)
                {
                    line.clear()
                    Output.complain("hpcoord: \(study) stands still: \(reason)")
                }
            } catch let failure as CommandFailure
                where failure.exitStatus == ExitStatus.unreachable
            {
                let absence = MonotonicClock.now.seconds(since: lastHeard)
                guard absence < absenceSeconds else { throw failure }
            }
            Thread.sleep(forTimeInterval: pollSeconds)
        }
        return nil
    }
}

extension StudyProgress {
    /// Whether the study stands still until an operator accepts its next ranges.
    var awaitsConfirmation: Bool {
        state == .paused && reason == Study.confirmationReason
    }
}
