import HPSearch

/// What there is to say of a trial, by name.
struct TrialFacts {
    var study: Study
    var row: Ranking.Row
    var recordings: TrialRecordings

    private var trial: Trial { row.trial }

    var all: [(name: String, text: String)] {
        var facts = [
            ("state", trial.state.rawValue + (trial.reason.isEmpty ? "" : " (\(trial.reason))")),
            ("rank", "\(row.rank) of \(study.trials.count)"),
            ("stage", study.spec.stages[trial.stage].name),
            ("configuration", "\(trial.configuration), replicate \(trial.replicate)"),
        ]
        facts += zip(study.spec.parameters, trial.parameters).map { ($0.name, $1.text) }
        facts += outcome
        facts.append(("attempts", "\(trial.attempts)"))
        if !trial.worker.isEmpty { facts.append(("worker", trial.worker)) }
        return facts
    }

    private var outcome: [(String, String)] {
        guard let result = trial.result else { return [] }
        var facts: [(String, String)] = []
        if let value = result.value {
            let error = result.standardError.map {
                " ± " + NumberFormat.fixed($0, decimals: 4)
            }
            facts.append(
                (
                    study.spec.objective.metric.rawValue,
                    NumberFormat.fixed(value, decimals: 4) + (error ?? "")
                        + " at epoch " + NumberFormat.short(result.bestEpoch)
                ))
        }
        if let loss = result.metrics.initialLoss {
            facts.append(("initial_loss", NumberFormat.fixed(loss, decimals: 4)))
        }
        if let look = recordings.diagnostics?.epochs.last {
            facts.append(
                (
                    "last_loss",
                    "\(NumberFormat.fixed(look.dataLoss, decimals: 4)) data + "
                        + "\(NumberFormat.fixed(look.regularizationLoss, decimals: 4)) "
                        + "regularization"
                ))
        }
        facts.append(("epochs", NumberFormat.short(result.epochs)))
        facts.append(("time", NumberFormat.duration(seconds: result.seconds)))
        let flags = TrialJSON.flags(of: study, trial)
        if !flags.isEmpty { facts.append(("flags", flags.joined(separator: " "))) }
        return facts
    }
}
