/// The objective at a trial's evaluations, and what its course says of the value.
package struct ObjectiveCurve: Sendable, Hashable {
    /// In the order of the evaluations, turned so that more is better.
    private let values: [Double]
    /// The standard error of the value; nil where it isn't known.
    private let standardError: Double?

    package init(_ result: TrialResult, _ objective: Objective) {
        let sign: Double = objective.isBetter(1, than: 0) ? 1 : -1
        values = result.objectiveCurve.map { sign * $0 }
        standardError = result.standardError
    }
}

// MARK: - Still improving

extension ObjectiveCurve {
    /// Beyond it lies a twentieth of the standard normal distribution.
    private static let oneInTwenty = 1.6448536269514722
    /// Neighbouring parts of the last third, each to be better than the one before: of equal parts
    /// without order one in 24 are.
    private static let parts = 4

    /// Whether the objective rose to the end by more than noise: of trainings that stand still at
    /// most one in twenty seems to.
    ///
    /// The last third of the evaluations, or the last four, are looked at in four equal parts: the
    /// mean of each is better than that of the one before, and the last is better than the first by
    /// more than the standard error. Of two or three evaluations the last is better than the one
    /// before by more than the error of a difference.
    package var isStillImproving: Bool {
        guard values.count >= 2, let last = values.last, values.allSatisfy(\.isFinite) else {
            return false
        }
        guard values.count >= Self.parts else {
            guard let standardError else { return false }
            let bound = Self.oneInTwenty * (2 * standardError * standardError).squareRoot()
            return last - values[values.count - 2] > bound
        }
        let means = lastParts
        return zip(means, means.dropFirst()).allSatisfy { $0 < $1 }
            && means[Self.parts - 1] - means[0] > standardError ?? 0
    }

    private var lastParts: [Double] {
        let size = max(1, values.count / (3 * Self.parts))
        return (1...Self.parts).reversed().map { part in
            let start = values.count - part * size
            return values[start..<start + size].reduce(0, +) / Double(size)
        }
    }
}

// MARK: - A lucky epoch

extension ObjectiveCurve {
    /// Whether the best evaluation is better than both beside it by more than the standard error.
    ///
    /// At most one in twenty trainings whose evaluations differ by up to a third of it have such a
    /// best. The first and the last evaluation have one neighbour, which can't tell luck from a
    /// trend.
    package var hasLuckyBest: Bool {
        guard let standardError, let best = values.max(), let index = values.firstIndex(of: best),
            index > 0, index < values.count - 1
        else { return false }
        return best - max(values[index - 1], values[index + 1]) > standardError
    }
}
