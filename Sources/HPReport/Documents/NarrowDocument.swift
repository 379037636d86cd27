package import HPSearch

/// What `hpcoord narrow` prints: the moves that the rule makes of a study's trials, with reasons,
/// `hpcoord.narrow/1`.
package enum NarrowDocument {
    /// - Parameter stages: indices of the stages to judge, each with trials of its own.
    package static func render(
        _ study: Study, stages: [Int], format: DocumentFormat
    ) -> String {
        let judged = stages.map { JudgedStage(study, study.stages[$0]) }
        switch format {
        case .table: return lines(study, judged).map { $0 + "\n" }.joined()
        case .json: return document(study, judged).documentText()
        }
    }

    /// The stage whose trials the next move of a study rests on; nil before there is one.
    package static func currentStage(of study: Study) -> Int? {
        study.stages.last { study.spec.stages[$0.index].source == .sampler }?.index
    }

    private struct JudgedStage {
        let overview: StageOverview
        let stage: Stage
        let moves: [Move]

        init(_ study: Study, _ stage: Stage) {
            self.stage = stage
            overview = StageOverview.all(of: study)[stage.index]
            moves = Narrowing.moves(of: study, after: stage)
        }
    }

    // MARK: - Table

    private static func lines(_ study: Study, _ stages: [JudgedStage]) -> [String] {
        var lines = stages.flatMap { judged -> [String] in
            let counts = judged.overview.accounting
            let title =
                "stage \(TextLayout.printable(judged.stage.name)): "
                + "\(TextLayout.count(counts.complete, "trial")) COMPLETE, "
                + "\(counts.diverged) DIVERGED; the next ranges:"
            return [title] + RangeText.lines(of: judged.moves, study) + [""]
        }
        let verdicts = StudyVerdicts.verdicts(of: study).flatMap { verdict in
            TextLayout.wrap(verdict.message, after: "\(TextLayout.printable(verdict.code)): ")
        }
        if !verdicts.isEmpty { lines += verdicts + [""] }
        if let last = stages.last {
            lines += [
                "as a stage of a spec: narrow: " + StageSpec.narrowingText(of: last.moves)
            ]
        }
        if study.awaitsConfirmation {
            lines += TextLayout.wrap(study.detail, after: "")
        }
        return lines
    }

    // MARK: - JSON

    private static func document(_ study: Study, _ stages: [JudgedStage]) -> JSONValue {
        .object([
            "schema": .text("hpcoord.narrow/1"),
            "study": .text(study.spec.name),
            "awaits_confirmation": .boolean(study.awaitsConfirmation),
            "stages": .array(
                stages.map { judged in
                    .object([
                        "name": .text(judged.stage.name),
                        "index": .integer(judged.stage.index),
                        "complete": .integer(judged.overview.accounting.complete),
                        "diverged": .integer(judged.overview.accounting.diverged),
                        "ranges": ReportJSON.ranges(of: study, judged.stage.domains),
                        "moves": .array(judged.moves.map(ReportJSON.move)),
                    ])
                }),
            "verdicts": .array(StudyVerdicts.verdicts(of: study).map(ReportJSON.verdict)),
        ])
    }
}
