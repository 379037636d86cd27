import HPSearch

/// How much of each hidden layer passes nothing on, over the epochs.
struct SharesFigure: Figure {
    /// Of outputs that saturate, or of units that are dead.
    enum Quantity: String {
        case saturated
        case dead
    }

    private let trial: Int
    private let quantity: Quantity
    private let looks: [EpochDiagnostics]
    private let layerCount: Int

    /// - Returns: nil where the activation has no such thing.
    init?(_ quantity: Quantity, of recorded: RecordedTrial) {
        looks = recorded.looks
        self.quantity = quantity
        trial = recorded.trial
        layerCount = looks.first?.layers.count ?? 0
        let values = looks.flatMap(\.layers).compactMap { Self.share($0, quantity) }
        if values.isEmpty { return nil }
    }

    private static func share(_ layer: LayerDiagnostics, _ quantity: Quantity) -> Double? {
        switch quantity {
        case .saturated: layer.saturatedShare
        case .dead: layer.deadShare
        }
    }

    var name: String { "\(quantity.rawValue)-\(trial)" }

    var title: String {
        switch quantity {
        case .saturated: "Saturated outputs"
        case .dead: "Dead units"
        }
    }

    var caption: String {
        switch quantity {
        case .saturated:
            "The share of each hidden layer's outputs where the activation is so flat that little "
                + "gradient passes. Trials with a layer above the dashed line are flagged "
                + "saturated."
        case .dead:
            "The share of each hidden layer's units that give 0 for every example of a fixed "
                + "minibatch. Trials with a layer above the dashed line are flagged dead-relu."
        }
    }

    private var threshold: Double {
        switch quantity {
        case .saturated: FlagThresholds.saturatedShare
        case .dead: FlagThresholds.deadShare
        }
    }

    func drawing(in layout: FigureLayout) -> Drawing {
        let series = (0..<layerCount).map { layer in
            LineSeries(
                label: TrialDiagnostics.layerName(layer, of: layerCount),
                classes: LayerLines.classes(layer),
                points: looks.compactMap { look in
                    Self.share(look.layers[layer], quantity).map { (look.epoch, $0) }
                })
        }.filter { !$0.points.isEmpty }
        var part = layout
        part.panelHeight = layout.panelHeight * 0.7
        let panel = Panel(
            in: part, x: Axis.Limits(looks.map(\.epoch)) ?? .unit, "epochs",
            y: Axis.Limits([0, 1]) ?? .unit, "share of a layer")
        let bound = panel.y.position(of: threshold)
        var drawing = Drawing(
            content: panel.backdrop
                + [SVG.line(panel.left, bound, panel.right, bound, class: "boundary")]
                + series.reversed().flatMap { $0.markup(in: panel) },
            height: panel.end)
        drawing.append(Legend(entries: series.map(\.entry)), in: layout)
        return drawing
    }
}
