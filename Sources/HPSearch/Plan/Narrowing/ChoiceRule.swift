/// Drops the values of a choice that the evidence rules out.
///
/// A value goes when none of its trials made the elite, and when chance alone would bring that
/// about, or ranks as low as theirs, in at most its part of the promise: see `ChanceBudget`. A
/// value whose every trial diverged, where chance would not have it so, goes first, whatever the
/// others came to.
struct ChoiceRule {
    let name: String
    let domain: ParameterDomain
    let values: [ParameterValue]
    let index: Int
    /// Of the trials in which the parameter is active.
    let evidence: StageEvidence
    /// The part of the promise that each test of each value has.
    private let budget: ChanceBudget
    private let standings: [Standing]

    /// - Parameter budget: of the parameter.
    init(
        name: String, domain: ParameterDomain, values: [ParameterValue], index: Int,
        evidence: StageEvidence, budget: ChanceBudget
    ) {
        self.name = name
        self.domain = domain
        self.values = values
        self.index = index
        self.evidence = evidence
        let trials = evidence.ranked + evidence.diverged
        let ranks = RankCorrelation.ranks(trials.map(\.score))
        standings = values.map { Standing($0, index, evidence, trials, ranks) }
        self.budget = budget.shared(by: standings.flatMap(\.leastChances))
    }

    func move() -> Move {
        let count = evidence.ranked.count
        if values.count == 1 { return keep("no other value is left") }
        let infeasible = standings.filter(isInfeasible)
        if !infeasible.isEmpty, infeasible.count < values.count { return drop(infeasible) }
        guard count >= RangeRule.trialsMinimum else {
            let trials = count == 1 ? "1 trial is" : "\(count) trials are"
            return keep("only \(trials) COMPLETE, too few to drop a value of \(name) by")
        }
        let dropped = standings.filter(isRuledOut)
        if !dropped.isEmpty { return drop(dropped) }
        guard evidence.differsBeyondNoise else {
            return keep(
                "the \(evidence.metric) of the \(count) COMPLETE trials differs no more than its "
                    + "standard error explains")
        }
        return keep("no value is ruled out: \(leaders)")
    }

    /// The values that make trials diverge.
    var explanations: [(explanation: StageEvidence.Explanation, chance: Double)] {
        let infeasible = standings.filter(isInfeasible)
        guard infeasible.count < values.count else { return [] }
        return infeasible.map { standing in
            let value = standing.value
            return (
                StageEvidence.Explanation(parameter: index) { $0 == value },
                standing.chanceOfDivergence
            )
        }
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

    /// Whether not one trial with the value could be trained, where others could.
    private func isInfeasible(_ standing: Standing) -> Bool {
        !standing.diverged.isEmpty && budget.allows(standing.chanceOfDivergence)
    }

    private func isRuledOut(_ standing: Standing) -> Bool {
        standing.eliteCount == 0 && standing.trialCount > 0 && budget.allows(standing.chance)
    }

    // MARK: - Words

    /// `none of the 20 trials with sigmoid is among the best 12 (by chance once in 700 studies)`.
    private func sentence(_ standing: Standing) -> String {
        if !standing.diverged.isEmpty {
            return "\(Self.text(of: standing.value)) is dropped: all of its "
                + "\(standing.trialCount) trials DIVERGED"
        }
        let chance = RangeSentence.rarity(budget.inStudies(standing.chance))
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

/// How one value of a choice did.
private struct Standing {
    private static let evidenceMaximum = 5

    let value: ParameterValue
    let trialCount: Int
    let eliteCount: Int
    /// Numbers of its first trials that DIVERGED, where all did.
    let diverged: [Int]
    /// How often chance alone keeps this value from the elite, or its ranks as low: the rarer one.
    let chance: Double
    /// How often chance alone makes as many of its trials diverge.
    let chanceOfDivergence: Double
    /// The least that the chances of its three tests can be.
    let leastChances: [Double]

    init(
        _ value: ParameterValue, _ index: Int, _ evidence: StageEvidence,
        _ trials: [StageEvidence.Observation], _ ranks: [Double]
    ) {
        self.value = value
        let own = trials.indices.filter { trials[$0].parameters[index] == value }
        let elite = evidence.elite
        let absent = Hypergeometric.chance(
            ofAtLeast: elite.count, drawn: trials.count - own.count, marked: elite.count,
            total: trials.count)
        let low = RankSum.chance(
            ofAtMost: own.map { ranks[$0] }.reduce(0, +), drawn: own.count, of: ranks)
        let lowest = RankSum.chance(
            ofAtMost: ranks.sorted().prefix(own.count).reduce(0, +), drawn: own.count, of: ranks)
        let lost = own.filter { trials[$0].score == -.infinity }
        trialCount = own.count
        eliteCount = elite.count { $0.parameters[index] == value }
        diverged =
            lost.count < own.count
            ? [] : lost.prefix(Self.evidenceMaximum).map { trials[$0].number }
        chance = min(absent, low)
        chanceOfDivergence = Hypergeometric.chance(
            ofAtLeast: lost.count, drawn: own.count, marked: evidence.diverged.count,
            total: trials.count)
        let allLost = Hypergeometric.chance(
            ofAtLeast: own.count, drawn: own.count, marked: evidence.diverged.count,
            total: trials.count)
        leastChances = [absent, lowest, allLost > 0 ? allLost : 1]
    }
}
