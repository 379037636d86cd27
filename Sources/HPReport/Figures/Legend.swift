/// What the marks of a figure mean, in rows.
struct Legend {
    struct Entry {
        var label: String
        /// Drawn around (`symbolWidth` / 2, 0).
        var symbol: Markup
    }

    static let symbolWidth = 26.0

    var entries: [Entry]

    func drawing(in layout: FigureLayout) -> Drawing {
        var content: [Markup] = []
        var x = 0.0
        var y = layout.lineHeight
        for entry in entries {
            let label = layout.fitting(entry.label, width: layout.width - Self.symbolWidth - 8)
            let width = Self.symbolWidth + 6 + layout.width(of: label)
            if x > 0, x + width > layout.width {
                x = 0
                y += layout.lineHeight
            }
            content.append(
                SVG.group(
                    x: x, y: y,
                    [
                        SVG.group(x: 0, y: -layout.fontSize * 0.35, [entry.symbol]),
                        SVG.text(label, x: Self.symbolWidth + 6, y: 0),
                    ]))
            x += width + layout.fontSize
        }
        return Drawing(content: content, height: entries.isEmpty ? 0 : y + 4)
    }
}
