import HPMath

/// Where values lie in a range on the range's own scale: 0 at the low bound, 1 at the high one.
package struct Scale: Sendable {
    private let low: Double
    private let high: Double
    private let isLogarithmic: Bool
    private let isWhole: Bool

    /// The scale of a range; nil for a choice or a fixed value.
    package init?(_ domain: ParameterDomain) {
        guard let bounds = domain.bounds else { return nil }
        switch domain {
        case .logUniform, .logInteger: isLogarithmic = true
        case .uniform, .integer, .choice, .value: isLogarithmic = false
        }
        switch domain {
        case .integer, .logInteger: isWhole = true
        case .logUniform, .uniform, .choice, .value: isWhole = false
        }
        low = bounds.low
        high = bounds.high
    }

    /// The word for this scale in a sentence.
    package var word: String { isLogarithmic ? "log range" : "range" }

    /// The position of a value, outside 0...1 for one outside the range.
    package func position(of value: Double) -> Double {
        guard high > low else { return 0 }
        guard isLogarithmic else { return (value - low) / (high - low) }
        return (log(value) - log(low)) / (log(high) - log(low))
    }

    /// The value at a position in 0...1; the bounds themselves at 0 and 1.
    package func value(at position: Double) -> Double {
        if position <= 0 { return low }
        if position >= 1 { return high }
        let value =
            isLogarithmic
            ? exp(log(low) + position * (log(high) - log(low)))
            : low + position * (high - low)
        return min(max(value, low), high)
    }

    /// The part of a range between two positions; whole numbers are taken outwards.
    func part(of domain: ParameterDomain, from start: Double, to end: Double) -> ParameterDomain {
        let first = value(at: start)
        let last = value(at: end)
        switch domain {
        case .logUniform: return .logUniform(low: first, high: last)
        case .uniform: return .uniform(low: first, high: last)
        case .integer(let low, let high):
            return .integer(
                low: max(low, Int(first.rounded(.down))), high: min(high, Int(last.rounded(.up))))
        case .logInteger(let low, let high):
            return .logInteger(
                low: max(low, Int(first.rounded(.down))), high: min(high, Int(last.rounded(.up))))
        case .choice, .value: return domain
        }
    }
}
