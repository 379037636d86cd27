/// The promise that narrowing keeps: chance alone moves anything in at most 1 of 100 studies.
///
/// Chance alone is at work where no parameter has to do with how trials came out. Every test that
/// could move something, of every parameter in every stage that narrows, has a part of the
/// promise. A chance is printed as once in so many studies: that of the test, times the parts.
struct ChanceBudget {
    /// In one study of so many chance may move something.
    static let chanceMaximum = 1.0 / 100

    /// Equal parts that the promise is divided into.
    let parts: Double

    /// The part of one parameter in one stage, by all trials of the stage.
    static func first(of study: StudySpec, domains: [ParameterDomain]) -> ChanceBudget {
        ChanceBudget(parts: Double(stageCount(study) * searchedCount(domains)))
    }

    /// The part of one parameter that did not move by all trials, for a look at those in the next
    /// ranges of `movedCount` others.
    ///
    /// The part of these is free again, since they no longer count among the parameters that
    /// chance could move (Holm 1979): 1/(m − k) less the 1/m of the first look.
    static func second(
        of study: StudySpec, domains: [ParameterDomain], movedCount: Int
    ) -> ChanceBudget {
        let all = Double(max(searchedCount(domains), movedCount + 1))
        let moved = Double(movedCount)
        return ChanceBudget(parts: Double(stageCount(study)) * all * (all - moved) / moved)
    }

    /// Stages whose ranges follow from the evidence; one at least.
    private static func stageCount(_ study: StudySpec) -> Int {
        max(
            1,
            study.stages.dropFirst().count { stage in
                switch stage.narrowing {
                case .auto, .confirm: stage.source == .sampler
                case .off, .explicit: false
                }
            })
    }

    /// Parameters that have another value to try; one at least.
    private static func searchedCount(_ domains: [ParameterDomain]) -> Int {
        max(
            1,
            domains.count { domain in
                switch domain {
                case .value: false
                case .choice(let values): values.count > 1
                case .logUniform, .uniform, .integer, .logInteger:
                    domain.bounds.map { $0.low < $0.high } ?? false
                }
            })
    }

    /// The part of each of several tests of which any may move the parameter.
    ///
    /// A test that could not pass whatever came out has no part in it (Tarone 1990).
    ///
    /// - Parameter leastChances: the smallest chance that each test can come to.
    func shared(by leastChances: [Double]) -> ChanceBudget {
        let count = (1...max(1, leastChances.count)).first { count in
            let budget = ChanceBudget(parts: parts * Double(count))
            return leastChances.count(where: budget.allows) <= count
        }
        return ChanceBudget(parts: parts * Double(count ?? 1))
    }

    /// Whether a test with this chance may move something.
    func allows(_ chance: Double) -> Bool { inStudies(chance) <= Self.chanceMaximum }

    /// In what share of studies chance alone moves anything, if tests pass at this chance.
    func inStudies(_ chance: Double) -> Double { min(1, chance * parts) }
}
