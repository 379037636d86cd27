/// Says why a range moved, or did not.
struct RangeSentence {
    let rule: RangeRule
    let bounds: RangeRule.Bounds
    let action: Move.Action

    private var evidenceOfElite: [Int] { rule.evidence.elite.map(\.number) }

    /// Numbers of the trials that the sentence rests on, the best first; those of a bad end after
    /// the elite's.
    var evidence: [Int] {
        var evidence = evidenceOfElite
        for number in (bounds.hopeless + bounds.infeasible + knownInfeasible).flatMap(\.evidence)
        where !evidence.contains(number) {
            evidence.append(number)
        }
        return evidence
    }

    var text: String {
        var clauses = [lead] + [crowding].compactMap(\.self)
        clauses += bounds.hopeless.map(hopeless) + bounds.infeasible.map(infeasible)
        clauses += knownInfeasible.map(infeasible)
        if action == .keep, !bounds.isDrawnByElite, rule.isRelevant {
            clauses.append("that is nearly the whole range, which is kept")
        }
        return clauses.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// What keeps the range from going on at the end that the best trials lean on.
    private var knownInfeasible: [BadEnd] {
        guard let crowding = rule.crowding, case .edge(let bad) = crowding.extension,
            !bounds.infeasible.contains(where: { $0.end == crowding.end })
        else { return [] }
        return [bad]
    }

    // MARK: - What the trials say

    private var lead: String {
        let count = rule.positions.count
        if count < RangeRule.trialsMinimum {
            let trials = ["no trial is", "only 1 trial is"]
            return (count < 2 ? trials[count] : "only \(count) trials are")
                + " COMPLETE\(rule.evidence.scope), too few to say what is good for \(rule.name)"
        }
        if rule.isRelevant { return "\(elite) (\(sign))" }
        let isCut = !bounds.hopeless.isEmpty || !bounds.infeasible.isEmpty
        if !isCut, !rule.evidence.differsBeyondNoise, let error = rule.evidence.standardError {
            return
                "the \(rule.evidence.metric) of the \(count) \(complete)\(rule.evidence.scope) "
                + "differs no more than its standard error, \(NumberText.short(error)), explains"
        }
        return
            "no sign that \(rule.name) matters within its range\(isCut ? " but at its end" : ""): "
            + elite + weakSign
    }

    /// `18 of the best 20 of 87 COMPLETE trials have reg between 2.4e-5 and 0.29`.
    private var elite: String {
        guard let window = rule.relevance.window else { return "" }
        let low = NumberText.short(rule.scale.value(at: window.low))
        let high = NumberText.short(rule.scale.value(at: window.high))
        let who =
            window.holds == window.eliteCount
            ? "the best \(window.eliteCount)" : "\(window.holds) of the best \(window.eliteCount)"
        let place = low == high ? "\(rule.name) \(low)" : "\(rule.name) between \(low) and \(high)"
        return
            "\(who) of \(rule.positions.count) \(complete)\(rule.evidence.scope) have \(place)"
    }

    /// Copies of a configuration count once.
    private var complete: String {
        rule.evidence.hasCopies ? "distinct COMPLETE trials" : "COMPLETE trials"
    }

    private var sign: String {
        let relevance = rule.relevance
        let chance = Self.rarity(relevance.chance)
        if let correlation = relevance.correlation, relevance.isMonotone,
            correlation.chance <= relevance.window?.chance ?? 1
        {
            return "rank correlation with \(rule.evidence.metric) "
                + "\(Self.signed(shown(correlation))), by chance \(chance)"
        }
        return "so crowded by chance \(chance)"
    }

    private var weakSign: String {
        guard let correlation = rule.relevance.correlation else { return "" }
        return ", rank correlation with \(rule.evidence.metric) \(Self.signed(shown(correlation)))"
    }

    /// With the metric itself, not with how good it is.
    private func shown(_ correlation: RankCorrelation) -> Double {
        rule.evidence.value(of: correlation.coefficient)
    }

    // MARK: - Ends

    private var crowding: String? {
        guard let (end, fate) = rule.crowding else { return nil }
        let border = rule.domain.bounds.map { end == .low ? $0.low : $0.high } ?? 0
        let leaning = "they lean on the \(end.word) border, \(NumberText.short(border))"
        switch fate {
        case .moves: return leaning + ": the range goes on beyond it"
        case .edge: return leaning + ", the edge of stability"
        case .limit: return leaning + ", which is its hard limit"
        }
    }

    private func hopeless(_ bad: BadEnd) -> String {
        "each of the \(bad.count) trials from \(place(bad)) is clearly worse than every other"
    }

    private func infeasible(_ bad: BadEnd) -> String {
        let trials = bad.isSelection ? "comparable trials" : "trials"
        return "\(bad.divergedCount) of the \(bad.count) \(trials) from \(place(bad)) DIVERGED"
    }

    /// `0.12 up`.
    private func place(_ bad: BadEnd) -> String {
        let value = NumberText.short(rule.scale.value(at: bad.firstBad))
        return "\(value) \(bad.end == .high ? "up" : "down")"
    }

    // MARK: - Numbers

    /// `once in 1200 studies`, for a chance that is at most one in two.
    static func rarity(_ chance: Double) -> String {
        guard chance > 1e-4 else { return "less than once in 10,000 studies" }
        return "once in \(Int((1 / chance).rounded(.down))) studies"
    }

    /// Two decimals and a sign.
    static func signed(_ number: Double) -> String {
        let hundredths = Int((number.magnitude * 100).rounded())
        let sign = hundredths == 0 ? "" : number < 0 ? "-" : "+"
        return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
