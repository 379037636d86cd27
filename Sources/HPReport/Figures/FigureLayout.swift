/// How wide a figure is drawn: each is drawn for wide and for narrow screens, since one that is
/// merely scaled can't be read on both.
struct FigureLayout: Sendable, Hashable {
    var name: String
    /// Of the view box, in CSS pixels at full size.
    var width: Double
    /// Of all texts; the style sheet has the same.
    var fontSize: Double
    /// Of a panel with two axes.
    var panelHeight: Double

    static let wide = FigureLayout(name: "wide", width: 960, fontSize: 13, panelHeight: 400)
    static let narrow = FigureLayout(name: "narrow", width: 368, fontSize: 11, panelHeight: 260)

    /// For a figure without texts that could become too small: drawn once, for all screens.
    static let single = FigureLayout(name: "single", width: 368, fontSize: 11, panelHeight: 260)

    var lineHeight: Double { fontSize * 1.5 }

    /// Radius of a trial's mark.
    var markRadius: Double { fontSize * 0.34 }

    /// At least the width of a text: no font of a browser's is at hand.
    func width(of text: String) -> Double { Double(text.count) * fontSize * 0.64 }

    /// `text`, cut with an ellipsis where it is wider than this.
    func fitting(_ text: String, width: Double) -> String {
        let text = TextLayout.printable(text)
        let maximum = max(1, Int(width / (fontSize * 0.64)))
        return text.count <= maximum ? text : text.prefix(maximum - 1) + "…"
    }
}

/// What a figure consists of, and how high it is.
struct Drawing {
    var content: [Markup]
    var height: Double
}

/// A picture of one aspect of a study.
protocol Figure {
    /// Names the figure in the page's address, and its file.
    var name: String { get }
    var title: String { get }
    /// What is to be seen: the caption, and the description for those who don't see it.
    var caption: String { get }

    /// Those in which a page shows it.
    var layouts: [FigureLayout] { get }

    func drawing(in layout: FigureLayout) -> Drawing
}

extension Figure {
    var layouts: [FigureLayout] { [.wide, .narrow] }

    /// The picture alone.
    func svg(in layout: FigureLayout) -> Markup {
        let drawing = drawing(in: layout)
        let size = "0 0 \(SVG.length(layout.width)) \(SVG.length(drawing.height))"
        let titles: [Markup] = [
            .element("title", [:], [.text(title)]), .element("desc", [:], [.text(caption)]),
        ]
        return .element(
            "svg", ["viewBox": size, "role": "img", "class": layout.name],
            titles + drawing.content)
    }
}
