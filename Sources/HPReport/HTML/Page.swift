/// A page of its own: no script, nothing from elsewhere, the same bytes for the same content.
struct Page {
    var title: String
    var body: [Markup]

    var text: String {
        let head: [Markup] = [
            .element("meta", ["charset": "utf-8"]),
            .element(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("title", [:], [.text(title)]), .style(PageStyle.rules),
            .style(PageStyle.figureRules),
        ]
        let page = Markup.element(
            "html", ["lang": "en"],
            [.element("head", [:], head), .element("body", [:], body)])
        return "<!DOCTYPE html>\n" + page.source + "\n"
    }

    static func heading(_ title: String) -> Markup { .element("h2", [:], [.text(title)]) }

    /// Names and what they stand for.
    static func facts(_ facts: [(name: String, text: String)]) -> Markup {
        .element(
            "dl", [:],
            facts.flatMap { fact -> [Markup] in
                [
                    .element("dt", [:], [.text(fact.name)]),
                    .element("dd", [:], [.text(fact.text)]),
                ]
            })
    }

    static func note(_ text: String) -> Markup {
        .element("p", ["class": "note"], prose(text))
    }

    /// Something that was found, after its code.
    static func warning(_ code: String, _ message: String) -> Markup {
        .element(
            "p", ["class": "warning"],
            [.element("span", ["class": "code"], [.text(code)])] + prose(": \(message)"))
    }

    /// What a sentence has between backticks is code; an odd one stands for itself.
    static func prose(_ text: String) -> [Markup] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard parts.count.isMultiple(of: 2) == false else { return [.text(text)] }
        return parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? .text(part) : .element("code", [:], [.text(part)])
        }
    }

    /// A table that scrolls by itself where it is too wide; columns without content are left out.
    static func table(_ columns: [TextTable.Column]) -> Markup {
        let columns = columns.filter { !$0.isEmpty }
        let titles = columns.map { column in
            Markup.element("th", ["class": alignment(of: column)], [.text(column.title)])
        }
        let rowCount = columns.first?.cells.count ?? 0
        let rows = (0..<rowCount).map { row in
            Markup.element("tr", [:], columns.map { cell(of: $0, row) })
        }
        let table = Markup.element(
            "table", [:],
            [
                .element("thead", [:], [.element("tr", [:], titles)]),
                .element("tbody", [:], rows),
            ])
        return .element("div", ["class": "scroll"], [table])
    }

    private static func alignment(of column: TextTable.Column) -> String {
        column.alignment == .right ? "right" : "left"
    }

    private static func cell(of column: TextTable.Column, _ row: Int) -> Markup {
        let text = column.cells[row]
        return .element(
            "td", ["class": column.title == "state" ? text : alignment(of: column)],
            [.text(text)])
    }
}
