import HPMath

/// Drops the values of a choice that the evidence rules out.
///
/// A value goes when none of its trials made the elite, and when that, or ranks as low as theirs,
/// would come about by chance in fewer than one of 200 stages, all values taken together. A value
/// whose every trial diverged goes first, whatever the others came to.
struct ChoiceRule {
    private static let chanceMaximum = 1.0 / 200
    /// Where standard errors are not known: see `Relevance`.
    private static let chanceMaximumInNoise = 1.0 / 1000

    let name: String
    let domain: ParameterDomain
    let values: [ParameterValue]
    let index: Int
    /// Of the trials in which the parameter is active.
    let evidence: StageEvidence

    func move() -> Move {
        let count = evidence.ranked.count
        if values.count == 1 { return keep("no other value is left") }
        let infeasible = standings().filter(isInfeasible)
        if !infeasible.isEmpty, infeasible.count < values.count { return drop(infeasible) }
        guard count >= RangeRule.trialsMinimum else {
            let trials = count == 1 ? "1 trial is" : "\(count) trials are"
            return keep("only \(trials) COMPLETE, too few to drop a value of \(name) by")
        }
        guard evidence.differsBeyondNoise else {
            return keep(
                "the \(evidence.metric) of the \(count) COMPLETE trials differs no more than its "
                    + "standard error explains")
        }
        let dropped = standings().filter(isRuledOut)
        guard !dropped.isEmpty else { return keep("no value is ruled out: \(leaders)") }
        return drop(dropped)
    }

    private func drop(_ dropped: [Standing]) -> Move {
        let left = values.filter { value in !dropped.contains { $0.value == value } }
        return Move(
            parameter: name, action: .narrow, from: domain, to: .choice(left),
            because: dropped.map(sentence).joined(separator: "; "),
            evidence: evidence.elite.map(\.number) + dropped.flatMap(\.diverged))
    }

    private func keep(_ because: String) -> Move {
        Move(
            parameter: name, action: .keep, from: domain, to: domain, because: because,
            evidence: evidence.elite.map(\.number))
    }

    // MARK: - Values against each other

    private struct Standing {
        let value: ParameterValue
        let trialCount: Int
        let eliteCount: Int
        /// Numbers of its first trials that DIVERGED, where all did.
        let diverged: [Int]
        /// How often chance alone makes a value look as bad.
        let chance: Double
        /// How often chance alone makes as many of its trials diverge.
        let chanceOfDivergence: Double
    }

    private static let evidenceMaximum = 5

    /// Whether not one trial with the value could be trained, where others could.
    private func isInfeasible(_ standing: Standing) -> Bool {
        !standing.diverged.isEmpty
            && standing.chanceOfDivergence * Double(values.count) <= Self.chanceMaximum
    }

    private func isRuledOut(_ standing: Standing) -> Bool {
        standing.eliteCount == 0 && standing.trialCount > 0
            && standing.chance * Double(values.count)
                <= (evidence.standardError == nil
                    ? Self.chanceMaximumInNoise : Self.chanceMaximum)
    }

    private func standings() -> [Standing] {
        let trials = evidence.ranked + evidence.diverged
        let elite = evidence.elite
        let ranks = RankCorrelation.ranks(trials.map(\.score))
        return values.map { value in
            let own = trials.indices.filter { trials[$0].parameters[index] == value }
            let absent = Hypergeometric.chance(
                ofAtLeast: elite.count, drawn: trials.count - own.count, marked: elite.count,
                total: trials.count)
            let diverged = own.filter { trials[$0].score == -.infinity }
            let low = Self.chance(ofRankSum: own.map { ranks[$0] }, of: trials.count)
            return Standing(
                value: value, trialCount: own.count,
                eliteCount: elite.count { $0.parameters[index] == value },
                diverged: diverged.count < own.count
                    ? [] : diverged.prefix(Self.evidenceMaximum).map { trials[$0].number },
                chance: min(1, 2 * min(absent, low)),
                chanceOfDivergence: Hypergeometric.chance(
                    ofAtLeast: diverged.count, drawn: own.count,
                    marked: evidence.diverged.count, total: trials.count))
        }
    }

    /// How often ranks drawn blindly have a sum this low (Wilcoxon 1945, by the normal
    /// distribution).
    private static func chance(ofRankSum ranks: [Double], of total: Int) -> Double {
        let own = Double(ranks.count)
        let others = Double(total) - own
        guard own > 0, others > 0 else { return 1 }
        let expected = own * (Double(total) + 1) / 2
        let spread = (own * others * (Double(total) + 1) / 12).squareRoot()
        let deviation = (ranks.reduce(0, +) + 0.5 - expected) / spread
        return (1 + erf(deviation / 2.0.squareRoot())) / 2
    }

    // MARK: - Words

    /// `none of the 20 trials with sigmoid is among the best 12 (by chance once in 700 stages)`.
    private func sentence(_ standing: Standing) -> String {
        if !standing.diverged.isEmpty {
            return "\(Self.text(of: standing.value)) is dropped: all of its "
                + "\(standing.trialCount) trials DIVERGED"
        }
        let chance = RangeSentence.rarity(standing.chance)
        return "\(Self.text(of: standing.value)) is dropped: none of its \(standing.trialCount) "
            + "trials is among the best \(evidence.elite.count) of \(evidence.ranked.count) "
            + "COMPLETE ones\(evidence.scope), and as bad by chance \(chance)"
    }

    /// `8 of the best 12 trials have relu, 4 have tanh`.
    private var leaders: String {
        let elite = evidence.elite
        let counts = values.map { value in
            (value: value, count: elite.count { $0.parameters[index] == value })
        }.filter { $0.count > 0 }
        let texts = counts.enumerated().map { position, entry in
            "\(entry.count) \(position == 0 ? "of the best \(elite.count) trials have" : "have") "
                + Self.text(of: entry.value)
        }
        return texts.joined(separator: ", ")
    }

    static func text(of value: ParameterValue) -> String {
        switch value {
        case .boolean(let boolean): "\(boolean)"
        case .integer(let integer): "\(integer)"
        case .number(let number): NumberText.short(number)
        case .text(let text): text
        case .list(let values): "[\(values.map(text).joined(separator: ", "))]"
        case .inactive: "nothing"
        }
    }
}
