import HPMath

/// Draws configurations independently of each other: trial n has its own stream, so the draws
/// don't depend on how many trials there are, nor on their order.
enum RandomSampler {
    /// One value for each domain, in order.
    static func draw(
        _ domains: [ParameterDomain], from stream: inout RandomStream
    ) -> [ParameterValue] {
        var values: [ParameterValue] = []
        for domain in domains { values.append(draw(domain, from: &stream)) }
        return values
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
