import HPMath

/// Where values lie in a range on the range's own scale: 0 at the low bound, 1 at the high one,
/// and beyond these outside it.
package struct Scale: Sendable {
    private let low: Double
    private let high: Double
    package let isLogarithmic: Bool

    /// The scale of a range; nil for a choice or a fixed value.
    package init?(_ domain: ParameterDomain) {
        guard let bounds = domain.bounds else { return nil }
        switch domain {
        case .logUniform, .logInteger: isLogarithmic = true
        case .uniform, .integer, .choice, .value: isLogarithmic = false
        }
        low = bounds.low
        high = bounds.high
    }

    /// The word for this scale in a sentence.
    package var word: String { isLogarithmic ? "log range" : "range" }

    /// The position of a value; a range of one value has it at 0.
    package func position(of value: Double) -> Double {
        guard high > low else { return 0 }
        guard isLogarithmic else { return (value - low) / (high - low) }
        guard value > 0 else { return -.infinity }
        return (log(value) - log(low)) / (log(high) - log(low))
    }

    /// The value at a position; the bounds themselves at 0 and 1.
    package func value(at position: Double) -> Double {
        if position == 0 { return low }
        if position == 1 { return high }
        let value =
            isLogarithmic
            ? exp(log(low) + position * (log(high) - log(low)))
            : low + position * (high - low)
        guard position > 0, position < 1 else { return value }
        return min(max(value, low), high)
    }

    /// Powers of ten between the bounds; nil on a linear scale.
    var decades: Double? {
        isLogarithmic ? (log(high) - log(low)) / log(10) : nil
    }

    /// The range of the same kind between two positions, which may lie outside this one.
    ///
    /// - Parameter inwards: whether a whole number at this end must lie between the positions;
    ///   otherwise it is taken outwards.
    func part(
        of domain: ParameterDomain, from start: Double, to end: Double,
        inwards: (low: Bool, high: Bool)
    ) -> ParameterDomain {
        let first = start == 0 ? low : tidy(value(at: start), upwards: false)
        let last = end == 1 ? high : tidy(value(at: end), upwards: true)
        switch domain {
        case .logUniform: return .logUniform(low: first, high: last)
        case .uniform: return .uniform(low: first, high: last)
        case .integer, .logInteger:
            let least = inwards.low ? Self.ceiling(value(at: start)) : Self.floor(first)
            let most = inwards.high ? Self.floor(value(at: end)) : Self.ceiling(last)
            let ends = (Double(least), Double(max(least, most)))
            return domain.with(low: ends.0, high: ends.1)
        case .choice, .value: return domain
        }
    }

    /// Three significant digits, outwards, but not across a bound of this range: what a person
    /// would write.
    private func tidy(_ value: Double, upwards: Bool) -> Double {
        let rounded = NumberText.rounded(value, upwards: upwards)
        for bound in [low, high] where (value > bound) != (rounded > bound) { return bound }
        return rounded
    }

    /// Whole numbers that a position only missed by rounding are taken as they are.
    private static let rounding = 1e-9

    private static func floor(_ value: Double) -> Int {
        let nearest = value.rounded()
        let isWhole = (value - nearest).magnitude <= rounding * max(1, nearest.magnitude)
        return Int(isWhole ? nearest : value.rounded(.down))
    }

    private static func ceiling(_ value: Double) -> Int {
        let nearest = value.rounded()
        let isWhole = (value - nearest).magnitude <= rounding * max(1, nearest.magnitude)
        return Int(isWhole ? nearest : value.rounded(.up))
    }
}
