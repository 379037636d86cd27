import HPMath

extension ParameterDomain {
    /// The value below which a share of the domain lies, on its own scale.
    ///
    /// Whole numbers and the values of a choice share [0, 1) evenly; on a log scale the whole
    /// number k has the weight of [k, k + 1).
    ///
    /// - Precondition: `quantile` is in 0...1.
    func value(atQuantile quantile: Double) -> ParameterValue {
        precondition((0...1).contains(quantile), "a quantile is in 0...1")
        switch self {
        case .logUniform(let low, let high):
            let exponent = log(low) + quantile * (log(high) - log(low))
            return .number(min(max(exp(exponent), low), high))
        case .uniform(let low, let high):
            return .number(min(low + quantile * (high - low), high))
        case .integer(let low, let high):
            let count = Double(high - low + 1)
            return .integer(min(low + Int(quantile * count), high))
        case .logInteger(let low, let high):
            let start = log(Double(low))
            let end = log(Double(high) + 1)
            let value = exp(start + quantile * (end - start)).rounded(.down)
            return .integer(min(max(Int(value), low), high))
        case .choice(let values):
            return values[min(Int(quantile * Double(values.count)), values.count - 1)]
        case .value(let value):
            return value
        }
    }
}
