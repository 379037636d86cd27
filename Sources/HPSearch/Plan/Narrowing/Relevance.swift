/// Whether a parameter's place in its range had to do with how its trials came out.
///
/// Two signs count: a rank correlation between the parameter and the objective, and an elite
/// that is crowded into a part of the range. Either must be rarer than one accident in 1,000; an
/// irrelevant parameter then passes for a relevant one at most once in 500 stages.
struct Relevance {
    /// How rare an accident a sign must be. Small stages are judged less strictly: they have no
    /// stronger sign to give, and the border brings back what was cut wrongly. Where standard
    /// errors are not known, nothing has ruled out that noise orders the trials: the sign must be
    /// rarer.
    static func chanceMaximum(trialCount: Int, isNoiseKnown: Bool = true) -> Double {
        switch (trialCount < 20, isNoiseKnown) {
        case (true, true): 1.0 / 400
        case (false, true), (true, false): 1.0 / 1000
        case (false, false): 1.0 / 5000
        }
    }

    /// Of the position in the range with the score; nil with too few trials.
    let correlation: RankCorrelation?
    let window: EliteWindow?
    private let chanceMaximum: Double

    init(positions: [Double], scores: [Double], window: EliteWindow?, isNoiseKnown: Bool) {
        chanceMaximum = Self.chanceMaximum(
            trialCount: positions.count, isNoiseKnown: isNoiseKnown)
        correlation = RankCorrelation(positions, scores)
        self.window = window
    }

    var isMonotone: Bool { (correlation?.chance ?? 1) <= chanceMaximum }
    var isCrowded: Bool { (window?.chance ?? 1) <= chanceMaximum }
    var isRelevant: Bool { isMonotone || isCrowded }

    /// How rare an accident the stronger of the two signs is.
    var chance: Double { min(correlation?.chance ?? 1, window?.chance ?? 1) }
}
