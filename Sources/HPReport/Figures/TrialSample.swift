import HPSearch

/// The trials that a figure draws: all, or of very many the best and some of the others.
struct TrialSample {
    static let maximum = 2000
    /// Of the maximum, those that are drawn because they are the best.
    private static let best = 500

    /// The best first.
    let rows: [Ranking.Row]
    /// What the caption says; empty where all are drawn.
    let note: String

    init(of ranking: Ranking) {
        let all = ranking.rows
        guard all.count > Self.maximum else {
            rows = all
            note = ""
            return
        }
        let others = Self.maximum - Self.best
        let left = all.count - Self.best
        rows =
            all.prefix(Self.best)
            + (0..<others).map { all[Self.best + $0 * left / others] }
        note =
            " Drawn are \(Self.maximum) of \(all.count) trials: the best \(Self.best), and others "
            + "evenly down the ranking."
    }

    /// Whether each mark can have a title of its own without making the page too large.
    var hasTitles: Bool { rows.count <= 400 }
}

/// How a trial is marked.
struct TrialMark {
    var study: Study
    var colors: ValueColors?
    var layout: FigureLayout
    var hasTitles: Bool

    /// The mark of a trial; nil for one that has not ended.
    func markup(of trial: Trial, x: Double, y: Double) -> Markup? {
        let title = hasTitles ? title(of: trial) : nil
        let radius = layout.markRadius
        switch trial.state {
        case .complete:
            let color = trial.result?.value.flatMap { colors?.name(of: $0) } ?? "uncolored"
            return SVG.circle(x, y, radius: radius, class: "dot \(color)", title: title)
        case .diverged:
            return SVG.cross(x, y, radius: radius, class: "diverged", title: title)
        case .pruned:
            return SVG.circle(x, y, radius: radius, class: "pruned", title: title)
        case .fail:
            return SVG.cross(x, y, radius: radius, class: "fail", title: title)
        case .waiting, .running, .canceled: return nil
        }
    }

    private func title(of trial: Trial) -> String {
        var parts = ["trial \(trial.number), \(study.spec.stages[trial.stage].name)"]
        if let value = trial.result?.value {
            parts.append(
                "\(study.spec.objective.metric.rawValue) "
                    + NumberFormat.fixed(value, decimals: 4))
        } else {
            parts.append(trial.state.rawValue)
        }
        for (parameter, value) in zip(study.spec.parameters, trial.parameters)
        where value != .inactive {
            parts.append(
                "\(parameter.name) \(value.asNumber.map { NumberFormat.short($0) } ?? value.text)")
        }
        return parts.joined(separator: ", ")
    }

    /// What the marks mean, as far as there are such trials.
    func legend(for trials: [Trial]) -> [Legend.Entry] {
        let center = Legend.symbolWidth / 2
        let states: [(Trial.State, String)] = [
            (.complete, colors == nil ? "COMPLETE" : "COMPLETE, the darker the better"),
            (.diverged, "DIVERGED"),
            (.pruned, "PRUNED"), (.fail, "FAIL"),
        ]
        return states.compactMap { state, label in
            guard var example = trials.first(where: { $0.state == state }) else { return nil }
            if state == .complete { example.result?.value = colors?.best }
            let mark = TrialMark(study: study, colors: colors, layout: layout, hasTitles: false)
            return mark.markup(of: example, x: center, y: 0).map {
                Legend.Entry(label: label, symbol: $0)
            }
        }
    }

    /// The ring around the best configuration.
    func ring(x: Double, y: Double) -> Markup {
        SVG.circle(x, y, radius: layout.markRadius + 3.5, class: "ring")
    }

    func ringEntry(_ trial: Trial) -> Legend.Entry {
        let center = Legend.symbolWidth / 2
        return Legend.Entry(
            label: "the best configuration: \(trial.configuration)",
            symbol: SVG.circle(center, 0, radius: layout.markRadius + 2, class: "ring"))
    }
}
