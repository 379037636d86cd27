package import HPSearch

/// How much a parameter had to do with the objective in one stage.
package struct Importance: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Spearman's correlation of a number with the objective; positive where larger values of
        /// the parameter go with better values of the objective, whatever the goal.
        case rankCorrelation = "rank-correlation"
        /// From 0 to 1, for a choice: the root of the share of the ranks' variance that lies
        /// between the values, corrected for chance (Kruskal and Wallis' test as epsilon squared).
        case correlationRatio = "correlation-ratio"
    }

    package var parameter: String
    /// Index of the stage.
    package var stage: Int
    package var kind: Kind
    package var correlation: Double
    /// The interval that holds the true correlation in 95 of 100 samples; nil for a ratio.
    package var interval: ClosedRange<Double>?
    /// COMPLETE trials that it rests on: those in which the parameter is active, of very many
    /// `trialMaximum` spread over the stage.
    package var trialCount: Int
    /// The value of a choice whose trials have the best mean rank.
    package var bestValue: ParameterValue?

    /// More would narrow an interval that is a fiftieth wide.
    package static let trialMaximum = 20_000

    /// One for each searched parameter that took several values in the last sampled stage with
    /// enough COMPLETE trials, in the order of the spec's parameters; empty without such a stage.
    package static func all(of study: Study) -> [Importance] {
        for stage in study.stages.reversed()
        where study.spec.stages[stage.index].source == .sampler {
            let trials = study.scoredTrials(ofStage: stage.index)
            guard trials.count >= RankCorrelation.countMinimum else { continue }
            let sample = (0..<min(trials.count, trialMaximum)).map {
                trials[$0 * trials.count / min(trials.count, trialMaximum)]
            }
            return study.spec.parameters.indices.compactMap { index in
                importance(ofParameter: index, in: study, stage, sample)
            }
        }
        return []
    }

    private static func importance(
        ofParameter index: Int, in study: Study, _ stage: Stage, _ trials: [ScoredTrial]
    ) -> Importance? {
        let active = trials.filter { $0.trial.parameters[index] != .inactive }
        guard active.count >= RankCorrelation.countMinimum else { return nil }
        let values = active.map { $0.trial.parameters[index] }
        let scores = active.map(\.score)
        let parameter = study.spec.parameters[index]
        if case .choice = parameter.domain {
            guard let ratio = RankRatio(values, scores) else { return nil }
            return Importance(
                parameter: parameter.name, stage: stage.index, kind: .correlationRatio,
                correlation: ratio.coefficient, interval: nil, trialCount: active.count,
                bestValue: ratio.bestValue)
        }
        let numbers = values.compactMap(\.asNumber)
        guard numbers.count == scores.count, Set(numbers).count > 1,
            let correlation = RankCorrelation(numbers, scores)
        else { return nil }
        let interval = correlation.interval
        return Importance(
            parameter: parameter.name, stage: stage.index, kind: .rankCorrelation,
            correlation: correlation.coefficient, interval: interval.low...interval.high,
            trialCount: active.count, bestValue: nil)
    }
}

/// How far the ranks of a quantity depend on which of several values was chosen.
///
/// With H of Kruskal and Wallis (corrected for ties), k values and n trials, epsilon squared is
/// (H - k + 1) / (n - k), which is 0 on average where the choice makes no difference; negative
/// estimates count as 0 (Tomczak and Tomczak 2014, "The need to report effect size estimates
/// revisited").
struct RankRatio {
    /// The root of epsilon squared.
    let coefficient: Double
    let bestValue: ParameterValue

    /// - Parameter scores: the more the better.
    /// - Returns: nil where fewer than two values were chosen, or each of them once.
    /// - Precondition: as many of one as of the other, and no NaN.
    init?(_ values: [ParameterValue], _ scores: [Double]) {
        var groups: [(value: ParameterValue, sum: Double, count: Int)] = []
        let ranks = RankCorrelation.ranks(scores)
        let mean = Double(scores.count + 1) / 2
        var total = 0.0
        for (value, rank) in zip(values, ranks) {
            total += (rank - mean) * (rank - mean)
            if let index = groups.firstIndex(where: { $0.value == value }) {
                groups[index].sum += rank
                groups[index].count += 1
            } else {
                groups.append((value, rank, 1))
            }
        }
        guard groups.count > 1, scores.count > groups.count,
            var best = groups.first
        else { return nil }
        var between = 0.0
        for group in groups {
            let difference = group.sum / Double(group.count) - mean
            between += Double(group.count) * difference * difference
            if group.sum / Double(group.count) > best.sum / Double(best.count) { best = group }
        }
        bestValue = best.value
        let statistic = total > 0 ? Double(scores.count - 1) * between / total : 0
        let share =
            (statistic - Double(groups.count - 1)) / Double(scores.count - groups.count)
        coefficient = min(max(share, 0), 1).squareRoot()
    }
}
