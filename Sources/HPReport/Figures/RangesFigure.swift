import HPSearch

/// How the range of every parameter moved from stage to stage.
struct RangesFigure: Figure {
    private let study: Study
    private let leader: Trial?
    private let stages: [Stage]
    /// Indices of the parameters that are ranges.
    private let parameters: [Int]

    /// - Returns: nil without a sampled stage or a range.
    init?(_ findings: Findings) {
        let study = findings.study
        stages = study.stages.filter { study.spec.stages[$0.index].source == .sampler }
        parameters = study.spec.parameters.indices.filter {
            study.spec.parameters[$0].domain.bounds != nil
        }
        if stages.isEmpty || parameters.isEmpty { return nil }
        self.study = study
        leader = findings.leaderTrial
    }

    let name = "ranges"
    let title = "Ranges of the stages"

    var caption: String {
        "The range of each parameter in each stage, on the parameter's own scale"
            + (leader.map { "; the ring is the best configuration, \($0.configuration)." } ?? ".")
    }

    func drawing(in layout: FigureLayout) -> Drawing {
        var content: [Markup] = []
        var y = 0.0
        for parameter in parameters {
            content += rows(of: parameter, from: &y, layout)
        }
        return Drawing(content: content, height: y)
    }

    private func rows(
        of parameter: Int, from y: inout Double, _ layout: FigureLayout
    ) -> [Markup] {
        let spec = study.spec.parameters[parameter]
        let bounds = ([spec.domain] + stages.map { $0.domains[parameter] }).compactMap(\.bounds)
        let best = leader?.parameters[parameter].asNumber
        let isLogarithmic = spec.domain.isLogarithmic && bounds.allSatisfy { $0.low > 0 }
        let shown = best.map { $0 > 0 || !isLogarithmic ? [$0] : [] } ?? []
        let limits =
            Axis.Limits(
                bounds.flatMap { [$0.low, $0.high] } + shown, isLogarithmic: isLogarithmic)
            ?? .unit
        let nameWidth = min(
            layout.width / 4, (stages.map { layout.width(of: $0.name) }.max() ?? 0))
        let axis = Axis(
            limits, from: nameWidth + layout.fontSize, to: layout.width - 1.5 * layout.fontSize,
            inset: layout.fontSize)
        y += layout.lineHeight
        let title = spec.name + (limits.isLogarithmic ? " (log scale)" : "")
        var content = [
            SVG.text(
                layout.fitting(title, width: layout.width), x: 0, y: y - 4, class: "title")
        ]
        let top = y
        for stage in stages {
            content += row(of: stage, parameter, axis, nameWidth, from: y, layout)
            y += layout.lineHeight
        }
        let scale = axisMarks(axis, from: top, to: y, layout)
        content.insert(contentsOf: scale, at: 1)
        if let value = shown.first, let last = stages.indices.last {
            let middle = top + (Double(last) + 0.5) * layout.lineHeight
            content.append(
                SVG.circle(axis.position(of: value), middle, radius: 5, class: "ring filled"))
        }
        y += layout.lineHeight * 1.8
        return content
    }

    private func axisMarks(
        _ axis: Axis, from top: Double, to bottom: Double, _ layout: FigureLayout
    ) -> [Markup] {
        axis.ticks { layout.width(of: $0) + layout.fontSize }.flatMap { tick -> [Markup] in
            guard let label = tick.label else { return [] }
            return [
                SVG.line(tick.position, top, tick.position, bottom + 2, class: "grid"),
                SVG.text(
                    label, x: tick.position, y: bottom + layout.fontSize + 2, anchor: .middle),
            ]
        }
    }

    private func row(
        of stage: Stage, _ parameter: Int, _ axis: Axis, _ nameWidth: Double, from top: Double,
        _ layout: FigureLayout
    ) -> [Markup] {
        let label = SVG.text(
            layout.fitting(stage.name, width: nameWidth), x: 0, y: top + layout.fontSize)
        guard let bounds = stage.domains[parameter].bounds else { return [label] }
        let low = axis.position(of: bounds.low)
        let high = axis.position(of: bounds.high)
        return [
            label,
            SVG.rectangle(
                low, top + layout.lineHeight * 0.2, width: max(2, high - low),
                height: layout.lineHeight * 0.6,
                class: "range \(Palette.series(stage.index))"),
        ]
    }
}
