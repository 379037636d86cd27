/// Narrows ranges to where the good trials are, by a rule that can be done by hand.
///
/// On each range's own scale, the next range spans the best fifth of the stage's COMPLETE trials
/// (at least three), and on either side goes half way to the nearest trial beyond them, but at
/// least a twentieth of the old width. A side on which the best trials lean against the border is
/// not cut. A range never loses more than nine tenths of its width at once, and one that would
/// keep nine tenths is kept whole. With fewer than five COMPLETE trials nothing moves.
enum Narrowing {
    private static let trialsMinimum = 5
    private static let marginMinimum = 0.05
    private static let widthMinimum = 0.1
    private static let widthToKeep = 0.9

    /// One move for each parameter, in the order of the spec.
    static func moves(of study: Study, after stage: Stage) -> [Move] {
        let elite = StageElite(of: stage, in: study)
        return study.spec.parameters.indices.map { index in
            move(
                parameter: index, named: study.spec.parameters[index].name,
                domain: stage.domains[index], elite)
        }
    }

    private static func move(
        parameter: Int, named name: String, domain: ParameterDomain, _ elite: StageElite
    ) -> Move {
        let evidence = elite.best.map(\.number)
        let keep = { (because: String) in
            Move(
                parameter: name, action: .keep, from: domain, to: domain, because: because,
                evidence: evidence)
        }
        guard elite.ranked.count >= trialsMinimum else {
            return keep(
                "only \(elite.ranked.count) trials are COMPLETE: too few to narrow by")
        }
        guard let scale = Scale(domain) else {
            return keep(
                domain.kind == "choice"
                    ? "a choice keeps all of its values" : "the value is fixed")
        }
        let span = Span(of: parameter, in: elite, scale)
        let sentence = sentence(name, elite, span, scale)
        let bounds = limits(span)
        guard bounds.high - bounds.low < widthToKeep else {
            return keep(sentence + ": nearly the whole range")
        }
        let narrowed = scale.part(of: domain, from: bounds.low, to: bounds.high)
        guard narrowed != domain, let edges = narrowed.bounds, edges.low < edges.high else {
            return keep(sentence + ": nearly the whole range")
        }
        return Move(
            parameter: name, action: .narrow, from: domain, to: narrowed, because: sentence,
            evidence: evidence)
    }

    /// Where the elite lies, and its nearest neighbours, as positions on the scale.
    private struct Span {
        var low: Double
        var high: Double
        var below: Double?
        var above: Double?
        var crowdedSide: StageElite.Side?
        /// Every trial beyond the elite on the high side diverged, and there is one.
        var isInfeasibleAbove: Bool

        init(of parameter: Int, in elite: StageElite, _ scale: Scale) {
            let position = { (trial: Trial) in
                scale.position(of: trial.parameters[parameter].asNumber ?? 0)
            }
            let best = elite.best.map(position)
            let low = best.min() ?? 0
            let high = best.max() ?? 1
            let completed = elite.ranked.map(position)
            let diverged = elite.diverged.map(position)
            let all = completed + diverged
            self.low = low
            self.high = high
            below = all.filter { $0 < low }.max()
            above = all.filter { $0 > high }.min()
            crowdedSide = elite.crowdedSide(parameter: parameter, scale: scale)
            isInfeasibleAbove =
                diverged.contains { $0 > high } && !completed.contains { $0 > high }
        }
    }

    private static func limits(_ span: Span) -> (low: Double, high: Double) {
        let marginBelow = span.below.map { (span.low - $0) / 2 } ?? span.low
        let marginAbove = span.above.map { ($0 - span.high) / 2 } ?? (1 - span.high)
        var low = max(0, span.low - max(marginMinimum, marginBelow))
        var high = min(1, span.high + max(marginMinimum, marginAbove))
        switch span.crowdedSide {
        case .low: low = 0
        case .high: high = 1
        case nil: break
        }
        let missing = widthMinimum - (high - low)
        if missing > 0 {
            low = max(0, low - missing / 2)
            high = min(1, low + widthMinimum)
            low = max(0, high - widthMinimum)
        }
        return (low, high)
    }

    private static func sentence(
        _ name: String, _ elite: StageElite, _ span: Span, _ scale: Scale
    ) -> String {
        let low = NumberText.short(scale.value(at: span.low))
        let high = NumberText.short(scale.value(at: span.high))
        var text = "the best \(elite.best.count) of \(elite.ranked.count) COMPLETE trials have "
        text += low == high ? "\(name) \(low)" : "\(name) between \(low) and \(high)"
        switch span.crowdedSide {
        case .low: text += "; they lean on the low border, which is not cut"
        case .high: text += "; they lean on the high border, which is not cut"
        case nil: break
        }
        if span.isInfeasibleAbove { text += "; every trial above diverged" }
        return text
    }
}
