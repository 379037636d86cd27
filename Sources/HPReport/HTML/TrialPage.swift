package import HPSearch

/// One trial as a page with figures, and as figures alone.
package struct TrialPage {
    private let study: Study
    private let row: Ranking.Row
    private let recorded: RecordedTrial

    /// - Parameter recordings: of the attempt that won; empty where there is none.
    /// - Returns: nil when the study has no trial of that number.
    package init?(trial number: Int, of study: Study, recordings: TrialRecordings) {
        guard let row = Ranking(of: study).rows.first(where: { $0.trial.number == number }) else {
            return nil
        }
        self.study = study
        self.row = row
        recorded = RecordedTrial(trial: number, recordings: recordings)
    }

    package var text: String {
        Page(title: "\(study.spec.name), trial \(row.trial.number): hpcoord", body: body).text
    }

    /// `hpcoord.figures/1`.
    package var figuresText: String { FiguresDocument.text(of: figures) }

    private var figures: [any Figure] {
        let curves: [(any Figure)?] = [curve, loss(false), loss(true)]
        return curves.compactMap(\.self) + DiagnosticsFigures.all(of: recorded)
    }

    private var curve: CurvesFigure? { CurvesFigure(study, [recorded]) }

    private func loss(_ isLogarithmic: Bool) -> LossFigure? {
        LossFigure(study, [recorded], isLogarithmic: isLogarithmic)
    }

    // MARK: - Page

    private var body: [Markup] {
        let facts = TrialFacts(study: study, row: row, recordings: recorded.recordings)
        let title = "Trial \(row.trial.number) of study \(study.spec.name)"
        let detail = row.trial.detail.isEmpty ? [] : [Page.note(row.trial.detail)]
        return [.element("h1", [:], [.text(title)]), Page.facts(facts.all)] + detail
            + diagnosis + FigureSection.markup(of: curve)
            + FigureSection.toggle(linear: loss(false), logarithmic: loss(true))
            + DiagnosticsFigures.all(of: recorded).flatMap { FigureSection.markup(of: $0) }
            + layers
    }

    private var diagnosis: [Markup] {
        let flags = TrialFlag.flags(of: row.trial, objective: study.spec.objective)
        if row.trial.result == nil { return [] }
        let none = Page.note("Nothing about its training stands out.")
        return [Page.heading("Diagnosis")]
            + (flags.isEmpty
                ? [none]
                : flags.map {
                    Page.warning($0.rawValue, "\($0.advice.move): \($0.advice.because).")
                })
    }

    private var layers: [Markup] {
        guard let table = LayerTable(recorded.recordings.diagnostics) else { return [] }
        return [Page.heading(table.title), Page.table(table.columns)]
    }
}
