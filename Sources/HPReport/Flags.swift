import HPSearch

extension TrialFlag {
    /// The flags of a trial, in the order of their kinds.
    static func flags(of trial: Trial, objective: Objective) -> [TrialFlag] {
        guard let result = trial.result else { return [] }
        let curve = ObjectiveCurve(result, objective)
        let isComplete = trial.state == .complete
        return allCases.filter { flag in
            switch flag {
            case .stillImproving: isComplete && curve.isStillImproving
            case .luckyEpoch: isComplete && objective.at == .best && curve.hasLuckyBest
            default: result.flags.contains(flag)
            }
        }
    }
}
