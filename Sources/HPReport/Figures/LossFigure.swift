import HPSearch

/// The loss of trials from before the first update on; its shape tells a rate that is too low from
/// one that is too high, and the log domain shows what happens near zero.
struct LossFigure: Figure {
    private let study: Study
    private let recorded: [RecordedTrial]
    private let isLogarithmic: Bool

    /// - Parameter recorded: the best trial's first.
    /// - Returns: nil without an evaluation.
    init?(_ study: Study, _ recorded: [RecordedTrial], isLogarithmic: Bool) {
        self.study = study
        self.recorded = recorded.filter { !$0.points.isEmpty }
        self.isLogarithmic = isLogarithmic
        if self.recorded.isEmpty { return nil }
    }

    var name: String { isLogarithmic ? "loss-log" : "loss" }
    var title: String { recorded.count == 1 ? "Loss" : "Loss of the best trials" }

    var caption: String {
        let scale = isLogarithmic ? ", on a log scale" : ""
        let regularization =
            hasRegularization
            ? " Dotted: the regularization loss, which must not drown the others." : ""
        return "Data loss in nats after each epoch\(scale): on the validation split (solid) and on "
            + "a fixed sample of the training examples (dashed), which begins before the first "
            + "update.\(regularization)"
    }

    private var hasRegularization: Bool {
        recorded.count == 1
            && recorded[0].looks.contains {
                $0.regularizationLoss.isFinite && $0.regularizationLoss > 0
            }
    }

    // MARK: - Drawing

    func drawing(in layout: FigureLayout) -> Drawing {
        let series = recorded.indices.flatMap(series)
        let points = series.flatMap(\.points).filter {
            $0.y.isFinite && ($0.y > 0 || !isLogarithmic)
        }
        let y = Axis.Limits(points.map(\.y), isLogarithmic: isLogarithmic) ?? .unit
        let panel = Panel(
            in: layout, x: Axis.Limits(points.map(\.x)) ?? .unit, "epochs", y: y,
            isLogarithmic ? "loss (nats, log scale)" : "loss (nats)")
        var drawing = Drawing(
            content: panel.backdrop + series.reversed().flatMap { $0.markup(in: panel) },
            height: panel.end)
        drawing.append(Legend(entries: entries), in: layout)
        return drawing
    }

    private func series(_ index: Int) -> [LineSeries] {
        let trial = recorded[index]
        let color = Palette.series(index)
        let start = trial.looks.first.map { [(x: $0.epoch, y: $0.dataLoss)] } ?? []
        var series = [
            LineSeries(
                label: "trial \(trial.trial)", classes: "curve \(color)",
                points: trial.points.map { ($0.epoch, $0.validationLoss) }),
            LineSeries(
                label: "training", classes: "curve \(color) dashed",
                points: (start.first?.x == 0 ? start : [])
                    + trial.points.map { ($0.epoch, $0.trainingLoss) }),
        ]
        if hasRegularization {
            series.append(
                LineSeries(
                    label: "regularization", classes: "curve \(color) dash2",
                    points: trial.looks.map { ($0.epoch, $0.regularizationLoss) }))
        }
        return series
    }

    private var entries: [Legend.Entry] {
        let trials = TrialLabels(study, recorded.map(\.trial)).entries
        let kinds =
            [("validation", ""), ("training", " dashed")]
            + (hasRegularization ? [("regularization", " dash2")] : [])
        return trials + kinds.map { LineSeries.entry($0.0, "curve plain\($0.1)") }
    }
}
