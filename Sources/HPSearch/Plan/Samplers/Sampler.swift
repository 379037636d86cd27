import HPMath

/// Draws configurations of a stage by their place in it.
struct Sampler {
    let spec: StudySpec
    let stage: Int
    let domains: [ParameterDomain]
    private let grid: GridSampler?

    /// - Parameter configurationCount: of the stage, which a grid is laid out for.
    init(_ spec: StudySpec, stage: Int, domains: [ParameterDomain], configurationCount: Int) {
        self.spec = spec
        self.stage = stage
        self.domains = domains
        grid =
            spec.sampler == .grid
            ? GridSampler(domains, trialCount: configurationCount) : nil
    }

    /// The random stream of a trial.
    func stream(ofTrial trial: Int) -> RandomStream {
        RandomStream(
            seed: spec.seed, purpose: .sampling, a: UInt32(stage), b: UInt32(trial))
    }

    /// The parameters of a trial, in the order of the spec's.
    ///
    /// - Parameters:
    ///   - place: of the configuration in the sampler's own order, from 0.
    ///   - stream: of the trial, from which configurations are drawn that have no such place.
    func draw(place: Int, from stream: inout RandomStream) -> [ParameterValue] {
        spec.withoutInactive(values(place: place, from: &stream))
    }

    private func values(place: Int, from stream: inout RandomStream) -> [ParameterValue] {
        switch spec.sampler {
        case .sobol:
            SobolSampler.draw(domains, seed: spec.seed, stage: stage, index: place)
        case .random, .grid:
            grid?.draw(domains, index: place) ?? RandomSampler.draw(domains, from: &stream)
        }
    }
}

extension StudySpec {
    /// The values of a configuration, those of parameters whose conditions don't hold made
    /// inactive.
    package func withoutInactive(_ values: [ParameterValue]) -> [ParameterValue] {
        var values = values
        // A parameter that becomes inactive can make another one inactive in turn.
        for _ in parameters.indices {
            var hasChanged = false
            for (index, parameter) in parameters.enumerated() where values[index] != .inactive {
                let holds = parameter.conditions.allSatisfy { condition in
                    parameters.firstIndex { $0.name == condition.parameter }
                        .map { condition.values.contains(values[$0]) } ?? false
                }
                guard !holds else { continue }
                values[index] = .inactive
                hasChanged = true
            }
            guard hasChanged else { break }
        }
        return values
    }
}
