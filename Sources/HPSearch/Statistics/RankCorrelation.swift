import HPMath

/// Spearman's rank correlation of two quantities, with its uncertainty.
///
/// Ranks don't change when a quantity is put on another scale, so that a parameter searched on a
/// log scale and one searched on a linear one are measured alike.
package struct RankCorrelation: Sendable, Hashable {
    /// From -1 to 1; 0 where one of the quantities is the same everywhere.
    package let coefficient: Double
    /// Pairs that it rests on.
    package let count: Int
    /// How often chance alone gives a correlation of at least this size, of either sign.
    ///
    /// Among many pairs, ties are taken as if they had been broken against the correlation, so
    /// that the chance is never understated.
    package let chance: Double

    /// The fewest pairs that say anything.
    package static let countMinimum = 4

    /// The correlation of `first` with `second`, pair by pair; ties share their mean rank.
    ///
    /// - Returns: nil with fewer than `countMinimum` pairs.
    /// - Precondition: as many of one as of the other, and no NaN.
    package init?(_ first: [Double], _ second: [Double]) {
        precondition(first.count == second.count, "a correlation takes pairs")
        guard first.count >= Self.countMinimum else { return nil }
        count = first.count
        coefficient = Self.pearson(Self.ranks(first), Self.ranks(second))
        chance =
            coefficient == 0
            ? 1 : Self.chance(first, coefficient < 0 ? second.map { -$0 } : second)
    }

    /// The interval that holds the true correlation in 95 of 100 samples.
    package var interval: (low: Double, high: Double) {
        let centre = transformed
        let margin = 1.959_963_984_540_054 * transformedError
        return (tanh(centre - margin), tanh(centre + margin))
    }

    /// Rarer than that, all orders of few pairs with ties are counted.
    private static let chanceToCount = 0.05

    /// The chance of a correlation above 0.
    private static func chance(_ first: [Double], _ second: [Double]) -> Double {
        let count = first.count
        let distance = distance(first, second)
        guard 6 * distance < count * count * count - count else { return 1 }
        let careful = SpearmanDistribution.chance(ofDistance: distance, count: count)
        let hasTies = Set(first).count < count || Set(second).count < count
        guard hasTies, careful < chanceToCount,
            count <= SpearmanDistribution.exactMaximumWithTies
        else { return careful }
        return SpearmanDistribution.chance(ranks(first), ranks(second))
    }

    /// The least chance that quantities with these ties can have.
    static func leastChance(_ first: [Double], _ second: [Double]) -> Double {
        RankCorrelation(first.sorted(), second.sorted())?.chance ?? 1
    }

    /// The largest distance between the ranks of two quantities that ties allow.
    private static func distance(_ first: [Double], _ second: [Double]) -> Int {
        let pairs = Array(zip(first, second))
        func places(_ isBefore: (Int, Int) -> Bool) -> [Int] {
            var places = [Int](repeating: 0, count: pairs.count)
            for (place, index) in pairs.indices.sorted(by: isBefore).enumerated() {
                places[index] = place
            }
            return places
        }
        let byFirst = places { left, right in
            if pairs[left].0 != pairs[right].0 { return pairs[left].0 < pairs[right].0 }
            if pairs[left].1 != pairs[right].1 { return pairs[left].1 > pairs[right].1 }
            return left < right
        }
        let bySecond = places { left, right in
            if pairs[left].1 != pairs[right].1 { return pairs[left].1 < pairs[right].1 }
            if pairs[left].0 != pairs[right].0 { return pairs[left].0 > pairs[right].0 }
            return left > right
        }
        return zip(byFirst, bySecond).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    }

    /// Fisher's transformation, on which the error hardly depends on the correlation. Ranks of so
    /// few pairs can't tell a perfect order from one that is off by half an exchange.
    private var transformed: Double {
        let cube = Double(count) * (Double(count) * Double(count) - 1)
        let bound = 1 - 6 / cube
        let bounded = min(max(coefficient, -bound), bound)
        return log((1 + bounded) / (1 - bounded)) / 2
    }

    /// Bonett and Wright 2000, "Sample size requirements for estimating Pearson, Kendall and
    /// Spearman correlations".
    private var transformedError: Double {
        ((1 + coefficient * coefficient / 2) / Double(count - 3)).squareRoot()
    }

    /// From 1, the smallest first; equal values share the mean of their ranks.
    package static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { left, right in
            values[left] != values[right] ? values[left] < values[right] : left < right
        }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    private static func pearson(_ first: [Double], _ second: [Double]) -> Double {
        let count = Double(first.count)
        let firstMean = first.reduce(0, +) / count
        let secondMean = second.reduce(0, +) / count
        var products = 0.0
        var firstSquares = 0.0
        var secondSquares = 0.0
        for (x, y) in zip(first, second) {
            products += (x - firstMean) * (y - secondMean)
            firstSquares += (x - firstMean) * (x - firstMean)
            secondSquares += (y - secondMean) * (y - secondMean)
        }
        let scale = (firstSquares * secondSquares).squareRoot()
        return scale > 0 ? min(max(products / scale, -1), 1) : 0
    }
}
