import HPSearch

/// How much each parameter had to do with the objective, with what is known of it.
struct ImportanceFigure: Figure {
    private let findings: Findings

    /// - Returns: nil where too few trials say anything.
    init?(_ findings: Findings) {
        if findings.importances.isEmpty { return nil }
        self.findings = findings
    }

    let name = "importance"

    var title: String {
        let stage = findings.importances.first.map { findings.stageName($0.stage) } ?? ""
        return "Importance of the parameters in stage \(stage)"
    }

    var caption: String {
        let objective = FindingsText.objective(findings.study.spec.objective)
        let hasChoice = findings.importances.contains { $0.kind == .correlationRatio }
        let ratio =
            hasChoice
            ? " For a choice: the correlation ratio of the ranks, from 0 to 1, without an interval."
            : ""
        return "Rank correlation of each parameter with \(objective): right of the line larger "
            + "values are better. The thin lines are 95% intervals; where one crosses 0, the stage "
            + "doesn't show that larger or smaller is better: an optimum inside the range looks "
            + "like that, too.\(ratio)"
    }

    func drawing(in layout: FigureLayout) -> Drawing {
        let rowHeight = layout.lineHeight * 2.2
        let top = layout.fontSize / 2
        let bottom = top + rowHeight * Double(findings.importances.count)
        let axis = Axis(
            Axis.Limits([-1, 1]) ?? .unit, from: 1.5 * layout.fontSize,
            to: layout.width - 1.5 * layout.fontSize)
        let ticks = axis.ticks { layout.width(of: $0) + layout.fontSize }
        var content = ticks.flatMap { tick -> [Markup] in
            [
                SVG.line(tick.position, top, tick.position, bottom, class: "grid"),
                SVG.text(
                    tick.label ?? "", x: tick.position, y: bottom + layout.fontSize + 2,
                    anchor: .middle),
            ]
        }
        let zero = axis.position(of: 0)
        for (row, importance) in findings.importances.enumerated() {
            content += bar(importance, axis, top: top + Double(row) * rowHeight, layout)
        }
        content.append(
            SVG.text(
                "rank correlation", x: zero, y: bottom + layout.lineHeight * 2, anchor: .middle,
                class: "title"))
        return Drawing(content: content, height: bottom + layout.lineHeight * 2.4)
    }

    private func bar(
        _ importance: Importance, _ axis: Axis, top: Double, _ layout: FigureLayout
    ) -> [Markup] {
        let zero = axis.position(of: 0)
        let end = axis.position(of: importance.correlation)
        let y = top + layout.lineHeight * 1.15
        let height = layout.fontSize * 0.7
        let trials = TextLayout.count(importance.trialCount, "trial")
        let value = "\(FindingsText.value(of: importance)), \(trials)"
        let name = layout.fitting(
            importance.parameter,
            width: layout.width - layout.width(of: value) - 3 * layout.fontSize)
        let label = layout.fitting("\(name)  \(value)", width: layout.width - layout.fontSize)
        var content = [
            SVG.text(label, x: layout.fontSize, y: top + layout.fontSize, class: "halo"),
            SVG.rectangle(
                min(zero, end), y, width: (end - zero).magnitude, height: height,
                class: importance.kind == .correlationRatio ? "ratio" : "bar"),
            // Beside the bar alone: through the label it would strike it out.
            SVG.line(zero, y - 3, zero, y + height + 3, class: "zero"),
        ]
        if let interval = importance.interval {
            let middle = y + height / 2
            let low = axis.position(of: interval.lowerBound)
            let high = axis.position(of: interval.upperBound)
            content += [
                SVG.line(low, middle, high, middle, class: "whisker"),
                SVG.line(low, middle - 4, low, middle + 4, class: "whisker"),
                SVG.line(high, middle - 4, high, middle + 4, class: "whisker"),
            ]
        }
        return content
    }
}
