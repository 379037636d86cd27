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
    }

    /// The interval that holds the true correlation in 95 of 100 samples.
    package var interval: (low: Double, high: Double) {
        let centre = transformed
        let margin = 1.959_963_984_540_054 * transformedError
        return (tanh(centre - margin), tanh(centre + margin))
    }

    /// How often chance alone gives a correlation of at least this size.
    package var chance: Double {
        // The error under no correlation: Fieller, Hartley and Pearson 1957, "Tests for rank
        // correlation coefficients".
        let error = (1.06 / Double(count - 3)).squareRoot()
        return 1 - erf(transformed.magnitude / error / 2.0.squareRoot())
    }

    /// Fisher's transformation, on which the error hardly depends on the correlation.
    ///
    /// A perfect order counts as half way to the next one, in which two neighbours are swapped: few
    /// pairs in perfect order don't prove a perfect correlation.
    private var transformed: Double {
        let pairs = Double(count)
        let limit = 1 - 6 / (pairs * (pairs * pairs - 1))
        let bounded = min(max(coefficient, -limit), limit)
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
