/// A line through values over an axis, or a dot where there is but one.
struct LineSeries {
    var label: String
    /// How it is drawn.
    var classes: String
    var points: [(x: Double, y: Double)]

    /// Points that a panel can't show are left out: no number, beyond its edges, or without a
    /// logarithm.
    func markup(in panel: Panel) -> [Markup] {
        let places = points.filter { panel.x.holds($0.x) && panel.y.holds($0.y) }.map { point in
            (x: panel.x.position(of: point.x), y: panel.y.position(of: point.y))
        }
        guard let first = places.first else { return [] }
        return places.count == 1
            ? [SVG.circle(first.x, first.y, radius: 3, class: classes)]
            : [SVG.polyline(places, class: classes)]
    }

    var entry: Legend.Entry { Self.entry(label, classes) }

    static func entry(_ label: String, _ classes: String) -> Legend.Entry {
        Legend.Entry(
            label: label, symbol: SVG.line(0, 0, Legend.symbolWidth, 0, class: classes))
    }
}

extension Drawing {
    /// Draws something else below.
    mutating func append(_ next: Drawing) {
        content.append(SVG.group(x: 0, y: height, next.content))
        height += next.height
    }

    mutating func append(_ legend: Legend, in layout: FigureLayout) {
        append(legend.drawing(in: layout))
    }
}
