import HPSearch

/// The ranked trials, with the columns of the terminal's table.
struct TrialsSection {
    let study: Study
    let rows: ArraySlice<Ranking.Row>

    var markup: [Markup] {
        let columns = TrialColumns(study: study, rows: rows).all().filter { !$0.isEmpty }
        let titles = columns.map { column in
            Markup.element("th", ["class": name(of: column)], [.text(column.title)])
        }
        let body = rows.indices.map { row in
            Markup.element("tr", [:], columns.map { cell(of: $0, row - rows.startIndex) })
        }
        let table = Markup.element(
            "table", [:],
            [
                .element("thead", [:], [.element("tr", [:], titles)]),
                .element("tbody", [:], body),
            ])
        return [
            HTMLReport.heading("Ranked trials"), .element("div", ["class": "scroll"], [table]),
        ] + notes
    }

    private func name(of column: TextTable.Column) -> String {
        column.alignment == .right ? "right" : "left"
    }

    private func cell(of column: TextTable.Column, _ row: Int) -> Markup {
        let text = column.cells[row]
        return .element(
            "td", ["class": column.title == "state" ? text : name(of: column)], [.text(text)])
    }

    private var notes: [Markup] {
        var notes: [String] = []
        let left = study.trials.count - rows.count
        if left > 0 {
            notes.append(
                "\(TextLayout.count(left, "trial")) more: hpcoord report \(study.spec.name) "
                    + "--format csv has them all.")
        }
        if zip(rows, rows.dropFirst()).contains(where: TrialColumns.isTied) {
            notes.append(
                "= within one standard error of the leader of its group: can't be told apart.")
        }
        return notes.map { .element("p", ["class": "note"], [.text($0)]) }
    }
}
