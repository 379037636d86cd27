import HPSearch

/// The size of each layer's updates beside its weights, over the epochs.
struct UpdatesFigure: Figure {
    private let trial: Int
    private let looks: [EpochDiagnostics]
    private let layerCount: Int

    /// - Returns: nil where no update was measured.
    init?(of recorded: RecordedTrial) {
        looks = recorded.looks.filter { look in
            look.layers.contains { ($0.weightUpdateRatio ?? 0) > 0 }
        }
        guard let count = looks.first?.layers.count else { return nil }
        trial = recorded.trial
        layerCount = count
    }

    var name: String { "updates-\(trial)" }
    let title = "Updates beside weights"

    var caption: String {
        "The norm of each layer's last update of an epoch, divided by the norm of its weights. "
            + "Around \(NumberFormat.short(FlagThresholds.updateUsual)) (the line) is usual; "
            + "a trial whose layers mostly lie above or below the green band is flagged "
            + "update-high or update-low."
    }

    func drawing(in layout: FigureLayout) -> Drawing {
        let series = (0..<layerCount).map { layer in
            LineSeries(
                label: TrialDiagnostics.layerName(layer, of: layerCount),
                classes: LayerLines.classes(layer),
                points: looks.compactMap { look in
                    look.layers[layer].weightUpdateRatio.map { (look.epoch, $0) }
                })
        }
        let ratios = series.flatMap(\.points).map(\.y).filter { $0 > 0 }
        let panel = Panel(
            in: layout, x: Axis.Limits(looks.map(\.epoch)) ?? .unit, "epochs",
            y: Axis.Limits(
                ratios + [FlagThresholds.updateLow, FlagThresholds.updateHigh],
                isLogarithmic: true) ?? .unit, "‖update‖ / ‖weights‖ (log scale)")
        var drawing = Drawing(
            content: [band(panel)] + panel.backdrop + [usual(panel)]
                + series.reversed().flatMap { $0.markup(in: panel) },
            height: panel.end)
        drawing.append(Legend(entries: series.map(\.entry)), in: layout)
        return drawing
    }

    private func band(_ panel: Panel) -> Markup {
        let top = panel.y.position(of: FlagThresholds.updateHigh)
        let bottom = panel.y.position(of: FlagThresholds.updateLow)
        return SVG.rectangle(
            panel.left, top, width: panel.right - panel.left, height: bottom - top, class: "band")
    }

    private func usual(_ panel: Panel) -> Markup {
        let middle = panel.y.position(of: FlagThresholds.updateUsual)
        return SVG.line(panel.left, middle, panel.right, middle, class: "usual")
    }
}

/// How layers are told apart.
enum LayerLines {
    static func classes(_ layer: Int) -> String {
        let isSecondRound = layer / Palette.seriesCount % 2 == 1
        return "curve \(Palette.series(layer))" + (isSecondRound ? " dash1" : "")
    }
}
