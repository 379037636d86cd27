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
        case .integer(let low, let high):
            .integer(low + stream.next(below: high - low + 1))
        case .choice(let values):
            values[stream.next(below: values.count)]
        case .logUniform, .uniform, .logInteger:
            domain.value(atQuantile: stream.nextUnit())
        case .value(let value):
            value
        }
    }
}
