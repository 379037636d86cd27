import HPSearch

/// A short mark on a trial.
package enum TrialFlag: String, Sendable, CaseIterable {
    /// The last of at least two evaluations was the best: more epochs may give more.
    case stillImproving = "still-improving"

    /// The flags of a trial, in a fixed order; only a COMPLETE trial has any.
    static func flags(of trial: Trial, objective: Objective) -> [TrialFlag] {
        guard trial.state == .complete, let curve = trial.result?.objectiveCurve else { return [] }
        return isStillImproving(curve, objective) ? [.stillImproving] : []
    }

    private static func isStillImproving(_ curve: [Double], _ objective: Objective) -> Bool {
        guard curve.count >= 2, let last = curve.last else { return false }
        return curve.dropLast().allSatisfy { objective.isBetter(last, than: $0) }
    }
}
