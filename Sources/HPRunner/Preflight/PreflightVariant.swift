import HPSearch

/// A network that a spec's trials may have, with the features that it reads.
struct PreflightVariant: Sendable, Hashable {
    /// What distinguishes it from the first one, such as `activation=tanh`; empty for that.
    var name: String
    var settings: TrialSettings

    /// More than this are not looked at.
    static let countMaximum = 12

    /// The parameters that make another network of one, or give it other features.
    private static let architectural = [
        "activation", "batch_norm", "hidden", "init", "pieces", "preprocess", "slope",
    ]

    /// The first network, every parameter in the middle of its range or at its first choice; then
    /// those that differ in one choice.
    static func all(of spec: StudySpec) -> [PreflightVariant] {
        let middle = spec.parameters.map(\.domain.middle)
        let first = spec.settings(for: spec.withoutInactive(middle))
        var variants = [PreflightVariant(name: "", settings: first)]
        for (index, parameter) in spec.parameters.enumerated() {
            guard architectural.contains(parameter.name),
                case .choice(let values) = parameter.domain
            else { continue }
            for value in values.dropFirst() {
                var changed = middle
                changed[index] = value
                let settings = spec.settings(for: spec.withoutInactive(changed))
                // Pieces, say, are of no consequence where nothing is maxout.
                if variants.allSatisfy({ !$0.isSame(settings) }) {
                    variants.append(
                        PreflightVariant(
                            name: "\(parameter.name)=\(value.text)", settings: settings))
                }
            }
        }
        return Array(variants.prefix(countMaximum))
    }

    private func isSame(_ other: TrialSettings) -> Bool {
        settings.model.engine == other.model.engine
            && settings.preprocessing == other.preprocessing
    }
}

extension ParameterDomain {
    /// The value in the middle of the scale; of a choice the first.
    fileprivate var middle: ParameterValue {
        switch self {
        case .logUniform(let low, let high): .number((low * high).squareRoot())
        case .uniform(let low, let high): .number((low + high) / 2)
        case .integer(let low, let high): .integer(low + (high - low) / 2)
        case .logInteger(let low, let high):
            .integer(Int((Double(low) * Double(high)).squareRoot().rounded()))
        case .choice(let values): values[0]
        case .value(let value): value
        }
    }

    private static let listedMaximum = 32

    /// The learning rates that are worth trying: of a range as many as asked for, evenly from end
    /// to end on a log scale; else those that are listed, ascending.
    func rates(count: Int) -> [Double] {
        switch self {
        case .choice(let values):
            return values.compactMap(\.asNumber).sorted().thinned(to: Self.listedMaximum)
        case .value(let value): return value.asNumber.map { [$0] } ?? []
        case .logUniform, .uniform, .integer, .logInteger:
            guard let bounds, bounds.low < bounds.high, bounds.low > 0 else {
                return bounds.map { [$0.high] } ?? []
            }
            // The geometric mean halves a range on a log scale, again and again.
            var rates = [bounds.low, (bounds.low * bounds.high).squareRoot(), bounds.high]
            while rates.count < count {
                let between = zip(rates, rates.dropFirst()).map { ($0 * $1).squareRoot() }
                rates = (rates + between).sorted()
            }
            return rates.thinned(to: count)
        }
    }
}

extension [Double] {
    /// As many as asked for, evenly from the first to the last; one is the middle.
    func thinned(to count: Int) -> [Double] {
        guard self.count > count else { return self }
        guard count > 1 else { return [self[self.count / 2]] }
        return (0..<count).map { self[$0 * (self.count - 1) / (count - 1)] }
    }
}

extension ParameterValue {
    fileprivate var text: String {
        switch self {
        case .boolean(let isTrue): "\(isTrue)"
        case .integer(let integer): "\(integer)"
        case .number(let number): NumberText.short(number)
        case .text(let text): text
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .inactive: "nothing"
        }
    }
}
