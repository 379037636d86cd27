import HPSearch

/// Validation and training metric of the best trials after each epoch.
struct CurvesFigure: Figure {
    private let study: Study
    /// The best trial's first.
    private let curves: [RecordedTrial]

    /// - Returns: nil without a curve.
    init?(_ findings: Findings, _ curves: [RecordedTrial]) {
        study = findings.study
        self.curves = Report.curveRows(of: findings.ranking).compactMap { row in
            curves.first { $0.trial == row.trial.number && !$0.points.isEmpty }
        }
        if self.curves.isEmpty { return nil }
    }

    /// - Returns: nil without a curve.
    init?(_ study: Study, _ curves: [RecordedTrial]) {
        self.study = study
        self.curves = curves.filter { !$0.points.isEmpty }
        if self.curves.isEmpty { return nil }
    }

    let name = "curves"
    var title: String {
        curves.count == 1
            ? "Learning curve of trial \(curves[0].trial)" : "Learning curves of the best trials"
    }

    var caption: String {
        "Of \(curves.count == 1 ? "trial \(curves[0].trial)" : "the best \(curves.count) trials"): "
            + "\(metric.validation) after each epoch (solid) and \(metric.training) on a fixed "
            + "sample of the training examples (dashed)."
    }

    private var metric: (validation: String, training: String, title: String) {
        switch study.spec.objective.metric {
        case .validationAccuracy: ("val_accuracy", "train_accuracy", "accuracy (share correct)")
        case .validationLoss: ("val_loss", "train_loss", "loss (nats)")
        }
    }

    private func validation(_ point: EpochMetrics) -> Double {
        switch study.spec.objective.metric {
        case .validationAccuracy: point.validationAccuracy
        case .validationLoss: point.validationLoss
        }
    }

    private func training(_ point: EpochMetrics) -> Double {
        switch study.spec.objective.metric {
        case .validationAccuracy: point.trainingAccuracy
        case .validationLoss: point.trainingLoss
        }
    }

    // MARK: - Drawing

    func drawing(in layout: FigureLayout) -> Drawing {
        let points = curves.flatMap(\.points)
        let panel = Panel(
            in: layout, x: Axis.Limits(points.map(\.epoch)) ?? .unit, "epochs",
            y: Axis.Limits(points.flatMap { [validation($0), training($0)] }) ?? .unit,
            metric.title)
        var content = panel.backdrop
        for (index, curve) in curves.enumerated().reversed() {
            let color = Palette.series(index)
            content += line(curve, training, "curve \(color) dashed", panel)
            content += line(curve, validation, "curve \(color)", panel)
        }
        let legend = Legend(entries: entries).drawing(in: layout)
        content.append(SVG.group(x: 0, y: panel.end, legend.content))
        return Drawing(content: content, height: panel.end + legend.height)
    }

    private func line(
        _ curve: RecordedTrial, _ value: (EpochMetrics) -> Double, _ classes: String,
        _ panel: Panel
    ) -> [Markup] {
        LineSeries(
            label: "trial \(curve.trial)", classes: classes,
            points: curve.points.map { ($0.epoch, value($0)) }
        ).markup(in: panel)
    }

    private var entries: [Legend.Entry] {
        TrialLabels(study, curves.map(\.trial)).entries + [
            LineSeries.entry("validation", "curve plain"),
            LineSeries.entry("training", "curve plain dashed"),
        ]
    }
}
