extension Figure {
    /// The picture as a file of its own: below its title, with the styles that it needs, on white.
    func standaloneText() -> String {
        let layout = layouts[0]
        var drawing = Drawing(
            content: [SVG.text(title, x: 0, y: layout.fontSize, class: "title")],
            height: layout.lineHeight)
        drawing.append(self.drawing(in: layout))
        let width = SVG.length(layout.width)
        let height = SVG.length(drawing.height)
        let head: [Markup] = [
            .element("title", [:], [.text(title)]), .element("desc", [:], [.text(caption)]),
            .style(PageStyle.figureRules),
            SVG.rectangle(
                0, 0, width: layout.width, height: drawing.height, class: "filled"),
        ]
        return Markup.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(width) \(height)",
                "width": width, "height": height, "role": "img", "class": layout.name,
            ], head + drawing.content
        ).source + "\n"
    }
}
