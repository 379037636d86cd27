import HPMath

/// Finds the ends whose trials, at least two and none of the elite's, are each worse than every
/// other trial of the stage by more than noise.
///
/// The scores alone say how many trials can be so bad: as many as lie below a gap in them that is
/// wider than noise. Chance has to put exactly these at an end.
struct HopelessEnds {
    private static let countMinimum = 2

    private let evidence: StageEvidence
    private let parameter: Int
    private let scale: Scale
    /// Numbers of trials below a gap.
    private let gaps: [Int]
    private let total: Int

    /// - Returns: nil where the noise isn't known.
    init?(parameter: Int, scale: Scale, _ evidence: StageEvidence) {
        guard let error = evidence.standardError else { return nil }
        self.evidence = evidence
        self.parameter = parameter
        self.scale = scale
        let noise = 2 * 2.0.squareRoot() * error
        let scores = (evidence.ranked + evidence.diverged).map(\.score).sorted()
        total = scores.count
        let most = total - evidence.elite.count
        gaps = scores.indices.filter { count in
            count >= Self.countMinimum && count <= most
                && scores[count - 1] + noise < scores[count] && scores[count - 1] > -.infinity
        }
    }

    /// The smallest chance that such an end can have.
    var leastChance: Double {
        gaps.map(chance).min() ?? 1
    }

    /// How often chance alone puts at either end the worst trials below some gap that is as hard
    /// to meet as this one.
    private func chance(_ count: Int) -> Double {
        let ways = Hypergeometric.logarithmOfChoices(total, count) - 1e-9
        let chances = gaps.map { Hypergeometric.logarithmOfChoices(total, $0) }
            .filter { $0 >= ways }.map { exp(-$0) }
        return min(1, 2 * chances.reduce(0, +))
    }

    /// The trials that lie at this end; nil where chance may have put it there.
    func bad(_ end: RangeEnd, _ budget: ChanceBudget) -> BadEnd? {
        let all = BadEnd.Entry.sorted(evidence.ranked + evidence.diverged, parameter, scale, end)
        let found = gaps.last { count in
            guard count < all.count, all[count - 1].distance < all[count].distance,
                budget.allows(chance(count))
            else { return false }
            let best = all[..<count].map(\.score).max() ?? .infinity
            return all[count...].allSatisfy { $0.score > best }
        }
        return found.map { count in
            BadEnd(
                .hopeless, bad: all[..<count], lastGood: all[count], end, chance: chance(count))
        }
    }
}
