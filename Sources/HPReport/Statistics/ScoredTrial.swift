import HPSearch

/// A COMPLETE trial with a finite value.
struct ScoredTrial {
    var trial: Trial
    /// The trial's value, negated where the goal is to minimize: the more the better.
    var score: Double
}

extension Study {
    /// The COMPLETE trials of a sampled stage that have a finite value, in trial order; of copies
    /// of a configuration the first one.
    func scoredTrials(ofStage index: Int) -> [ScoredTrial] {
        distinctTrials(ofStage: index).compactMap { trial in
            guard trial.state == .complete, let value = trial.finiteValue else { return nil }
            return ScoredTrial(trial: trial, score: spec.objective.score(value))
        }
    }

    /// The trials of a sampled stage, in trial order; of copies of a configuration the first one:
    /// the same training again is no more evidence.
    func distinctTrials(ofStage index: Int) -> [Trial] {
        let own = trials.filter { $0.stage == index }
        guard let stage = stages.first(where: { $0.index == index }),
            spec.canRepeat(stage.domains)
        else { return own }
        var known: Set<[ParameterValue]> = []
        return own.filter { known.insert($0.parameters).inserted }
    }
}
