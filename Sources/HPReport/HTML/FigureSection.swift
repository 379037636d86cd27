/// Figures in a page.
enum FigureSection {
    /// A figure below its title, with sentences below it.
    static func markup(of figure: (any Figure)?, notes: [String] = []) -> [Markup] {
        guard let figure else { return [] }
        return [Page.heading(figure.title), element(figure, notes: notes)]
    }

    /// Below a title of the third rank.
    static func part(_ figure: any Figure) -> [Markup] {
        [.element("h3", [:], [.text(figure.title)]), element(figure)]
    }

    /// Two figures of the same, one of which is shown: the reader switches.
    static func toggle(linear: (any Figure)?, logarithmic: (any Figure)?) -> [Markup] {
        guard let linear, let logarithmic else { return [] }
        let toggle = Markup.element(
            "div", ["class": "toggle"],
            button("linear", "linear scale", of: linear.name, isChecked: true)
                + button("log", "log scale", of: linear.name, isChecked: false)
                + [element(linear, class: "linear"), element(logarithmic, class: "log")])
        return [Page.heading(linear.title), toggle]
    }

    private static func button(
        _ name: String, _ label: String, of group: String, isChecked: Bool
    ) -> [Markup] {
        let id = "\(group)-is-\(name)"
        let input: Markup =
            isChecked
            ? .element(
                "input",
                ["type": "radio", "name": group, "id": id, "class": name, "checked": "checked"])
            : .element("input", ["type": "radio", "name": group, "id": id, "class": name])
        return [input, .element("label", ["for": id], [.text(label)])]
    }

    private static func element(
        _ figure: any Figure, class name: String? = nil, notes: [String] = []
    ) -> Markup {
        let pictures = figure.layouts.map { figure.svg(in: $0) }
        let captions = ([figure.caption] + notes).map {
            Markup.element("figcaption", [:], [.text($0)])
        }
        return name.map {
            .element("figure", ["id": figure.name, "class": $0], pictures + captions)
        } ?? .element("figure", ["id": figure.name], pictures + captions)
    }
}
