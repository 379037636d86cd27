package import HPSearch

/// What `hpcoord trial` prints: one trial and its learning curves, `hpcoord.trial/1`.
package enum TrialDocument {
    /// - Parameters:
    ///   - number: of the trial.
    ///   - recordings: of the attempt that won; empty where there are none.
    ///   - rows: which validation rows trials got right; its ties are then those of the report.
    /// - Returns: nil when the study has no trial of that number.
    package static func render(
        trial number: Int, of study: Study, recordings: TrialRecordings,
        rows: [TrialRows] = [], format: DocumentFormat
    ) -> String? {
        guard
            let row = Ranking(of: study, rows: rows).rows.first(where: { $0.trial.number == number }
            )
        else {
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
                "diagnosis": DiagnosticsJSON.diagnosis(
                    of: TrialFlag.flags(of: row.trial, objective: study.spec.objective)),
                "curve": .array(recordings.curve.map(point)),
                "diagnostics": DiagnosticsJSON.looks(recordings.diagnostics),
                "correct_rows": RowsJSON.correct(recordings.correctness),
                "crossed_rows": RowsJSON.crossed(recordings.crossedCorrectness),
            ]).documentText()
        }
    }

    // MARK: - Table

    private static func table(
        _ row: Ranking.Row, _ study: Study, _ recordings: TrialRecordings
    ) -> [String] {
        let trial = row.trial
        let facts = TrialFacts(study: study, row: row, recordings: recordings).all
        let width = facts.map(\.name.count).max() ?? 0
        let lines = facts.map { name, text in
            "  " + TextLayout.printable(TextLayout.pad(name, to: width) + "  " + text)
        }
        let detail = trial.detail.isEmpty ? [] : TextLayout.wrap(trial.detail, after: "  ")
        return ["trial \(trial.number) of study \(TextLayout.printable(study.spec.name))"]
            + lines + detail
            + adviceLines(TrialFlag.flags(of: trial, objective: study.spec.objective))
            + curveLines(recordings.curve) + layerLines(recordings.diagnostics)
    }

    private static func adviceLines(_ flags: [TrialFlag]) -> [String] {
        if flags.isEmpty { return [] }
        return [""]
            + flags.flatMap { flag in
                TextLayout.wrap(
                    "\(flag.advice.move): \(flag.advice.because)", after: "\(flag.rawValue): ")
            }
    }

    private static func layerLines(_ diagnostics: TrialDiagnostics?) -> [String] {
        guard let table = LayerTable(diagnostics) else { return [] }
        return ["", table.title] + TextTable(columns: table.columns).lines()
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
