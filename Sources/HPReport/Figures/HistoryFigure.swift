import HPSearch

/// The value of each trial in the order of their numbers, and the best so far.
struct HistoryFigure: Figure {
    private let study: Study
    private let sample: TrialSample
    private let limits: Axis.Limits
    private let beyondCount: Int

    /// - Returns: nil while no trial has a value.
    init?(_ findings: Findings, _ sample: TrialSample) {
        study = findings.study
        self.sample = sample
        let objective = study.spec.objective
        let values = sample.rows.compactMap { $0.trial.result?.value }.filter(\.isFinite)
            .sorted { objective.isBetter($0, than: $1) }
        guard let best = values.first, let last = values.last else { return nil }
        // A few values that are far off would press all others into a line.
        let usual = values[values.count - 1 - values.count / 10]
        let isFar = (last - best).magnitude > 4 * (usual - best).magnitude
        guard let limits = Axis.Limits([best, isFar && usual != best ? usual : last]) else {
            return nil
        }
        self.limits = limits
        beyondCount = values.count { $0 < limits.low || $0 > limits.high }
    }

    let name = "history"
    let title = "Optimization history"

    var caption: String {
        let stages = study.stages.map { stage in
            "\(stage.name): \(stage.firstTrial) to \(stage.firstTrial + stage.trialCount - 1)"
        }
        let beyond =
            beyondCount == 0
            ? ""
            : " \(TextLayout.count(beyondCount, "value")) beyond the axis "
                + "\(beyondCount == 1 ? "is" : "are") drawn at its edge."
        let diverged = hasDiverged ? " Crosses below are trials that diverged." : ""
        return "The value of each trial and the best single value so far. Trials of the stages: "
            + stages.joined(separator: ", ") + ".\(diverged)\(beyond)\(sample.note)"
    }

    private var hasDiverged: Bool { study.trials.contains { $0.state == .diverged } }

    // MARK: - Drawing

    func drawing(in layout: FigureLayout) -> Drawing {
        let numbers = [0.5, Double(max(1, study.trials.count)) + 0.5]
        let panel = Panel(
            in: layout, x: Axis.Limits(numbers, isWhole: true) ?? .unit, "trial",
            y: limits, study.spec.objective.metric.rawValue, headroom: layout.lineHeight,
            floor: hasDiverged ? layout.lineHeight : 0)
        let mark = TrialMark(study: study, colors: nil, layout: layout, hasTitles: sample.hasTitles)
        var content = panel.backdrop + study.stages.flatMap { boundary(of: $0, panel) }
        content += sample.rows.reversed().compactMap { row in
            let x = panel.x.position(of: Double(row.trial.number))
            guard let value = row.trial.result?.value, value.isFinite else {
                return mark.markup(of: row.trial, x: x, y: panel.bottom - layout.lineHeight / 2)
            }
            return mark.markup(of: row.trial, x: x, y: panel.y.position(of: value))
        }
        content.append(SVG.polyline(bestSoFar(panel), class: "best"))
        var entries = [
            Legend.Entry(
                label: "the best single value so far",
                symbol: SVG.line(0, 0, Legend.symbolWidth, 0, class: "best"))
        ]
        entries += mark.legend(for: sample.rows.map(\.trial))
        let legend = Legend(entries: entries).drawing(in: layout)
        content.append(SVG.group(x: 0, y: panel.end, legend.content))
        return Drawing(content: content, height: panel.end + legend.height)
    }

    /// Where a stage begins, and its name where there is room for it.
    private func boundary(of stage: Stage, _ panel: Panel) -> [Markup] {
        let start = panel.x.position(of: Double(stage.firstTrial) - 0.5)
        let end = panel.x.position(of: Double(stage.firstTrial + stage.trialCount) - 0.5)
        var content: [Markup] = []
        if stage.index > 0 {
            content.append(SVG.line(start, panel.top, start, panel.bottom, class: "boundary"))
        }
        let room = end - start - panel.layout.fontSize / 2
        let name = panel.layout.fitting(stage.name, width: room)
        if panel.layout.width(of: name) <= room, name.count >= min(3, stage.name.count) {
            content.append(
                SVG.text(
                    name, x: (start + end) / 2, y: panel.top - panel.layout.fontSize / 2,
                    anchor: .middle, class: "stage"))
        }
        return content
    }

    /// A corner wherever a trial is better than all before it.
    private func bestSoFar(_ panel: Panel) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        var best: Double?
        for trial in study.trials where trial.state == .complete {
            guard let value = trial.result?.value, value.isFinite else { continue }
            if let best, !study.spec.objective.isBetter(value, than: best) { continue }
            best = value
            let x = panel.x.position(of: Double(trial.number))
            if let last = points.last { points.append((x, last.y)) }
            points.append((x, panel.y.position(of: value)))
        }
        if let last = points.last {
            points.append((panel.x.position(of: Double(study.trials.count)), last.y))
        }
        return points
    }
}
