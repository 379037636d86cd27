import HPMath
package import HPSearch

/// Specs of every shape, each from a number.
package enum RandomSpecs {
    /// The spec of this number.
    package static func spec(_ seed: Int) -> StudySpec {
        var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 77)
        var builder = Builder(stream: stream)
        defer { stream = builder.stream }
        return builder.spec(seed: seed)
    }

    private struct Builder {
        var stream: RandomStream

        mutating func spec(seed: Int) -> StudySpec {
            let parameters = parameters()
            let samplers = SamplerSpec.allCases
            let isAccuracy = happens(0.7)
            return StudySpec(
                name: "random-\(seed)", seed: UInt64(seed),
                objective: Objective(
                    metric: isAccuracy ? .validationAccuracy : .validationLoss,
                    goal: isAccuracy ? .maximize : .minimize,
                    at: seed.isMultiple(of: 4) ? .last : .best),
                data: DataSpec(
                    dataset: Self.dataset(seed), training: .fraction(0.7),
                    validation: .fraction(0.15),
                    preprocessing: []),
                model: ModelSpec(hidden: [8], activation: .relu, initialization: .he, dropout: 0),
                train: TrainSpec(
                    optimizer: .momentum, learningRate: 0.01, regularization: 0, momentum: 0.9,
                    learningRateDecay: 1, batchSize: 32),
                parameters: parameters,
                sampler: samplers[stream.next(below: samplers.count)],
                stages: stages(parameters), stopTrial: StopTrialSpec(lossFactor: 3),
                limits: LimitsSpec(attempts: 3, maximumFailed: nil))
        }

        private static func dataset(_ seed: Int) -> DataSpec.Dataset {
            guard seed.isMultiple(of: 5) else { return .digits }
            return .spiral(classes: 2 + seed % 7, points: 100, noise: 0.2)
        }

        private mutating func happens(_ chance: Double) -> Bool { stream.nextUnit() < chance }

        // MARK: - Parameters

        private mutating func parameters() -> [ParameterSpec] {
            var parameters: [ParameterSpec] = []
            let add = { (name: String, domain: ParameterDomain) in
                parameters.append(ParameterSpec(name: name, domain: domain))
            }
            if happens(0.3) { add("activation", .choice([.text("relu"), .text("tanh")])) }
            if happens(0.2) { add("batch_norm", .choice([.boolean(true), .boolean(false)])) }
            if happens(0.3) { add("batch_size", happens(0.5) ? logInteger(2, 8) : integer(8, 64)) }
            if happens(0.2) { add("dropout", .uniform(low: 0, high: 0.5)) }
            if happens(0.4) { add("hidden", happens(0.5) ? logInteger(1, 7) : integer(2, 40)) }
            if happens(0.3) {
                add("init", .choice([.text("small"), .text("he"), .number(0.05)]))
            }
            if happens(0.9) {
                add(
                    "learning_rate", happens(0.9) ? logUniform(-6, 0) : .uniform(low: 0.01, high: 1)
                )
            }
            if happens(0.3) { add("learning_rate_decay", .uniform(low: 0.7, high: 1)) }
            if happens(0.4) { add("momentum", .uniform(low: 0.1, high: 0.9)) }
            if happens(0.4) { add("optimizer", .choice([.text("sgd"), .text("momentum")])) }
            if happens(0.6) || parameters.isEmpty { add("reg", logUniform(-6, 4)) }
            return parameters.map { limited(conditional($0, among: parameters)) }
        }

        private mutating func logUniform(_ least: Int, _ most: Int) -> ParameterDomain {
            let low = least + stream.next(below: most - least - 1)
            let high = low + 1 + stream.next(below: most - low)
            return .logUniform(low: power(low), high: power(high))
        }

        private func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 1 }

        private mutating func integer(_ least: Int, _ most: Int) -> ParameterDomain {
            let low = least + stream.next(below: most - least - 1)
            return .integer(low: low, high: low + 1 + stream.next(below: most - low))
        }

        /// Between powers of two.
        private mutating func logInteger(_ least: Int, _ most: Int) -> ParameterDomain {
            let low = least + stream.next(below: most - least - 1)
            let high = low + 1 + stream.next(below: most - low)
            return .logInteger(low: 1 << low, high: 1 << high)
        }

        private mutating func conditional(
            _ parameter: ParameterSpec, among all: [ParameterSpec]
        ) -> ParameterSpec {
            var parameter = parameter
            guard parameter.name == "momentum", happens(0.5),
                all.contains(where: { $0.name == "optimizer" })
            else { return parameter }
            parameter.conditions = [
                ParameterCondition(parameter: "optimizer", values: [.text("momentum")])
            ]
            return parameter
        }

        private mutating func limited(_ parameter: ParameterSpec) -> ParameterSpec {
            var parameter = parameter
            guard happens(0.4), let bounds = parameter.domain.bounds else { return parameter }
            switch parameter.domain {
            case .logUniform:
                parameter.limits =
                    max(bounds.low / (happens(0.5) ? 1 : 30), 1e-9)...bounds.high
                    * (happens(0.5) ? 1 : 30)
            case .logInteger, .integer:
                parameter.limits = bounds.low...bounds.high * (happens(0.5) ? 1 : 4)
            case .uniform, .choice, .value: parameter.limits = bounds.low...bounds.high
            }
            return parameter
        }

        // MARK: - Stages

        private mutating func stages(_ parameters: [ParameterSpec]) -> [StageSpec] {
            // Enough trials for a grid of the choices there are.
            let least = 12
            var stages = [
                StageSpec(
                    name: "stage0", configurations: least + stream.next(below: 30), epochs: 1)
            ]
            for index in 1...(1 + stream.next(below: 3)) {
                var stage = StageSpec(
                    name: "stage\(index)", configurations: least + stream.next(below: 20),
                    epochs: Double(1 + index))
                if happens(0.15) { stage.narrowing = .off }
                if happens(0.2) {
                    stage.source = .top
                    stage.configurations = 1 + stream.next(below: 4)
                    stage.replicates = 1 + stream.next(below: 3)
                    stage.narrowing = .auto
                }
                stages.append(stage)
            }
            return stages
        }
    }
}

/// What trials of a random spec come to: a pure function of the spec and of the trial.
package struct RandomObjective: Sendable {
    private let spec: StudySpec
    private let weights: [Double]
    private let optima: [Double]
    private let edge: Double
    private let noise: Double

    /// What this spec's trials come to.
    package init(_ spec: StudySpec) {
        self.spec = spec
        var stream = RandomStream(seed: spec.seed, purpose: .sampling, a: 78)
        weights = spec.parameters.map { _ in
            stream.nextUnit() < 0.4 ? 0 : 0.3 * stream.nextUnit()
        }
        optima = spec.parameters.map { _ in 1.6 * stream.nextUnit() - 0.3 }
        edge = stream.nextUnit() < 0.5 ? .infinity : 0.4 + 0.6 * stream.nextUnit()
        noise = [0.0, 0.01, 0.2][stream.next(below: 3)]
    }

    /// Nil diverges.
    package func value(_ parameters: [ParameterValue], replicate: Int) -> Double? {
        var value = 0.6
        var address: UInt32 = UInt32(replicate)
        for (index, parameter) in parameters.enumerated() {
            let position = position(parameter, index)
            if spec.parameters[index].name == "learning_rate", position > edge { return nil }
            value -= weights[index] * (position - optima[index]) * (position - optima[index])
            address = address &* 16_777_619 &+ UInt32(truncatingIfNeeded: Int(position * 1e9))
        }
        var stream = RandomStream(seed: spec.seed, purpose: .sampling, a: 79, b: address)
        value += noise * stream.nextNormal()
        return spec.objective.goal == .maximize ? value : -value
    }

    /// Of every value.
    package var standardError: Double { max(noise, 0.001) }

    private func position(_ value: ParameterValue, _ index: Int) -> Double {
        let domain = spec.parameters[index].domain
        if let scale = Scale(domain), let number = value.asNumber {
            return scale.position(of: number)
        }
        if case .choice(let values) = domain, let place = values.firstIndex(of: value) {
            return Double(place) / Double(values.count)
        }
        return 0
    }
}
