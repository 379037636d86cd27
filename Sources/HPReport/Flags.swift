import HPSearch

extension TrialFlag {
    /// The flags of a trial, in the order of their kinds.
    static func flags(of trial: Trial, objective: Objective) -> [TrialFlag] {
        guard let result = trial.result else { return [] }
        let isImproving = trial.state == .complete && isStillImproving(result, objective)
        return allCases.filter { flag in
            result.flags.contains(flag) || flag == .stillImproving && isImproving
        }
    }

    private static func isStillImproving(_ result: TrialResult, _ objective: Objective) -> Bool {
        let curve = result.objectiveCurve
        guard curve.count >= 2, let last = curve.last else { return false }
        return curve.dropLast().allSatisfy { objective.isBetter(last, than: $0) }
    }
}
