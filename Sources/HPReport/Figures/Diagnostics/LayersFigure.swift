import HPSearch

/// How activations or gradients spread from layer to layer: where they shrink or grow by a factor
/// in each, deep layers learn nothing.
struct LayersFigure: Figure {
    enum Quantity: String {
        case activations
        case gradients
    }

    private let trial: Int
    private let quantity: Quantity
    /// Those that have histograms: before the first update, after the first epoch, the last.
    private let looks: [EpochDiagnostics]
    private let layerCount: Int

    /// More layers than these are not all drawn.
    private static let cellMaximum = 12

    /// - Returns: nil where nobody looked inside.
    init?(_ quantity: Quantity, of recorded: RecordedTrial) {
        looks = recorded.looks.filter { look in
            look.layers.contains { $0.activation.histogram != nil }
        }
        guard let count = looks.first?.layers.count, count > 0,
            looks.allSatisfy({ $0.layers.count == count })
        else { return nil }
        trial = recorded.trial
        layerCount = count
        self.quantity = quantity
    }

    // MARK: - Words

    var name: String { "\(quantity.rawValue)-\(trial)" }

    var title: String {
        switch quantity {
        case .activations: "Activations layer by layer"
        case .gradients: "Gradients layer by layer"
        }
    }

    var caption: String {
        let what: String
        switch quantity {
        case .activations:
            what =
                "What each layer gives to the next on a fixed minibatch, scores for the output "
                + "layer."
        case .gradients:
            what = "The derivative of the loss by each layer's outputs on a fixed minibatch."
        }
        let lines =
            hasLines
            ? " Above: mean and standard deviation of each layer; in a healthy net they "
                + "stay of one size." : ""
        return "\(what)\(lines) Histograms: 32 bins, heights by the square root of the counts, "
            + "hidden layers on one scale, the output layer on its own.\(leftOut)"
    }

    private var leftOut: String {
        layerCount > Self.cellMaximum
            ? " Drawn are \(Self.cellMaximum) of \(layerCount) layers, evenly." : ""
    }

    private func text(of look: EpochDiagnostics) -> String {
        look.epoch == 0 ? "before training" : "after epoch \(NumberFormat.short(look.epoch))"
    }

    // MARK: - Values

    private func distribution(_ layer: LayerDiagnostics) -> NumberDistribution {
        switch quantity {
        case .activations: layer.activation
        case .gradients: layer.gradient
        }
    }

    /// Scores are of another kind than activations.
    private var lineLayers: Range<Int> {
        0..<(quantity == .activations ? layerCount - 1 : layerCount)
    }

    private var hasLines: Bool { lineLayers.count >= 2 }

    private var cellLayers: [Int] {
        guard layerCount > Self.cellMaximum else { return Array(0..<layerCount) }
        return (0..<Self.cellMaximum).map { $0 * (layerCount - 1) / (Self.cellMaximum - 1) }
    }

    // MARK: - Drawing

    func drawing(in layout: FigureLayout) -> Drawing {
        var drawing = Drawing(content: [], height: 0)
        if hasLines {
            drawing.append(panels(in: layout))
            drawing.append(
                Legend(
                    entries: looks.enumerated().map { index, look in
                        LineSeries.entry(text(of: look), "curve \(Palette.series(index))")
                    }), in: layout)
            drawing.height += layout.lineHeight / 2
        }
        for (index, look) in looks.enumerated() {
            drawing.append(histograms(of: look, Palette.series(index), in: layout))
        }
        return drawing
    }

    /// Beside each other where there is room.
    private func panels(in layout: FigureLayout) -> Drawing {
        let isWide = layout.width > 600
        let gap = layout.fontSize * 2
        var part = layout
        part.width = isWide ? (layout.width - gap) / 2 : layout.width
        part.panelHeight = layout.panelHeight * 0.55
        let mean = panel("mean", { $0.mean }, isLogarithmic: false, in: part)
        let deviation = panel(
            "standard deviation", { $0.standardDeviation }, isLogarithmic: spansDecades, in: part)
        guard isWide else {
            var drawing = mean
            drawing.append(deviation)
            return drawing
        }
        return Drawing(
            content: mean.content
                + [SVG.group(x: part.width + gap, y: 0, deviation.content)],
            height: mean.height)
    }

    private var spansDecades: Bool {
        let deviations = looks.flatMap { look in
            lineLayers.map { distribution(look.layers[$0]).standardDeviation }
        }.filter { $0.isFinite && $0 > 0 }
        guard let low = deviations.min(), let high = deviations.max() else { return false }
        return high > 10 * low
    }

    private func panel(
        _ name: String, _ value: (NumberDistribution) -> Double, isLogarithmic: Bool,
        in layout: FigureLayout
    ) -> Drawing {
        let series = looks.enumerated().map { index, look in
            LineSeries(
                label: text(of: look), classes: "curve \(Palette.series(index))",
                points: lineLayers.map { (Double($0 + 1), value(distribution(look.layers[$0]))) })
        }
        let panel = Panel(
            in: layout, x: Axis.Limits(lineLayers.map { Double($0 + 1) }, isWhole: true) ?? .unit,
            "layer",
            y: Axis.Limits(
                series.flatMap(\.points).map(\.y).filter { $0 > 0 || !isLogarithmic },
                isLogarithmic: isLogarithmic) ?? .unit, name + (isLogarithmic ? " (log scale)" : "")
        )
        return Drawing(
            content: panel.backdrop + series.reversed().flatMap { $0.markup(in: panel) },
            height: panel.end)
    }

    private func histograms(
        of look: EpochDiagnostics, _ color: String, in layout: FigureLayout
    ) -> Drawing {
        let hidden = limits(of: look.layers.dropLast())
        let output = limits(of: look.layers.suffix(1))
        let cells = cellLayers.compactMap { index -> HistogramGrid.Cell? in
            let limits = index == layerCount - 1 ? output : hidden
            guard let limits else { return nil }
            return HistogramGrid.Cell(
                name: TrialDiagnostics.layerName(index, of: layerCount),
                histogram: distribution(look.layers[index]).histogram, limits: limits)
        }
        let ranges = [hidden.map(text), output.map { "output \(text(of: $0))" }]
            .compactMap(\.self).joined(separator: "; ")
        return HistogramGrid(
            title: text(of: look), note: ranges, cells: cells,
            classes: "range \(color)"
        ).drawing(in: layout)
    }

    private func text(of limits: Axis.Limits) -> String {
        "\(NumberFormat.short(limits.low, digits: 2)) to "
            + NumberFormat.short(limits.high, digits: 2)
    }

    private func limits(of layers: ArraySlice<LayerDiagnostics>) -> Axis.Limits? {
        Axis.Limits(
            layers.compactMap { distribution($0).histogram }.flatMap { [$0.low, $0.high] })
    }
}
