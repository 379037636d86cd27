import HPMath
package import HPSearch

/// An objective whose true value is known wherever it is searched.
package struct KnownObjective: Sendable {
    /// The standard deviation of a trial's value around the true one.
    package static let noise = 0.01

    package let name: String
    package let parameters: [ParameterSpec]
    /// The true value for parameters in their order; nil where training diverges.
    private let value: @Sendable ([Double]) -> Double?

    package func value(of parameters: [ParameterValue]) -> Double? {
        value(parameters.compactMap(\.asNumber))
    }

    /// Runs a random search of several stages with as many trials each.
    ///
    /// - Parameters:
    ///   - narrowing: of every stage but the first.
    ///   - hasErrors: whether the trials' standard errors are known.
    package func study(
        seed: Int, trials: Int, narrowing: StageSpec.Narrowing, hasErrors: Bool
    ) -> Study {
        let stages = (1...3).map {
            StageSpec(
                name: "stage\($0)", configurations: trials, epochs: 1,
                narrowing: $0 == 1 ? .off : narrowing)
        }
        let spec = StudySpec(seed: seed, parameters: parameters, stages: stages)
        var study = Study(id: 1, spec: spec, specDigest: "", contentDigest: "")
        while study.stages.count < stages.count, let plan = StagePlanner.nextStage(of: study) {
            study.stages.append(plan.stage)
            study.trials += plan.trials.map { ended($0, seed: seed, hasErrors: hasErrors) }
        }
        return study
    }

    private func ended(_ trial: Trial, seed: Int, hasErrors: Bool) -> Trial {
        var trial = trial
        var stream = RandomStream(
            seed: UInt64(seed), purpose: .sampling, a: 4711, b: UInt32(trial.number))
        let value = value(of: trial.parameters).map { $0 + Self.noise * stream.nextNormal() }
        trial.state = value == nil ? .diverged : .complete
        trial.result = TrialResult(
            objectiveCurve: [value ?? 0], value: value,
            standardError: value == nil || !hasErrors ? nil : Self.noise, bestEpoch: 1, epochs: 1,
            metrics: TrialMetrics(), seconds: 0)
        return trial
    }
}

// MARK: - Objectives

extension KnownObjective {
    /// The best rate lies outside of the range, where training diverges, or inside; the other
    /// parameters have nothing, little or much to do with it.
    package static let all = [
        KnownObjective("optimum above", rate(1e-4, 1e-2), reg(1)) {
            0.6 - 0.05 * square(decades($0[0], from: 1e-1))
        },
        KnownObjective("optimum below", rate(1e-4, 1e-2), reg(1)) {
            0.6 - 0.05 * square(decades($0[0], from: 1e-5))
        },
        KnownObjective("optimum inside", rate(1e-4, 1), reg(1)) {
            0.6 - 0.05 * square(decades($0[0], from: 1e-2))
        },
        KnownObjective("best at the edge", rate(1e-4, 1), reg(1)) {
            $0[0] > 0.05 ? nil : 0.6 - 0.05 * square(decades($0[0], from: 1))
        },
        KnownObjective("edge near the top", rate(1e-3, 6e-2), reg(1)) {
            $0[0] > 0.05 ? nil : 0.6 - 0.05 * square(decades($0[0], from: 1))
        },
        KnownObjective("the lecture's", rate(1e-4, 1e-1), reg(1e5), decay) {
            let strength = decades($0[1], from: 1e-1)
            return $0[0] * $0[1] > 2 || $0[0] > 0.08
                ? nil
                : 0.55 - 0.05 * square(decades($0[0], from: 5e-3))
                    - (strength > 0 ? 0.06 : 0.002) * square(strength)
                    - 0.01 * square(($0[2] - 0.92) / 0.15)
        },
        KnownObjective("three that matter", rate(1e-4, 1e-1), reg(10), dropout) {
            0.6 - 0.03 * square(decades($0[0], from: 3e-2))
                - 0.01 * square(decades($0[1], from: 1e-3)) - 0.2 * square($0[2] - 0.5)
        },
    ]

    private init(
        _ name: String, _ parameters: ParameterSpec...,
        value: @escaping @Sendable ([Double]) -> Double?
    ) {
        self.name = name
        self.parameters = parameters
        self.value = value
    }

    private static func rate(_ low: Double, _ high: Double) -> ParameterSpec {
        ParameterSpec(name: "learning_rate", domain: .logUniform(low: low, high: high))
    }

    private static func reg(_ high: Double) -> ParameterSpec {
        ParameterSpec(name: "reg", domain: .logUniform(low: 1e-5, high: high))
    }

    private static let decay = ParameterSpec(
        name: "learning_rate_decay", domain: .uniform(low: 0.7, high: 1))
    private static let dropout = ParameterSpec(
        name: "dropout", domain: .uniform(low: 0.1, high: 0.6))

    private static func decades(_ value: Double, from other: Double) -> Double {
        (log(value) - log(other)) / log(10)
    }

    private static func square(_ number: Double) -> Double { number * number }
}
