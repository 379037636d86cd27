/// Draws the configurations of a stage, each by its place alone.
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

    /// The parameters of a trial, in the order of the spec's.
    ///
    /// - Parameters:
    ///   - trial: its number across the study.
    ///   - index: of the configuration within the stage, from 0.
    func draw(trial: Int, index: Int) -> [ParameterValue] {
        spec.withoutInactive(values(trial: trial, index: index))
    }

    private func values(trial: Int, index: Int) -> [ParameterValue] {
        switch spec.sampler {
        case .sobol:
            SobolSampler.draw(domains, seed: spec.seed, stage: stage, index: index)
        case .random, .grid:
            grid?.draw(domains, index: index)
                ?? RandomSampler.draw(domains, seed: spec.seed, stage: stage, trial: trial)
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
