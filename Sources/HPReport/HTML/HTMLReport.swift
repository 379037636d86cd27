import HPSearch

/// The report as one page: no script, nothing from elsewhere, the same bytes for the same study.
struct HTMLReport {
    /// Rows of the table: a page is for reading, the CSV has them all.
    static let rowMaximum = 50

    var input: ReportInput
    var findings: Findings
    var rows: ArraySlice<Ranking.Row>

    private var study: Study { input.study }

    func text() -> String {
        let title = "\(study.spec.name): hpcoord report"
        let head: [Markup] = [
            .element("meta", ["charset": "utf-8"]),
            .element(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("title", [:], [.text(title)]), .style(PageStyle.rules),
        ]
        let page = Markup.element(
            "html", ["lang": "en"],
            [.element("head", [:], head), .element("body", [:], body)])
        return "<!DOCTYPE html>\n" + page.source + "\n"
    }

    private var body: [Markup] {
        let sample = TrialSample(of: findings.ranking)
        return headline + verdicts
            + section(ScatterFigure(findings, sample)) + section(HistoryFigure(findings, sample))
            + section(CurvesFigure(findings, input.recorded))
            + section(ImportanceFigure(findings), lists: [budgets])
            + section(RangesFigure(findings)) + MovesSection(study: study).markup
            + TrialsSection(study: study, rows: rows).markup
            + OriginSection(study: study).markup
    }

    // MARK: - Where the study stands

    private var headline: [Markup] {
        let headline = Headline(input)
        let accounting = Accounting(of: study)
        let objective = study.spec.objective
        var facts = [
            (
                "state",
                study.state.rawValue + (study.reason.isEmpty ? "" : " (\(study.reason))")
            ),
            ("trials", "\(accounting.done) of \(accounting.planned) done"),
            ("best", best),
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
            .element("h1", [:], [.text("Study \(headline.study)")]), Self.facts(facts),
        ]
    }

    private var best: String {
        guard let trial = study.bestTrial, let value = trial.result?.value else {
            return "none yet"
        }
        let error = trial.result?.standardError.map {
            " ± \(NumberFormat.fixed($0, decimals: 4))"
        }
        return NumberFormat.fixed(value, decimals: 4) + (error ?? "") + " (trial \(trial.number))"
    }

    private var verdicts: [Markup] {
        let found = findings.verdicts.map { verdict in
            Markup.element(
                "p", ["class": "warning"],
                [
                    .element("span", ["class": "code"], [.text(verdict.code)]),
                    .text(": \(verdict.message)"),
                ])
        }
        let none = Markup.element(
            "p", ["class": "note"], [.text("Nothing about the study as a whole stands out.")])
        return [Self.heading("What stands out")] + (found.isEmpty ? [none] : found)
    }

    private var budgets: [String] {
        findings.budgetCorrelations.map { budget in
            let sentence = FindingsText.sentence(of: budget, in: findings)
            return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
        }
    }

    // MARK: - Parts

    /// A figure in both layouts, with sentences below it.
    private func section(_ figure: (any Figure)?, lists sentences: [[String]] = []) -> [Markup] {
        guard let figure else { return [] }
        let notes = ([figure.caption] + sentences.flatMap(\.self)).map {
            Markup.element("figcaption", [:], [.text($0)])
        }
        return [
            Self.heading(figure.title),
            .element(
                "figure", ["id": figure.name],
                [figure.svg(in: .wide), figure.svg(in: .narrow)] + notes),
        ]
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
}
