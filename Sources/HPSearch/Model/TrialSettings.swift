/// The engine settings of one trial: the spec's own, overridden by its parameters.
package struct TrialSettings: Sendable, Hashable {
    package var preprocessing: [DataSpec.Preprocessing]
    package var model: ModelSpec
    package var train: TrainSpec

    package init(
        preprocessing: [DataSpec.Preprocessing], model: ModelSpec, train: TrainSpec
    ) {
        self.preprocessing = preprocessing
        self.model = model
        self.train = train
    }
}

extension StudySpec {
    /// The settings of a trial with these parameters.
    ///
    /// - Precondition: the parameters are in the order of the spec's, and of its kinds.
    package func settings(for parameters: [ParameterValue]) -> TrialSettings {
        precondition(parameters.count == self.parameters.count, "one value for each parameter")
        var settings = TrialSettings(
            preprocessing: data.preprocessing, model: model, train: train)
        for (parameter, value) in zip(self.parameters, parameters) where value != .inactive {
            guard let setting = EngineSetting(rawValue: parameter.name) else {
                preconditionFailure("no setting has the name \(parameter.name)")
            }
            settings.apply(value, to: setting)
        }
        return settings
    }
}

extension StudySpec {
    /// In which ways the trials' examples may be prepared: those of the parameter, else the spec's
    /// own.
    package var possiblePreprocessing: [[DataSpec.Preprocessing]] {
        guard
            let parameter = parameters.first(where: {
                $0.name == EngineSetting.preprocessing.rawValue
            })
        else { return [data.preprocessing] }
        let own = parameter.conditions.isEmpty ? [] : [data.preprocessing]
        return own
            + parameter.domain.listed.compactMap { value in
                guard case .list(let steps) = value else { return nil }
                return steps.compactMap(DataSpec.Preprocessing.init(value:))
            }
    }
}

extension TrialSettings {
    fileprivate mutating func apply(_ value: ParameterValue, to setting: EngineSetting) {
        switch (setting, value) {
        case (.preprocessing, .list(let steps)):
            preprocessing = steps.compactMap(DataSpec.Preprocessing.init(value:))
        case (.hidden, .integer(let units)): model.hidden = [units]
        case (.hidden, .list(let layers)):
            model.hidden = layers.compactMap {
                if case .integer(let units) = $0 { units } else { nil }
            }
        case (.activation, .text(let word)):
            model.activation = ModelSpec.Activation(rawValue: word) ?? model.activation
        case (.slope, .number(let slope)): model.slope = slope
        case (.pieces, .integer(let pieces)): model.pieces = pieces
        case (.initialization, .text(let word)):
            model.initialization = ModelSpec.Initialization(word: word) ?? model.initialization
        case (.initialization, .number(let scale)): model.initialization = .scale(scale)
        case (.batchNormalization, .boolean(let isOn)): model.batchNormalization = isOn
        case (.optimizer, .text(let word)):
            train.optimizer = TrainSpec.Optimizer(rawValue: word) ?? train.optimizer
        case (.schedule, .text(let word)):
            train.schedule = TrainSpec.Schedule(rawValue: word) ?? train.schedule
        case (.decayEpochs, .integer(let epochs)): train.decayEpochs = epochs
        case (.batchSize, .integer(let size)): train.batchSize = size
        case (.learningRate, .number(let rate)): train.learningRate = rate
        case (.learningRateDecay, .number(let decay)): train.learningRateDecay = decay
        case (.dropout, .number(let dropout)): model.dropout = dropout
        case (.momentum, .number(let momentum)): train.momentum = momentum
        case (.rmspropDecay, .number(let decay)): train.rmspropDecay = decay
        case (.beta1, .number(let beta)): train.beta1 = beta
        case (.beta2, .number(let beta)): train.beta2 = beta
        case (.epsilon, .number(let epsilon)): train.epsilon = epsilon
        case (.regularization, .number(let strength)): train.regularization = strength
        default: preconditionFailure("\(setting.rawValue) can't be \(value)")
        }
    }
}
