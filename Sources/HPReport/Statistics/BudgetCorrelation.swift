package import HPSearch

/// How well a stage's few epochs foretell the order after the more epochs of a later one.
package struct BudgetCorrelation: Sendable, Hashable {
    package enum Basis: String, Sendable, CaseIterable {
        /// Trials of the later stage, after the epochs of the earlier one and at their end.
        case sameTrials = "same-trials"
        /// Configurations that ran in both stages: the best ones of the earlier, so that they
        /// differ less than all do and the correlation is lower than over the whole space.
        case sameConfigurations = "same-configurations"
    }

    /// Index of the stage with fewer epochs.
    package var from: Int
    /// Index of the stage with more epochs.
    package var to: Int
    package var fromEpochs: Double
    package var toEpochs: Double
    package var basis: Basis
    package var correlation: RankCorrelation

    /// For each pair of stages that can be compared, in the order of the later ones: a sampled
    /// stage with the sampled one before it, a `from: top` stage with all before it.
    package static func all(of study: Study) -> [BudgetCorrelation] {
        study.stages.flatMap { later in
            switch study.spec.stages[later.index].source {
            case .top: study.stages.prefix(later.index).compactMap { between($0, later, study) }
            case .sampler: [within(later, study)].compactMap(\.self)
            }
        }
    }

    // MARK: - Trials of one stage

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
        for scored in study.scoredTrials(ofStage: later.index) {
            let curve = scored.trial.result?.objectiveCurve.prefix(Int(epochs)) ?? []
            let scores = curve.filter(\.isFinite).map(study.spec.objective.score)
            guard curve.count == Int(epochs), let best = scores.max() else { continue }
            before.append(best)
            after.append(scored.score)
        }
        return RankCorrelation(before, after).map {
            BudgetCorrelation(
                from: earlier.index, to: later.index, fromEpochs: epochs, toEpochs: later.epochs,
                basis: .sameTrials, correlation: $0)
        }
    }

    // MARK: - Configurations of two stages

    private static func between(
        _ earlier: Stage, _ later: Stage, _ study: Study
    ) -> BudgetCorrelation? {
        guard earlier.epochs < later.epochs else { return nil }
        let first = ConfigurationScores(study.scoredTrials(ofStage: earlier.index))
        let second = ConfigurationScores(study.scoredTrials(ofStage: later.index))
        let shared = second.configurations.filter { first.mean(of: $0) != nil }
        return RankCorrelation(
            shared.compactMap(first.mean), shared.compactMap(second.mean)
        ).map {
            BudgetCorrelation(
                from: earlier.index, to: later.index, fromEpochs: earlier.epochs,
                toEpochs: later.epochs, basis: .sameConfigurations, correlation: $0)
        }
    }

    private struct ConfigurationScores {
        /// In the order in which their first trials are numbered.
        private(set) var configurations: [Int] = []
        private var sums: [Int: (sum: Double, count: Int)] = [:]

        init(_ trials: [ScoredTrial]) {
            for scored in trials {
                let configuration = scored.trial.configuration
                let sofar = sums[configuration] ?? (0, 0)
                if sofar.count == 0 { configurations.append(configuration) }
                sums[configuration] = (sofar.sum + scored.score, sofar.count + 1)
            }
        }

        func mean(of configuration: Int) -> Double? {
            sums[configuration].map { $0.sum / Double($0.count) }
        }
    }
}
