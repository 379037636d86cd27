/// A sentence about a study.
package struct Verdict: Sendable, Hashable {
    package var code: String
    /// The parameter that it is about, if it is about one.
    package var parameter: String?
    package var message: String

    package init(code: String, parameter: String? = nil, message: String) {
        self.code = code
        self.parameter = parameter
        self.message = message
    }
}

/// Says out loud that the best values lie on the border of their range.
package enum Borders {
    /// `best-on-border`, or `edge-of-stability` where trials diverge beyond it, for each range of
    /// the last sampled stage with COMPLETE trials whose parameter is relevant there, when the
    /// best trial or two of the best five lie in the outer tenth of it.
    package static func verdicts(of study: Study) -> [Verdict] {
        let sampled = study.stages.filter { study.spec.stages[$0.index].source == .sampler }
        for stage in sampled.reversed() {
            let judgements = Narrowing.judgements(of: study, after: stage)
            let verdicts = judgements.enumerated().compactMap { index, judgement in
                judgement.rule.flatMap { verdict(parameter: index, $0, stage) }
            }
            let hasSuccess = study.trials.contains {
                $0.stage == stage.index && $0.state == .complete
            }
            if hasSuccess { return verdicts }
        }
        return []
    }

    private static func verdict(
        parameter index: Int, _ rule: RangeRule, _ stage: Stage
    ) -> Verdict? {
        guard let bounds = rule.domain.bounds, let (end, fate) = rule.crowding,
            let best = rule.evidence.ranked.first, let value = best.parameters[index].asNumber,
            let position = rule.positions.first
        else { return nil }
        let top = rule.positions.prefix(5)
        let border = end == .low ? bounds.low : bounds.high
        let percent = NumberText.short((position * 1000).rounded() / 10)
        let message = """
            the best \(rule.name) is \(NumberText.short(value)) (trial \(best.number)), at \
            \(percent)% of the \(rule.scale.word) [\(NumberText.short(bounds.low)), \
            \(NumberText.short(bounds.high))] of stage \(stage.name), and \
            \(top.count(where: end.holds)) of the best \(top.count) trials lie in its outer tenth: \
            \(advice(rule, fate, border))
            """
        let code = if case .edge = fate { "edge-of-stability" } else { "best-on-border" }
        return Verdict(code: code, parameter: rule.name, message: message)
    }

    private static func advice(
        _ rule: RangeRule, _ fate: RangeRule.Extension, _ border: Double
    ) -> String {
        switch fate {
        case .moves:
            "the optimum may be beyond \(NumberText.short(border)); search again with a range that "
                + "goes further"
        case .edge(let bad):
            "trials DIVERGED from \(NumberText.short(rule.scale.value(at: bad.firstBad))) on, so "
                + "this is the edge of stability: do not go beyond it"
        case .limit:
            "\(NumberText.short(border)) is its hard limit: only wider `limits`, where the engine "
                + "allows them, go beyond it"
        }
    }
}
