import HPSearch

/// What a report says of a study beyond its trials.
struct Findings {
    let study: Study
    let ranking: Ranking
    let importances: [Importance]
    let infeasibleShares: [InfeasibleShare]
    let budgetCorrelations: [BudgetCorrelation]
    /// An estimate of what the leader's value is worth; nil where that can't be told.
    let selection: SelectionEstimate?

    init(of study: Study, _ ranking: Ranking) {
        self.study = study
        self.ranking = ranking
        importances = Importance.all(of: study)
        infeasibleShares = InfeasibleShare.all(of: study)
        budgetCorrelations = BudgetCorrelation.all(of: study)
        selection = SelectionEstimate(of: study, ranking)
    }

    /// See `StudyVerdicts`.
    var verdicts: [Verdict] { StudyVerdicts.verdicts(of: self) }

    /// The first COMPLETE trial of the leader.
    var leaderTrial: Trial? {
        guard let entry = ranking.leader else { return nil }
        let number = Leader(entry, of: study).trial
        return entry.trials.map { study.trials[$0] }.first { $0.number == number }
    }

    func stageName(_ index: Int) -> String { study.spec.stages[index].name }
}

// MARK: - JSON

extension Findings {
    /// The leader; null while nothing is COMPLETE.
    var bestJSON: JSONValue {
        guard let entry = ranking.leader else { return .null }
        let leader = Leader(entry, of: study)
        let tied = ranking.tiedWithLeader.filter { $0 != entry }
        return .object([
            "configuration": .integer(leader.configuration),
            "trial": .integer(leader.trial),
            "stage": .text(stageName(entry.stage)),
            "value": .number(leader.value),
            "standard_error": .optional(ranking.leaderError),
            "complete": .integer(leader.completeCount),
            "replicates": .integer(leader.replicateCount),
            "tied_with": .array(tied.map { .integer($0.configuration) }),
            "expected": selection.map { estimate in
                .object([
                    "value": .number(estimate.expected),
                    "low": .number(estimate.interval.lowerBound),
                    "high": .number(estimate.interval.upperBound),
                    "level": .number(SelectionEstimate.level),
                    "flattery": .number(estimate.flattery),
                ])
            } ?? .null,
        ])
    }

    var importanceJSON: JSONValue {
        .array(
            importances.map { importance in
                .object([
                    "parameter": .text(importance.parameter),
                    "stage": .text(stageName(importance.stage)),
                    "kind": .text(importance.kind.rawValue),
                    "correlation": .number(importance.correlation),
                    "low": .optional(importance.interval?.lowerBound),
                    "high": .optional(importance.interval?.upperBound),
                    "trials": .integer(importance.trialCount),
                    "best_value": importance.bestValue.map(JSONValue.init) ?? .null,
                ])
            })
    }

    var infeasibleJSON: JSONValue {
        .array(
            infeasibleShares.map { share in
                .object([
                    "stage": .text(stageName(share.stage)),
                    "diverged": .integer(share.divergedCount),
                    "finished": .integer(share.finishedCount),
                    "share": .number(share.share),
                    "low": .number(share.interval.lowerBound),
                    "high": .number(share.interval.upperBound),
                ])
            })
    }

    var budgetJSON: JSONValue {
        .array(
            budgetCorrelations.map { budget in
                let interval = budget.correlation.interval
                return .object([
                    "from": .text(stageName(budget.from)), "to": .text(stageName(budget.to)),
                    "from_epochs": .number(budget.fromEpochs),
                    "to_epochs": .number(budget.toEpochs),
                    "basis": .text("same-trials"),
                    "correlation": .number(budget.correlation.coefficient),
                    "low": .number(interval.low), "high": .number(interval.high),
                    "trials": .integer(budget.correlation.count),
                ])
            })
    }
}
