import HPCluster
import HPSearch

/// Counts what happened, for the summary.
extension Simulation {
    /// A record is durable.
    func count(_ record: JournalRecord) {
        switch record {
        case .attemptLeased: tally[.attempts] += 1
        case .attemptEnded(_, .lost, _): tally[.lostAttempts] += 1
        case .attemptEnded(_, .superseded, _): tally[.supersededAttempts] += 1
        case .trialFinished(let finished): count(finished)
        case .attemptEnded, .coordinatorStarted, .studySubmitted, .stageBegan, .trialCreated,
            .studyPinned, .studyChanged, .workerOrdered:
            break
        }
    }

    private func count(_ finished: FinishedTrial) {
        if finished.reason == "poison" { tally[.convictions] += 1 }
        guard finished.result != nil else { return }
        tally[.results] += 1
        let lease = Lease(
            study: finished.study, trial: finished.trial, attempt: finished.attempt)
        if observer.ledger.attempt(lease)?.outcome == .lost { tally[.lateResults] += 1 }
    }

    /// A message arrived at a worker.
    func count(_ message: CoordinatorMessage) {
        switch message {
        case .verdicts(let verdicts):
            tally[.duplicateVerdicts] += verdicts.count { $0.verdict == .duplicate }
        case .checkpointRefused: tally[.checkpointsRefused] += 1
        default: break
        }
    }

    /// How the studies ended.
    func countEnds() {
        for study in observer.ledger.studies {
            switch study.state {
            case .complete: tally[.studiesComplete] += 1
            case .failed: tally[.studiesFailed] += 1
            case .canceled: tally[.studiesCanceled] += 1
            case .queued, .running, .paused, .stopping: break
            }
        }
    }
}
