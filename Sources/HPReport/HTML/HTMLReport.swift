import HPSearch

/// The report as one page.
struct HTMLReport {
    /// Rows of the table: a page is for reading, the CSV has them all.
    static let rowMaximum = 50
    /// Trials whose layers are drawn.
    private static let insideMaximum = 3

    var input: ReportInput
    var findings: Findings
    var rows: ArraySlice<Ranking.Row>

    private var study: Study { input.study }

    func text() -> String {
        Page(title: "\(study.spec.name): hpcoord report", body: body).text
    }

    private var body: [Markup] {
        let sample = TrialSample(of: findings.ranking)
        return headline + verdicts
            + FigureSection.markup(of: ScatterFigure(findings, sample))
            + FigureSection.markup(of: HistoryFigure(findings, sample))
            + FigureSection.markup(of: CurvesFigure(findings, input.recorded))
            + FigureSection.toggle(linear: loss(false), logarithmic: loss(true))
            + inside
            + FigureSection.markup(of: ImportanceFigure(findings), notes: budgets)
            + FigureSection.markup(of: RangesFigure(findings)) + MovesSection(study: study).markup
            + TrialsSection(study: study, rows: rows).markup
            + OriginSection(study: study).markup
    }

    /// Every figure of the page.
    var figures: [any Figure] {
        let sample = TrialSample(of: findings.ranking)
        let figures: [(any Figure)?] = [
            ScatterFigure(findings, sample), HistoryFigure(findings, sample),
            CurvesFigure(findings, input.recorded), loss(false), loss(true),
            ImportanceFigure(findings), RangesFigure(findings),
        ]
        return figures.compactMap(\.self)
            + best.prefix(Self.insideMaximum).flatMap(DiagnosticsFigures.all)
    }

    // MARK: - The best trials

    /// What was recorded of the best trials, the best first.
    private var best: [RecordedTrial] {
        Report.curveRows(of: findings.ranking).compactMap { row in
            input.recorded.first { $0.trial == row.trial.number }
        }
    }

    private func loss(_ isLogarithmic: Bool) -> LossFigure? {
        LossFigure(study, best, isLogarithmic: isLogarithmic)
    }

    /// The inside of the training of a few trials, the best one's unfolded.
    private var inside: [Markup] {
        let shown = best.map { ($0.trial, DiagnosticsFigures.all(of: $0)) }
            .filter { !$0.1.isEmpty }.prefix(Self.insideMaximum)
        if shown.isEmpty { return [] }
        let parts = shown.enumerated().map { index, part in
            let summary = Markup.element("summary", [:], [.text(summary(of: part.0))])
            let content = [summary] + part.1.flatMap(FigureSection.part)
            return index == 0
                ? Markup.element("details", ["open": "open"], content)
                : Markup.element("details", [:], content)
        }
        return [Page.heading("Inside of the training of the best trials")] + parts
    }

    private func summary(of number: Int) -> String {
        let trial = study.trials.first { $0.number == number }
        let flags = trial.map { TrialJSON.flags(of: study, $0) } ?? []
        return "Trial \(number)" + (flags.isEmpty ? "" : ": \(flags.joined(separator: ", "))")
    }

    // MARK: - Where the study stands

    private var headline: [Markup] {
        let headline = Headline(input, findings.ranking)
        let accounting = Accounting(of: study)
        let objective = study.spec.objective
        var facts = [
            (
                "state",
                study.state.rawValue + (study.reason.isEmpty ? "" : " (\(study.reason))")
            ),
            ("trials", "\(accounting.done) of \(accounting.planned) done"),
            ("best", bestValue),
            ("objective", "\(objective.goal.rawValue) \(objective.metric.rawValue)"),
            ("seed", "\(study.spec.seed)"),
            (
                "fingerprint",
                Fingerprint.digest(of: study) ?? "none until the study is complete by its own rules"
            ),
        ]
        if !study.detail.isEmpty { facts.insert(("detail", study.detail), at: 1) }
        if let seconds = input.elapsedSeconds {
            facts.append(("elapsed", NumberFormat.duration(seconds: seconds)))
        }
        return [
            .element("h1", [:], [.text("Study \(headline.study)")]), Page.facts(facts),
        ]
    }

    private var bestValue: String {
        Headline(input, findings.ranking).bestText
    }

    private var verdicts: [Markup] {
        let found = findings.verdicts.map { Page.warning($0.code, $0.message) }
        let none = Page.note("Nothing about the study as a whole stands out.")
        return [Page.heading("What stands out")] + (found.isEmpty ? [none] : found)
    }

    private var budgets: [String] {
        findings.budgetCorrelations.map { budget in
            let sentence = FindingsText.sentence(of: budget, in: findings)
            return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
        }
    }
}
