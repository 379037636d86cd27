/// Signs that a parameter's place in its range had to do with how its trials came out.
///
/// Four count, as many of them as could be strong enough with these trials: a rank correlation
/// between the parameter and the objective, an elite that is crowded into a part of the range, an
/// end at which all trials are hopeless, and an end at which they diverge.
struct Relevance {
    /// Of the position in the range with the score; nil with too few trials.
    let correlation: RankCorrelation?
    let window: EliteWindow?
    /// The part of the promise that each sign has.
    let budget: ChanceBudget

    /// - Parameters:
    ///   - ends: the least chances of signs at the ends of the range.
    ///   - budget: of the parameter.
    init(
        positions: [Double], scores: [Double], window: EliteWindow?, ends: [Double],
        budget: ChanceBudget
    ) {
        correlation = RankCorrelation(positions, scores)
        self.window = window
        self.budget = budget.shared(
            by: [RankCorrelation.leastChance(positions, scores), window?.leastChance ?? 1] + ends)
    }

    var isMonotone: Bool { budget.allows(correlation?.chance ?? 1) }
    var isCrowded: Bool { budget.allows(window?.chance ?? 1) }
    var isRelevant: Bool { isMonotone || isCrowded }

    /// In what share of studies chance gives a sign as strong as the stronger of the two.
    var chance: Double {
        budget.inStudies(min(correlation?.chance ?? 1, window?.chance ?? 1))
    }
}
