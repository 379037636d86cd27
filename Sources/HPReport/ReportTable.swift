import HPSearch

/// The report for a terminal: where the study stands, what to make of it, the ranked trials, what
/// they say together, and how the ranges moved from stage to stage.
struct ReportTable {
    var input: ReportInput
    var findings: Findings
    var rows: ArraySlice<Ranking.Row>

    private var study: Study { input.study }

    func text() -> String {
        let sections = [
            [Headline(input, findings.ranking).text] + detail() + data(), verdicts(), ranking(),
            flags(), FindingsText.lines(of: findings), stages(),
        ]
        return sections.filter { !$0.isEmpty }
            .map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    // MARK: - First lines

    private func detail() -> [String] {
        study.detail.isEmpty ? [] : TextLayout.wrap(study.detail, after: "")
    }

    /// Embedded and generated data leave nothing to understand.
    private func data() -> [String] {
        guard study.spec.data.path != nil, let summary = study.dataSummary else { return [] }
        return TextLayout.wrap(summary, after: "data: ")
    }

    private func verdicts() -> [String] {
        findings.verdicts.flatMap { verdict in
            TextLayout.wrap(verdict.message, after: "\(TextLayout.printable(verdict.code)): ")
        }
    }

    // MARK: - The table

    private func ranking() -> [String] {
        var lines = TextTable(columns: TrialColumns(study: study, rows: rows).all()).lines()
        let left = study.trials.count - rows.count
        if left > 0 {
            lines.append("... and \(left) more: --top \(study.trials.count) shows all")
        }
        if zip(rows, rows.dropFirst()).contains(where: TrialColumns.isTied) {
            lines.append(
                "= within one standard error of the difference from the first of its group: can't "
                    + "be told apart")
        }
        return lines
    }

    private func flags() -> [String] {
        FlagLegend(of: study).entries.flatMap { code, sentence in
            TextLayout.wrap(sentence, after: "\(code): ")
        }
    }

    // MARK: - Stages

    private func stages() -> [String] {
        let all = StageOverview.all(of: study)
        return all.flatMap { stage in
            let trials = TextLayout.count(stage.trialCount, "trial")
            let epochs = "\(NumberFormat.short(stage.epochs)) epoch\(stage.epochs == 1 ? "" : "s")"
            let title =
                "stage \(TextLayout.printable(stage.name)): \(trials) of \(epochs), "
                + stage.state.rawValue
            return [title] + RangeText.lines(of: study, stage)
        }
    }
}
