package import HPSearch

/// How well a stage's few epochs foretell the order after the more epochs of a later one.
///
/// It is told by the trials of the later stage: by what they came to at the epoch that the earlier
/// stage ended with, and at their own end. The best epoch so far would not do, since both would be
/// the same wherever a trial was best early. Configurations that ran in both stages would not do
/// either: they are the best ones of the earlier stage, and among those little is left to foretell.
package struct BudgetCorrelation: Sendable, Hashable {
    /// Index of the stage with fewer epochs.
    package var from: Int
    /// Index of the stage with more epochs.
    package var to: Int
    package var fromEpochs: Double
    package var toEpochs: Double
    package var correlation: RankCorrelation
    /// Whether the trials' values at their end differ by clearly more than their standard errors:
    /// where they don't, nothing can foretell their order.
    package var differsBeyondNoise: Bool

    /// One for each sampled stage that can be compared with the sampled one before it, in order.
    package static func all(of study: Study) -> [BudgetCorrelation] {
        study.stages.compactMap { later in
            study.spec.stages[later.index].source == .sampler ? within(later, study) : nil
        }
    }

    private static func within(_ later: Stage, _ study: Study) -> BudgetCorrelation? {
        let earlier = study.stages.prefix(later.index).last {
            study.spec.stages[$0.index].source == .sampler
        }
        guard let earlier, earlier.epochs < later.epochs else { return nil }
        // The first evaluation that an earlier stage's trial could have ended with.
        let epochs = max(1, earlier.epochs.rounded(.up))
        guard epochs < later.epochs else { return nil }
        var before: [Double] = []
        var after: [Double] = []
        var errors: [Double] = []
        for scored in study.scoredTrials(ofStage: later.index) {
            let curve = scored.trial.result?.objectiveCurve ?? []
            guard curve.count > Int(epochs), let last = curve.last, last.isFinite,
                curve[Int(epochs) - 1].isFinite
            else { continue }
            before.append(study.spec.objective.score(curve[Int(epochs) - 1]))
            after.append(study.spec.objective.score(last))
            if let error = scored.trial.standardError { errors.append(error * error) }
        }
        return RankCorrelation(before, after).map {
            BudgetCorrelation(
                from: earlier.index, to: later.index, fromEpochs: epochs, toEpochs: later.epochs,
                correlation: $0, differsBeyondNoise: differ(after, beyond: errors))
        }
    }

    /// The share of the values' variance that noise may be.
    private static let noiseShareMaximum = 0.25

    /// - Parameter errors: variances of some of the values.
    private static func differ(_ values: [Double], beyond errors: [Double]) -> Bool {
        guard !errors.isEmpty else { return true }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance =
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return errors.reduce(0, +) / Double(errors.count) < noiseShareMaximum * variance
    }
}
