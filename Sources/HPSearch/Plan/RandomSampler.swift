import HPMath

/// Draws configurations independently of each other: trial n has its own stream, so the draws
/// don't depend on how many trials there are, nor on their order.
enum RandomSampler {
    /// One value for each domain, in order, from the stream of (seed, stage, trial).
    static func draw(
        _ domains: [ParameterDomain], seed: UInt64, stage: Int, trial: Int
    ) -> [ParameterValue] {
        var stream = RandomStream(
            seed: seed, purpose: .sampling, a: UInt32(stage), b: UInt32(trial))
        return domains.map { draw($0, from: &stream) }
    }

    private static func draw(
        _ domain: ParameterDomain, from stream: inout RandomStream
    ) -> ParameterValue {
        switch domain {
        case .logUniform(let low, let high):
            let exponent = log(low) + stream.nextUnit() * (log(high) - log(low))
            return .number(min(max(exp(exponent), low), high))
        case .uniform(let low, let high):
            return .number(min(low + stream.nextUnit() * (high - low), high))
        case .integer(let low, let high):
            return .integer(low + stream.next(below: high - low + 1))
        case .logInteger(let low, let high):
            // Each integer k has the weight of [k, k + 1) on the log scale.
            let start = log(Double(low))
            let end = log(Double(high) + 1)
            let value = exp(start + stream.nextUnit() * (end - start)).rounded(.down)
            return .integer(min(max(Int(value), low), high))
        case .choice(let values):
            return values[stream.next(below: values.count)]
        case .value(let value):
            return value
        }
    }
}
