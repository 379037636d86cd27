import HPSearch

/// How each stage's ranges came about, in sentences.
struct MovesSection {
    private let study: Study
    private let reasons: MoveReasons

    init(study: Study) {
        self.study = study
        reasons = MoveReasons(of: study)
    }

    var markup: [Markup] {
        StageOverview.all(of: study).flatMap { stage -> [Markup] in
            let moves = stage.begun?.moves ?? []
            let title = Markup.element("h3", [:], [.text(title(of: stage))])
            return [title] + (moves.isEmpty ? ranges(of: stage) : moves.map(paragraph))
        }
    }

    private func title(of stage: StageOverview) -> String {
        "Stage \(stage.name): \(TextLayout.count(stage.trialCount, "trial")) of "
            + "\(NumberFormat.short(stage.epochs)) epoch\(stage.epochs == 1 ? "" : "s"), "
            + stage.state.rawValue
    }

    /// Where nothing led to a stage's ranges.
    private func ranges(of stage: StageOverview) -> [Markup] {
        guard let begun = stage.begun else { return [] }
        guard study.spec.stages[stage.index].source == .sampler else {
            return [.element("p", [:], [.text("The best configurations so far, again.")])]
        }
        let facts = zip(study.spec.parameters, begun.domains).map { parameter, domain in
            (parameter.name, "\(domain.kind) \(RangeText.text(of: domain))")
        }
        return [Page.facts(facts)]
    }

    private func paragraph(_ move: Move) -> Markup {
        let change =
            move.from == move.to
            ? RangeText.text(of: move.to)
            : "\(RangeText.text(of: move.from)) → \(RangeText.text(of: move.to))"
        return .element(
            "p", ["class": "move"],
            [
                .element("span", ["class": "code"], [.text(move.parameter)]),
                .text(" \(move.action.rawValue) "), .element("code", [:], [.text(change)]),
                .text(": \(reasons.text(of: move))"),
            ])
    }
}
