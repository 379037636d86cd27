import HPSearch

/// A trial as the documents list it.
enum TrialJSON {
    /// What isn't known, or isn't finite, is null.
    static func row(of study: Study, _ row: Ranking.Row) -> JSONValue {
        let trial = row.trial
        let result = trial.result
        return .object([
            "rank": .integer(row.rank),
            "tie_group": .integer(row.tieGroup),
            "trial": .integer(trial.number),
            "configuration": .integer(trial.configuration),
            "replicate": .integer(trial.replicate),
            "stage": .text(study.spec.stages[trial.stage].name),
            "state": .text(trial.state.rawValue),
            "reason": .text(trial.reason),
            "detail": .text(trial.detail),
            "value": .optional(result?.value),
            "standard_error": .optional(trial.standardError),
            "configuration_state": state(of: row.configuration),
            "configuration_mean": .optional(row.configuration.mean),
            "configuration_standard_error": .optional(
                row.configuration.completeCount > 1 ? row.configuration.standardError : nil),
            "configuration_complete": .integer(row.configuration.completeCount),
            "configuration_replicates": .integer(row.configuration.replicateCount),
            "best_epoch": .optional(result?.value == nil ? nil : result?.bestEpoch),
            "epochs": .optional(result?.epochs),
            "parameters": parameters(of: study, trial),
            "metrics": metrics(result?.metrics ?? TrialMetrics()),
            "flags": .texts(flags(of: study, trial)),
            "attempts": .integer(trial.attempts),
            "worker": .text(trial.worker),
            "seconds": .optional(result?.seconds),
        ])
    }

    /// Null for what is neither a refitted configuration nor one of its replicates.
    private static func state(of configuration: ConfigurationSummary) -> JSONValue {
        configuration.mark.map(JSONValue.text) ?? .null
    }

    static func flags(of study: Study, _ trial: Trial) -> [String] {
        TrialFlag.flags(of: trial, objective: study.spec.objective).map(\.rawValue)
    }

    private static func parameters(of study: Study, _ trial: Trial) -> JSONValue {
        .members(
            zip(study.spec.parameters, trial.parameters).compactMap {
                $1 == .inactive ? nil : JSONValue.Member($0.name, JSONValue($1))
            })
    }

    private static func metrics(_ metrics: TrialMetrics) -> JSONValue {
        .object([
            "val_accuracy": .optional(metrics.validationAccuracy),
            "val_loss": .optional(metrics.validationLoss),
            "train_accuracy": .optional(metrics.trainingAccuracy),
            "train_loss": .optional(metrics.trainingLoss),
            "initial_loss": .optional(metrics.initialLoss),
        ])
    }
}
