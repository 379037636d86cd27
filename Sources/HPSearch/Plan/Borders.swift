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
    /// `best-on-border` for each range of the last sampled stage with COMPLETE trials, when the
    /// best trial or two of the best five lie in the outer tenth of it.
    package static func verdicts(of study: Study) -> [Verdict] {
        let sampled = study.stages.filter { study.spec.stages[$0.index].source == .sampler }
        for stage in sampled.reversed() {
            let elite = StageElite(of: stage, in: study)
            guard !elite.ranked.isEmpty else { continue }
            return study.spec.parameters.indices.compactMap { index in
                verdict(parameter: index, of: study, stage, elite)
            }
        }
        return []
    }

    private static func verdict(
        parameter: Int, of study: Study, _ stage: Stage, _ elite: StageElite
    ) -> Verdict? {
        let name = study.spec.parameters[parameter].name
        guard let scale = Scale(stage.domains[parameter]),
            let bounds = stage.domains[parameter].bounds,
            let side = elite.crowdedSide(parameter: parameter, scale: scale),
            let best = elite.ranked.first, let value = best.parameters[parameter].asNumber
        else { return nil }
        let top = elite.ranked.prefix(5)
        let count = top.count { trial in
            trial.parameters[parameter].asNumber.map { side.holds(scale.position(of: $0)) } ?? false
        }
        let border = side == .low ? bounds.low : bounds.high
        let percent = NumberText.short((scale.position(of: value) * 1000).rounded() / 10)
        let message = """
            the best \(name) is \(NumberText.short(value)) (trial \(best.number)), at \(percent)% \
            of the \(scale.word) [\(NumberText.short(bounds.low)), \
            \(NumberText.short(bounds.high))] of stage \(stage.name), and \(count) of the best \
            \(top.count) trials lie in its outer tenth: the optimum may be beyond \
            \(NumberText.short(border)); search again with a range that goes further
            """
        return Verdict(code: "best-on-border", parameter: name, message: message)
    }
}
