/// What the trials of a stage say to a rule that moves ranges.
package struct StageEvidence: Sendable {
    /// A trial as the rule sees it.
    package struct Observation: Sendable {
        package let number: Int
        let stage: Int
        let parameters: [ParameterValue]
        /// The more the better, whatever the goal; minus infinity for one that diverged.
        let score: Double
        /// Of the score; nil where it isn't known.
        let standardError: Double?
    }

    /// COMPLETE trials of the stage, the best first; equal values by number.
    package let ranked: [Observation]
    /// DIVERGED trials of the stage, by number.
    package let diverged: [Observation]
    /// The COMPLETE and the DIVERGED trials of all stages up to this one.
    let everComplete: [Observation]
    let everDiverged: [Observation]
    /// The metric, for sentences.
    let metric: String
    /// What distinguishes these trials from all of the stage, after the word; empty for all.
    let scope: String
    /// Whether some trials of the stage were copies of others.
    let hasCopies: Bool
    private let goal: Objective.Goal
    private let stage: Stage
    /// The values at which another parameter makes trials diverge.
    private let explanations: [Explanation]

    /// Trials with the same values in the same stage are one observation: the same training,
    /// which says the same once more.
    package init(of stage: Stage, in study: Study) {
        goal = study.spec.objective.goal
        metric = study.spec.objective.metric.rawValue
        scope = ""
        explanations = []
        self.stage = stage
        let objective = study.spec.objective
        let all = study.trials.filter {
            $0.stage <= stage.index && [.complete, .diverged].contains($0.state)
        }.compactMap { Self.observation(of: $0, objective) }
        let distinct = Self.distinct(all)
        everComplete = distinct.filter { $0.score > -.infinity }
        everDiverged = distinct.filter { $0.score == -.infinity }
        ranked = everComplete.filter { $0.stage == stage.index }.sorted { left, right in
            left.score != right.score ? left.score > right.score : left.number < right.number
        }
        diverged = everDiverged.filter { $0.stage == stage.index }
        hasCopies =
            ranked.count + diverged.count < all.count(where: { $0.stage == stage.index })
    }

    private static func observation(of trial: Trial, _ objective: Objective) -> Observation? {
        var score = -Double.infinity
        if trial.state == .complete {
            guard let value = trial.result?.value, value.isFinite else { return nil }
            score = objective.goal == .maximize ? value : -value
        }
        // An accuracy of exactly 0 or 1 seems to have no error: it is not known then.
        let error = trial.result?.standardError.flatMap { $0 > 0 ? $0 : nil }
        return Observation(
            number: trial.number, stage: trial.stage, parameters: trial.parameters, score: score,
            standardError: error)
    }

    private struct Copy: Hashable {
        let stage: Int
        let parameters: [ParameterValue]
    }

    /// The first COMPLETE trial of every configuration of a stage, or its first DIVERGED one.
    private static func distinct(_ all: [Observation]) -> [Observation] {
        var places: [Copy: Int] = [:]
        var distinct: [Observation] = []
        for observation in all {
            let copy = Copy(stage: observation.stage, parameters: observation.parameters)
            if let place = places[copy] {
                if distinct[place].score == -.infinity { distinct[place] = observation }
            } else {
                places[copy] = distinct.count
                distinct.append(observation)
            }
        }
        return distinct
    }

    /// A score as the objective's own value.
    func value(of score: Double) -> Double { goal == .maximize ? score : -score }

    /// The typical standard error of a value; nil where that of most isn't known.
    var standardError: Double? {
        let errors = ranked.compactMap(\.standardError).sorted()
        guard 2 * errors.count > ranked.count else { return nil }
        return errors[errors.count / 2]
    }

    // MARK: - Noise

    /// Values differ when their errors alone would spread them as far in fewer than 1 of 100
    /// stages. It explains why nothing was found; nothing rests on it.
    private static let chanceOfNoise = 0.01

    /// Whether the values differ by more than their standard errors explain; true where these
    /// are not known.
    var differsBeyondNoise: Bool {
        guard ranked.count >= 2, let error = standardError else { return true }
        let mean = ranked.map(\.score).reduce(0, +) / Double(ranked.count)
        let squares = ranked.map { ($0.score - mean) / error }.map { $0 * $0 }.reduce(0, +)
        return ChiSquare.chance(ofAtLeast: squares, freedom: ranked.count - 1)
            < Self.chanceOfNoise
    }

    // MARK: - The elite

    static let eliteMinimum = 3

    /// The best fifth, at least three, and whatever lies within one standard error of the last
    /// of them: differences that small say nothing.
    var elite: ArraySlice<Observation> {
        let count = min(ranked.count, max(Self.eliteMinimum, (ranked.count + 4) / 5))
        guard count > 0 else { return [] }
        let last = ranked[count - 1]
        let threshold = last.score - (last.standardError ?? standardError ?? 0)
        let end = ranked.firstIndex { $0.score < threshold } ?? ranked.endIndex
        return ranked[..<max(count, end)]
    }

    /// What of it concerns one parameter: the trials in which that is active.
    func active(_ parameter: Int) -> StageEvidence {
        let isConditional = (everComplete + everDiverged).contains {
            $0.parameters[parameter] == .inactive
        }
        guard isConditional else { return self }
        return StageEvidence(self, scope: " that have it") {
            $0.parameters[parameter] != .inactive
        }
    }

    /// The trials that lie in these domains.
    ///
    /// - Parameters:
    ///   - domains: in the order of the parameters; nil for any value.
    ///   - names: of the parameters.
    /// - Returns: nil when there is no domain to lie in.
    func inside(_ domains: [ParameterDomain?], names: [String]) -> StageEvidence? {
        let limiting = domains.indices.filter { domains[$0] != nil }.map { names[$0] }
        guard let last = limiting.last else { return nil }
        let listed = (limiting.dropLast().joined(separator: ", "), last)
        let scope =
            limiting.count == 1
            ? " whose \(last) is in its next range"
            : " whose \(listed.0) and \(listed.1) are in their next ranges"
        return StageEvidence(self, scope: scope) { observation in
            zip(domains, observation.parameters).allSatisfy { domain, value in
                domain.map { value == .inactive || $0.contains(value) } ?? true
            }
        }
    }

    // MARK: - A parameter given the others

    /// Tells which trials another parameter's value makes diverge.
    struct Explanation: Sendable {
        let parameter: Int
        let holds: @Sendable (ParameterValue) -> Bool
    }

    /// The same trials without those that diverged for a known reason: they would make an elite
    /// look crowded that only keeps clear of them.
    func explained(by explanations: [Explanation]) -> StageEvidence {
        StageEvidence(self, scope: scope, explanations) { observation in
            observation.score > -.infinity
                || !explanations.contains { $0.holds(observation.parameters[$0.parameter]) }
        }
    }

    /// Whether a trial says something of a parameter's part in divergence: its other parameters
    /// lie in this stage's ranges, and none of them explains divergence.
    func isComparable(_ observation: Observation, but parameter: Int) -> Bool {
        let isHere = observation.stage == stage.index
        let others = observation.parameters.indices.filter { $0 != parameter }
        return others.allSatisfy { index in
            let value = observation.parameters[index]
            return isHere || value == .inactive || stage.domains[index].contains(value)
        }
            && !explanations.contains { explanation in
                explanation.parameter != parameter
                    && explanation.holds(observation.parameters[explanation.parameter])
            }
    }

    private init(
        _ whole: StageEvidence, scope: String, _ explanations: [Explanation] = [],
        where isIncluded: (Observation) -> Bool
    ) {
        self.scope = scope
        self.explanations = whole.explanations + explanations
        stage = whole.stage
        hasCopies = whole.hasCopies
        ranked = whole.ranked.filter(isIncluded)
        diverged = whole.diverged.filter(isIncluded)
        everComplete = whole.everComplete.filter(isIncluded)
        everDiverged = whole.everDiverged.filter(isIncluded)
        metric = whole.metric
        goal = whole.goal
    }
}

extension StageEvidence.Observation {
    /// Where this trial lies in a range; nil for a value without an order.
    func position(_ parameter: Int, on scale: Scale) -> Double? {
        parameters[parameter].asNumber.map(scale.position)
    }
}
