/// Figures as files, `hpcoord.figures/1`: what `--figures` writes to a folder.
enum FiguresDocument {
    static func text(of figures: [any Figure]) -> String {
        JSONValue.object([
            "schema": .text("hpcoord.figures/1"),
            "figures": .array(
                figures.map { figure in
                    .object([
                        "name": .text(figure.name), "svg": .text(figure.standaloneText()),
                    ])
                }),
        ]).documentText()
    }
}
