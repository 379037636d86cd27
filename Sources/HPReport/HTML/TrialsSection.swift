import HPSearch

/// The ranked trials, with the columns of the terminal's table.
struct TrialsSection {
    let study: Study
    let rows: ArraySlice<Ranking.Row>

    var markup: [Markup] {
        let legend = FlagLegend(of: study).entries.map { code, sentence in
            Page.warning(code, sentence + ".")
        }
        let table = Page.table(TrialColumns(study: study, rows: rows).all())
        return [Page.heading("Ranked trials"), table] + notes + legend
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
                "= within one standard error of the difference from the first of its group: can't "
                    + "be told apart.")
        }
        return notes.map(Page.note)
    }
}
