import HPCluster
import HPSearch

/// Attempts of a trial are numbered from 1 without gaps, one after the other, and only while its
/// study hands out and its worker may work.
struct AttemptChecker: Checker {
    static let name = "attempts"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .record(.attemptLeased(let lease, let worker, _)) = observation else {
            return []
        }
        let place = "attempt \(lease.attempt) of trial \(lease.trial) of study \(lease.study)"
        guard let study = ledger.study(lease.study),
            let trial = ledger.trial(lease.study, lease.trial)
        else { return ["\(place) is of a trial that doesn't exist"] }
        var problems: [String] = []
        if lease.attempt != trial.attempts.count + 1 {
            problems.append("\(place) follows \(trial.attempts.count)")
        }
        if let open = trial.openAttempt { problems.append("\(place) began while \(open) ran") }
        if trial.finished != nil { problems.append("\(place) began after the trial's end") }
        if study.state != .queued && study.state != .running {
            problems.append("\(place) began while the study was \(study.state.rawValue)")
        }
        if ledger.standing(of: worker.id) != .released {
            problems.append("\(place) was given to \(worker.name), which gets nothing")
        }
        return problems
    }
}
