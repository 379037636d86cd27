import HPSearch

/// A COMPLETE trial with a finite value.
struct ScoredTrial {
    var trial: Trial
    /// The trial's value, negated where the goal is to minimize: the more the better.
    var score: Double
}

extension Study {
    /// The COMPLETE trials of a stage that have a finite value, in trial order.
    func scoredTrials(ofStage index: Int) -> [ScoredTrial] {
        trials.compactMap { trial in
            guard trial.stage == index, trial.state == .complete,
                let value = trial.result?.value, value.isFinite
            else { return nil }
            return ScoredTrial(trial: trial, score: spec.objective.score(value))
        }
    }
}
