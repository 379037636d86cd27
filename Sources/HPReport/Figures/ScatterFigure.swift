import HPSearch

/// Where trials lie in the plane of two parameters, or of one and the objective, and where the
/// ranges of the stages were.
struct ScatterFigure: Figure {
    private enum Quantity {
        case parameter(Int)
        case objective
    }

    private let findings: Findings
    private let sample: TrialSample
    private let horizontal: Int
    private let vertical: Quantity

    private var study: Study { findings.study }

    /// - Returns: nil when no parameter is a range of numbers, or no trial has ended.
    init?(_ findings: Findings, _ sample: TrialSample) {
        let ranges = findings.study.spec.parameters.indices.filter {
            findings.study.spec.parameters[$0].domain.bounds != nil
        }
        guard let chosen = Self.choose(of: ranges, findings),
            sample.rows.contains(where: { $0.trial.state.isTerminal })
        else { return nil }
        self.findings = findings
        self.sample = sample
        horizontal = chosen.first
        vertical = chosen.second.map(Quantity.parameter) ?? .objective
    }

    /// The learning rate and the regularization, or the two that matter most; the learning rate
    /// lies on the horizontal axis.
    private static func choose(
        of ranges: [Int], _ findings: Findings
    ) -> (first: Int, second: Int?)? {
        let parameters = findings.study.spec.parameters
        let usual = ["learning_rate", "reg"].compactMap { name in
            ranges.first { parameters[$0].name == name }
        }
        if usual.count == 2 { return (usual[0], usual[1]) }
        let size = { (index: Int) in
            findings.importances.first { $0.parameter == parameters[index].name }?
                .correlation.magnitude ?? 0
        }
        let ordered = ranges.sorted { left, right in
            size(left) != size(right) ? size(left) > size(right) : left < right
        }
        guard let first = ordered.first, let second = ordered.dropFirst().first else {
            return ordered.first.map { ($0, nil) }
        }
        return parameters[second].name == "learning_rate" ? (second, first) : (first, second)
    }

    // MARK: - Words

    let name = "space"

    var title: String { "\(label(vertical)) against \(label(.parameter(horizontal)))" }

    var caption: String {
        let stages = study.stages.filter(isSampled).map(\.name)
        let boxes =
            stages.isEmpty
            ? ""
            : " The boxes are the ranges of \(stages.count == 1 ? "stage" : "the stages") "
                + stages.joined(separator: ", ") + "."
        let missing = sample.rows.count { row in
            row.trial.state.isTerminal && values(of: row.trial) == nil
        }
        let left =
            missing == 0
            ? ""
            : " \(TextLayout.count(missing, "trial")) without one of the two values or "
                + "outside of a log scale can't be drawn."
        return "Each mark is a trial.\(boxes)\(left)\(sample.note)"
    }

    private func label(_ quantity: Quantity) -> String {
        switch quantity {
        case .parameter(let index): study.spec.parameters[index].name
        case .objective: study.spec.objective.metric.rawValue
        }
    }

    private func axisTitle(_ quantity: Quantity, _ limits: Axis.Limits) -> String {
        label(quantity) + (limits.isLogarithmic ? " (log scale)" : "")
    }

    // MARK: - Values

    private func isSampled(_ stage: Stage) -> Bool {
        study.spec.stages[stage.index].source == .sampler
    }

    /// Nil where one is missing; the objective of a trial without one is no number.
    private func values(of trial: Trial) -> (x: Double, y: Double)? {
        guard let x = trial.parameters[horizontal].asNumber, allows(x, horizontal) else {
            return nil
        }
        switch vertical {
        case .parameter(let index):
            guard let y = trial.parameters[index].asNumber, allows(y, index) else { return nil }
            return (x, y)
        case .objective: return (x, trial.result?.value ?? .nan)
        }
    }

    private func allows(_ value: Double, _ index: Int) -> Bool {
        value.isFinite && (value > 0 || !limits(.parameter(index)).isLogarithmic)
    }

    /// From the lowest to the highest of all stages' bounds and all positive values.
    private func limits(_ quantity: Quantity) -> Axis.Limits {
        let values: [Double]
        var isLogarithmic = false
        switch quantity {
        case .parameter(let index):
            let domain = study.spec.parameters[index].domain
            let bounds = ([domain] + study.stages.map { $0.domains[index] }).compactMap(\.bounds)
            isLogarithmic =
                domain.isLogarithmic && bounds.allSatisfy { $0.low > 0 }
            let tried = sample.rows.compactMap { $0.trial.parameters[index].asNumber }
            values =
                bounds.flatMap { [$0.low, $0.high] }
                + tried.filter { $0 > 0 || !isLogarithmic }
        case .objective:
            values = sample.rows.compactMap { $0.trial.result?.value }
        }
        return Axis.Limits(values, isLogarithmic: isLogarithmic) ?? .unit
    }

    // MARK: - Drawing

    func drawing(in layout: FigureLayout) -> Drawing {
        let xLimits = limits(.parameter(horizontal))
        let yLimits = limits(vertical)
        let panel = Panel(
            in: layout, x: xLimits, axisTitle(.parameter(horizontal), xLimits), y: yLimits,
            axisTitle(vertical, yLimits))
        let complete = sample.rows.filter { $0.trial.state == .complete }
        let colors = ValueColors(
            complete.compactMap { $0.trial.result?.value }
                .sorted { study.spec.objective.isBetter($0, than: $1) })
        let mark = TrialMark(
            study: study, colors: colors, layout: layout, hasTitles: sample.hasTitles)
        var content = panel.backdrop + marks(mark, panel)
        content += study.stages.filter(isSampled).map { box(of: $0, panel) }
        var entries = mark.legend(for: sample.rows.map(\.trial))
        if let best = findings.leaderTrial, let place = place(of: best, panel) {
            content.append(mark.ring(x: place.x, y: place.y))
            entries.append(mark.ringEntry(best))
        }
        entries += study.stages.filter(isSampled).map(entry)
        return withLegend(content, entries, colors, panel)
    }

    private func withLegend(
        _ content: [Markup], _ entries: [Legend.Entry], _ colors: ValueColors?, _ panel: Panel
    ) -> Drawing {
        var content = content
        var height = panel.end
        if let colors {
            let metric = study.spec.objective.metric.rawValue
            let y = height + panel.layout.fontSize
            content.append(SVG.group(x: 0, y: y, colors.bar(metric, in: panel.layout)))
            height = y + panel.layout.fontSize / 2
        }
        let legend = Legend(entries: entries).drawing(in: panel.layout)
        content.append(SVG.group(x: 0, y: height, legend.content))
        return Drawing(content: content, height: height + legend.height)
    }

    /// The worst first, so that the best lie on top.
    private func marks(_ mark: TrialMark, _ panel: Panel) -> [Markup] {
        sample.rows.reversed().compactMap { row in
            place(of: row.trial, panel).flatMap { mark.markup(of: row.trial, x: $0.x, y: $0.y) }
        }
    }

    /// A trial without a value lies on the edge of the bad values.
    private func place(of trial: Trial, _ panel: Panel) -> (x: Double, y: Double)? {
        guard let values = values(of: trial) else { return nil }
        let worst = study.spec.objective.goal == .maximize ? panel.bottom : panel.top
        let y =
            values.y.isFinite
            ? panel.y.position(of: values.y)
            : worst + (worst == panel.bottom ? -1 : 1) * panel.layout.fontSize / 2
        return (panel.x.position(of: values.x), y)
    }

    private func box(of stage: Stage, _ panel: Panel) -> Markup {
        let xs = edges(stage.domains[horizontal], panel.x, (panel.left, panel.right))
        var ys = (low: panel.bottom, high: panel.top)
        if case .parameter(let index) = vertical {
            ys = edges(stage.domains[index], panel.y, (panel.bottom, panel.top))
        }
        return SVG.rectangle(
            xs.low, ys.high, width: xs.high - xs.low, height: ys.low - ys.high,
            class: "box \(Palette.series(stage.index)) dash\(stage.index % 4)")
    }

    private func edges(
        _ domain: ParameterDomain, _ axis: Axis, _ all: (Double, Double)
    ) -> (low: Double, high: Double) {
        guard let bounds = domain.bounds else { return (all.0, all.1) }
        return (axis.position(of: bounds.low), axis.position(of: bounds.high))
    }

    private func entry(of stage: Stage) -> Legend.Entry {
        Legend.Entry(
            label: "stage \(stage.name)",
            symbol: SVG.rectangle(
                0, -5, width: Legend.symbolWidth, height: 10,
                class: "box \(Palette.series(stage.index)) dash\(stage.index % 4)"))
    }
}

extension Axis.Limits {
    static let unit = Axis.Limits(low: 0, high: 1)

    private init(low: Double, high: Double) {
        self.low = low
        self.high = high
        isLogarithmic = false
    }
}

extension ParameterDomain {
    /// Whether the range is searched on a log scale.
    var isLogarithmic: Bool {
        switch self {
        case .logUniform, .logInteger: true
        case .uniform, .integer, .choice, .value: false
        }
    }
}
