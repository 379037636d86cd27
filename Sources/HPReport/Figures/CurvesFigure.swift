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

    let name = "curves"
    let title = "Learning curves of the best trials"

    var caption: String {
        "Of the best \(curves.count == 1 ? "trial" : "\(curves.count) trials"): "
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

    /// A line, or a dot where there is but one evaluation.
    private func line(
        _ curve: RecordedTrial, _ value: (EpochMetrics) -> Double, _ classes: String,
        _ panel: Panel
    ) -> [Markup] {
        let points = curve.points.filter { value($0).isFinite }.map { point in
            (x: panel.x.position(of: point.epoch), y: panel.y.position(of: value(point)))
        }
        guard let first = points.first else { return [] }
        return points.count == 1
            ? [SVG.circle(first.x, first.y, radius: 3, class: classes)]
            : [SVG.polyline(points, class: classes)]
    }

    private var entries: [Legend.Entry] {
        let width = Legend.symbolWidth
        let trials = curves.enumerated().map { index, curve in
            Legend.Entry(
                label: "trial \(curve.trial)",
                symbol: SVG.line(0, 0, width, 0, class: "curve \(Palette.series(index))"))
        }
        return trials + [
            Legend.Entry(
                label: "training", symbol: SVG.line(0, 0, width, 0, class: "curve plain dashed")),
            Legend.Entry(
                label: "validation", symbol: SVG.line(0, 0, width, 0, class: "curve plain")),
        ]
    }
}
