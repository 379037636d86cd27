/// Whether a parameter's place in its range had to do with how its trials came out.
///
/// Two signs count: a rank correlation between the parameter and the objective, and an elite
/// that is crowded into a part of the range. Either must be rarer than one accident in 400; an
/// irrelevant parameter then passes for a relevant one at most once in 200 stages.
struct Relevance {
    static let chanceMaximum = 1.0 / 400

    /// Of the position in the range with the score; nil with too few trials.
    let correlation: RankCorrelation?
    let window: EliteWindow?

    init(positions: [Double], scores: [Double], window: EliteWindow?) {
        correlation = RankCorrelation(positions, scores)
        self.window = window
    }

    var isMonotone: Bool { (correlation?.chance ?? 1) <= Self.chanceMaximum }
    var isCrowded: Bool { (window?.chance ?? 1) <= Self.chanceMaximum }
    var isRelevant: Bool { isMonotone || isCrowded }

    /// How rare an accident the stronger of the two signs is.
    var chance: Double { min(correlation?.chance ?? 1, window?.chance ?? 1) }
}
