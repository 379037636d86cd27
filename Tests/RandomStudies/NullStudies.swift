import HPMath
package import HPSearch

/// Studies in which chance alone is at work: no parameter has to do with how trials came out.
package struct NullStudies: Sendable, Hashable {
    /// The kind of values that parameters are drawn from.
    package enum Kind: String, Sendable, CaseIterable {
        case continuous
        /// Whole numbers of four values, and choices of two to four.
        case discrete
    }

    /// The standard errors that are known of the values, beside a spread of 0.1.
    package enum Errors: String, Sendable, CaseIterable {
        case unknown
        case small
        case equal
        case large

        fileprivate var size: Double? {
            switch self {
            case .unknown: nil
            case .small: 0.01
            case .equal: 0.1
            case .large: 0.3
            }
        }
    }

    /// The reason why one trial in seven diverges.
    package enum Divergence: String, Sendable, CaseIterable {
        case none
        /// Nothing that was searched.
        case blind
        /// The top of one more parameter, whose own moves are no accident.
        case other
    }

    /// Trials of each stage but the last.
    package var rows: Int
    package var parameterCount: Int
    package var kind = Kind.continuous
    /// Whether values are rounded, so that many are equal.
    package var hasTies = false
    package var errors = Errors.unknown
    package var divergence = Divergence.none
    /// Stages, the last of one trial.
    package var stageCount = 2

    package init(rows: Int, parameterCount: Int) {
        self.rows = rows
        self.parameterCount = parameterCount
    }

    /// Whether anything moved by chance in the study of this number.
    package func moves(_ seed: Int) -> Bool {
        let study = study(seed)
        let names = Self.parameters(kind).prefix(parameterCount).map(\.name)
        return study.stages.flatMap(\.moves).contains {
            $0.action != .keep && names.contains($0.parameter)
        }
    }

    /// The study of this number, run to its end.
    package func study(_ seed: Int) -> Study {
        var study = Study(id: 1, spec: spec(seed), specDigest: "", contentDigest: "")
        var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 4711)
        let cause = study.spec.parameters.firstIndex { $0.name == Self.cause.name }
        while study.stages.count < stageCount, let plan = StagePlanner.nextStage(of: study) {
            study.stages.append(plan.stage)
            for trial in plan.trials {
                study.trials.append(ended(trial, cause: cause, &stream))
            }
        }
        return study
    }

    private func ended(_ trial: Trial, cause: Int?, _ stream: inout RandomStream) -> Trial {
        var trial = trial
        var value = 0.5 + 0.1 * stream.nextNormal()
        if hasTies { value = (value * 20).rounded() / 20 }
        let isUnlucky = stream.nextUnit() < 1.0 / 7
        let hasDiverged =
            switch divergence {
            case .none: false
            case .blind: isUnlucky
            case .other: cause.flatMap { trial.parameters[$0].asNumber } ?? 0 > 1e-4
            }
        trial.state = hasDiverged ? .diverged : .complete
        trial.result = TrialResult(
            objectiveCurve: [value], value: hasDiverged ? nil : value,
            standardError: hasDiverged ? nil : errors.size, bestEpoch: 1, epochs: 1,
            metrics: TrialMetrics(), seconds: 0)
        return trial
    }

    // MARK: - Specs

    /// Diverges above 1e-4.
    private static let cause = ParameterSpec(
        name: "epsilon", domain: .logUniform(low: 1e-10, high: 1e-3))

    private static func parameters(_ kind: Kind) -> [ParameterSpec] {
        switch kind {
        case .continuous:
            [
                ParameterSpec(name: "learning_rate", domain: .logUniform(low: 1e-4, high: 1e-1)),
                ParameterSpec(name: "reg", domain: .logUniform(low: 1e-5, high: 1)),
                ParameterSpec(name: "momentum", domain: .uniform(low: 0.2, high: 0.8)),
                ParameterSpec(name: "dropout", domain: .uniform(low: 0.1, high: 0.6)),
                ParameterSpec(name: "learning_rate_decay", domain: .uniform(low: 0.5, high: 0.9)),
                ParameterSpec(name: "rmsprop_decay", domain: .uniform(low: 0.8, high: 0.99)),
            ]
        case .discrete:
            [
                ParameterSpec(name: "batch_size", domain: .integer(low: 30, high: 33)),
                ParameterSpec(
                    name: "init", domain: .choice([.text("small"), .text("xavier"), .text("he")])),
                ParameterSpec(name: "decay_epochs", domain: .logInteger(low: 1, high: 4)),
                ParameterSpec(
                    name: "batch_norm", domain: .choice([.boolean(true), .boolean(false)])),
                ParameterSpec(name: "hidden", domain: .integer(low: 8, high: 11)),
                ParameterSpec(
                    name: "activation",
                    domain: .choice([
                        .text("relu"), .text("tanh"), .text("elu"), .text("sigmoid"),
                    ])),
            ]
        }
    }

    private func spec(_ seed: Int) -> StudySpec {
        var parameters = Array(Self.parameters(kind).prefix(parameterCount))
        if divergence == .other { parameters.append(Self.cause) }
        let stages = (1...stageCount).map { index in
            StageSpec(
                name: "stage\(index)", configurations: index < stageCount ? rows : 1, epochs: 1)
        }
        return StudySpec(seed: seed, parameters: parameters, stages: stages)
    }
}
