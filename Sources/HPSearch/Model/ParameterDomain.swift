/// The set that a parameter is drawn from, and the scale on which it is drawn.
///
/// Bounds are values, never exponents, and both belong to the range.
package enum ParameterDomain: Sendable, Hashable {
    case logUniform(low: Double, high: Double)
    case uniform(low: Double, high: Double)
    case integer(low: Int, high: Int)
    case logInteger(low: Int, high: Int)
    case choice([ParameterValue])
    case value(ParameterValue)
}

extension ParameterDomain {
    /// The word that names this kind of domain in a spec and in a report.
    package var kind: String {
        switch self {
        case .logUniform: "log_uniform"
        case .uniform: "uniform"
        case .integer: "int"
        case .logInteger: "log_int"
        case .choice: "choice"
        case .value: "value"
        }
    }

    /// Whether a trial may be given this value.
    package func contains(_ value: ParameterValue) -> Bool {
        switch self {
        case .choice(let values): return values.contains(value)
        case .value(let fixed): return fixed == value
        case .logUniform, .uniform, .integer, .logInteger:
            guard let bounds, let number = value.asNumber else { return false }
            return number >= bounds.low && number <= bounds.high
        }
    }

    /// The bounds of a range; nil for a choice or a fixed value.
    package var bounds: (low: Double, high: Double)? {
        switch self {
        case .logUniform(let low, let high), .uniform(let low, let high): (low, high)
        case .integer(let low, let high), .logInteger(let low, let high):
            (Double(low), Double(high))
        case .choice, .value: nil
        }
    }
}

extension ParameterDomain {
    /// The values of a choice, the fixed value, or the bounds of a range of whole numbers.
    var listed: [ParameterValue] {
        switch self {
        case .choice(let values): values
        case .value(let value): [value]
        case .integer(let low, let high), .logInteger(let low, let high):
            [.integer(low), .integer(high)]
        case .logUniform, .uniform: []
        }
    }
}
