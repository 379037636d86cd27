package import HPSearch

/// What `hpcoord trial` prints: one trial and its learning curves, `hpcoord.trial/1`.
package enum TrialDocument {
    /// - Parameters:
    ///   - number: of the trial.
    ///   - recordings: of the attempt that won; empty where there are none.
    /// - Returns: nil when the study has no trial of that number.
    package static func render(
        trial number: Int, of study: Study, recordings: TrialRecordings,
        format: DocumentFormat
    ) -> String? {
        guard let row = Ranking(of: study).rows.first(where: { $0.trial.number == number }) else {
            return nil
        }
        switch format {
        case .table: return table(row, study, recordings).asText
        case .json:
            return JSONValue.object([
                "schema": .text("hpcoord.trial/1"),
                "study": .object([
                    "name": .text(study.spec.name), "state": .text(study.state.rawValue),
                ]),
                "trial": TrialJSON.row(of: study, row),
                "curve": .array(recordings.curve.map(point)),
            ]).documentText()
        }
    }

    // MARK: - Table

    private static func table(
        _ row: Ranking.Row, _ study: Study, _ recordings: TrialRecordings
    ) -> [String] {
        let trial = row.trial
        var facts = [
            ("state", trial.state.rawValue + (trial.reason.isEmpty ? "" : " (\(trial.reason))")),
            ("rank", "\(row.rank) of \(study.trials.count)"),
            ("stage", study.spec.stages[trial.stage].name),
            ("configuration", "\(trial.configuration), replicate \(trial.replicate)"),
        ]
        facts += zip(study.spec.parameters, trial.parameters).map { ($0.name, $1.text) }
        facts += outcome(of: trial, study)
        facts.append(("attempts", "\(trial.attempts)"))
        if !trial.worker.isEmpty { facts.append(("worker", trial.worker)) }
        let width = facts.map(\.0.count).max() ?? 0
        let lines = facts.map { name, text in
            "  " + TextLayout.printable(TextLayout.pad(name, to: width) + "  " + text)
        }
        let detail = trial.detail.isEmpty ? [] : TextLayout.wrap(trial.detail, after: "  ")
        return ["trial \(trial.number) of study \(TextLayout.printable(study.spec.name))"]
            + lines + detail + curveLines(recordings.curve)
    }

    private static func outcome(of trial: Trial, _ study: Study) -> [(String, String)] {
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
        facts.append(("epochs", NumberFormat.short(result.epochs)))
        facts.append(("time", NumberFormat.duration(seconds: result.seconds)))
        let flags = TrialJSON.flags(of: study, trial)
        if !flags.isEmpty { facts.append(("flags", flags.joined(separator: " "))) }
        return facts
    }

    private static func curveLines(_ curve: [EpochMetrics]) -> [String] {
        if curve.isEmpty { return [] }
        func column(_ title: String, _ value: (EpochMetrics) -> Double) -> TextTable.Column {
            TextTable.Column(
                title, .right, curve.map { NumberFormat.fixed(value($0), decimals: 4) })
        }
        let table = TextTable(columns: [
            TextTable.Column("epoch", .right, curve.map { NumberFormat.short($0.epoch) }),
            TextTable.Column(
                "learning_rate", .right,
                curve.map { NumberFormat.scientific($0.learningRate, decimals: 3) }),
            column("val_acc", \.validationAccuracy), column("val_loss", \.validationLoss),
            column("train_acc", \.trainingAccuracy), column("train_loss", \.trainingLoss),
        ])
        return [""] + table.lines()
    }

    // MARK: - JSON

    private static func point(_ point: EpochMetrics) -> JSONValue {
        .object([
            "epoch": .number(point.epoch),
            "learning_rate": .number(point.learningRate),
            "val_accuracy": .number(point.validationAccuracy),
            "val_loss": .number(point.validationLoss),
            "train_accuracy": .number(point.trainingAccuracy),
            "train_loss": .number(point.trainingLoss),
        ])
    }
}
