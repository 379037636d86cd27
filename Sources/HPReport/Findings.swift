import HPSearch

/// What a report says of a study beyond its trials.
struct Findings {
    let study: Study
    let ranking: Ranking
    let importances: [Importance]
    let infeasibleShares: [InfeasibleShare]
    let budgetCorrelations: [BudgetCorrelation]

    init(of study: Study, _ ranking: Ranking) {
        self.study = study
        self.ranking = ranking
        importances = Importance.all(of: study)
        infeasibleShares = InfeasibleShare.all(of: study)
        budgetCorrelations = BudgetCorrelation.all(of: study)
    }

    /// See `StudyVerdicts`.
    var verdicts: [Verdict] { StudyVerdicts.verdicts(of: self) }

    func stageName(_ index: Int) -> String { study.spec.stages[index].name }
}

// MARK: - JSON

extension Findings {
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
                    "basis": .text(budget.basis.rawValue),
                    "correlation": .number(budget.correlation.coefficient),
                    "low": .number(interval.low), "high": .number(interval.high),
                    "trials": .integer(budget.correlation.count),
                ])
            })
    }
}
