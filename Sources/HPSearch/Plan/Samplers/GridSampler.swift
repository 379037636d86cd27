/// The same few values of every parameter in all combinations, the ends of ranges included.
///
/// The values of choices are all taken; ranges share what is left of the trials evenly. Trials
/// beyond the largest grid that fits are drawn at random.
package struct GridSampler: Sendable {
    /// Values tried of each parameter, in the order of the domains.
    package let levels: [Int]

    /// Combinations; at most the trials there are, unless the choices alone have more.
    package var pointCount: Int { Self.product(levels) }

    private static func product(_ levels: [Int]) -> Int {
        levels.reduce(1) { product, count in
            let (result, isTooLarge) = product.multipliedReportingOverflow(by: count)
            return isTooLarge ? .max : result
        }
    }

    package init(_ domains: [ParameterDomain], trialCount: Int) {
        var levels = domains.map(\.valueCountFixed)
        let sizes = domains.map { $0.size ?? .max }
        // One more value for the range that has fewest, as long as the grid fits.
        while true {
            let product = Self.product(levels)
            guard product < trialCount else { break }
            let growing = domains.indices.filter { index in
                levels[index] < sizes[index]
                    && product / levels[index] * (levels[index] + 1) <= trialCount
            }
            guard let next = growing.min(by: { levels[$0] < levels[$1] }) else { break }
            levels[next] += 1
        }
        self.levels = levels
    }

    /// One value for each domain, in order; nil beyond the grid.
    ///
    /// - Parameter index: of the configuration within its stage, from 0.
    func draw(_ domains: [ParameterDomain], index: Int) -> [ParameterValue]? {
        guard index < pointCount else { return nil }
        var rest = index
        var values = domains.map { _ in ParameterValue.inactive }
        for position in domains.indices.reversed() {
            values[position] = domains[position].value(
                level: rest % levels[position], of: levels[position])
            rest /= levels[position]
        }
        return values
    }
}

extension ParameterDomain {
    /// Values of a grid before trials are shared out.
    fileprivate var valueCountFixed: Int {
        if case .choice(let values) = self { values.count } else { 1 }
    }

    /// One of `count` values spread evenly from end to end on the domain's scale; a single one
    /// lies in the middle.
    fileprivate func value(level: Int, of count: Int) -> ParameterValue {
        let share = count > 1 ? Double(level) / Double(count - 1) : 0.5
        switch self {
        case .logUniform, .uniform:
            return .number(Scale(self)?.value(at: share) ?? 0)
        case .integer(let low, let high), .logInteger(let low, let high):
            // Different levels must be different numbers.
            let value = Int((Scale(self)?.value(at: share) ?? 0).rounded())
            return .integer(min(max(value, low + level), high - (count - 1 - level)))
        case .choice(let values): return values[level]
        case .value(let value): return value
        }
    }
}
