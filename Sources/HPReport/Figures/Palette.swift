/// Colours that people with any colour vision can tell apart; `PageStyle` has what they are.
enum Palette {
    /// Classes of the sequential scale, viridis from its yellow to its darkest end: the darker, the
    /// better.
    static let valueClassCount = 10

    /// Classes for lines and boxes, after Okabe and Ito.
    static let seriesCount = 8

    static func series(_ index: Int) -> String { "s\(index % seriesCount)" }
}

/// The colour of each value between the worst that is told apart and the best.
struct ValueColors {
    let worst: Double
    let best: Double
    /// Whether worse values than `worst` share its colour.
    let isClipped: Bool

    /// - Parameter values: the best first; nil without any.
    init?(_ values: [Double]) {
        guard let best = values.first, let last = values.last else { return nil }
        // A tenth of the trials, which often are far off, must not use up the scale.
        let worst = values[values.count - 1 - values.count / 10]
        self.best = best
        self.worst = worst
        isClipped = worst != last
    }

    func name(of value: Double) -> String {
        guard best != worst else { return "v\(Palette.valueClassCount - 1)" }
        let position = min(max((value - worst) / (best - worst), 0), 1)
        return "v\(min(Palette.valueClassCount - 1, Int(position * 10)))"
    }

    /// The scale with its ends, in one line whose text stands at the height 0.
    func bar(_ title: String, in layout: FigureLayout) -> [Markup] {
        let step = layout.fontSize
        let first = title + ": "
        let relation = isClipped ? best < worst ? "≥ " : "≤ " : ""
        let start = first + relation + NumberFormat.short(worst)
        let barStart = layout.width(of: start)
        let boxes = (0..<Palette.valueClassCount).map { index in
            SVG.rectangle(
                barStart + Double(index) * step, -step * 0.8, width: step + 0.2, height: step,
                class: "v\(index)")
        }
        let end = barStart + step * Double(Palette.valueClassCount) + step / 2
        return [SVG.text(start, x: 0, y: 0)] + boxes
            + [SVG.text(NumberFormat.short(best) + " (best)", x: end, y: 0)]
    }
}
