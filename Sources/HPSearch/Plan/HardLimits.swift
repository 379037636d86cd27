/// How far a range may go.
enum HardLimits {
    /// The smallest value of a log range that has no limit of its own.
    private static let smallest = 1e-12

    /// The bounds that no stage's range of a parameter leaves: those that the spec declares, or
    /// what the engine can train with. Sizes, which cost time and memory, keep to the range of
    /// the spec unless it declares more. Nothing but a range has limits.
    static func bounds(of parameter: ParameterSpec) -> ClosedRange<Double> {
        if let declared = parameter.limits { return declared }
        guard let range = parameter.domain.bounds else { return 0...0 }
        let legal: ClosedRange<Double> =
            switch EngineSetting(rawValue: parameter.name) {
            case .learningRate: smallest...1e6
            case .regularization: (isLogarithmic(parameter.domain) ? smallest : 0)...1e9
            case .momentum: 0...0.9999
            case .dropout: 0...0.95
            case .learningRateDecay: 1e-3...1
            case .slope: 0...0.95
            case .rmspropDecay, .beta1, .beta2: 0...0.9999
            case .epsilon: smallest...1
            case .batchSize, .hidden, .pieces, .decayEpochs, .activation, .initialization,
                .batchNormalization, .optimizer, .preprocessing, .schedule, nil:
                range.low...range.high
            }
        return min(legal.lowerBound, range.low)...max(legal.upperBound, range.high)
    }

    private static func isLogarithmic(_ domain: ParameterDomain) -> Bool {
        Scale(domain)?.isLogarithmic ?? false
    }
}
