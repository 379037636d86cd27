/// Reads the network and its optimization, before a trial's parameters override them.
struct EngineReader {
    let scalars: SpecScalars

    func model(_ node: SpecNode?) throws(SearchError) -> ModelSpec {
        var model = ModelSpec(
            hidden: [50], activation: .relu, initialization: .he, dropout: 0)
        guard let node else { return model }
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "model", keys: SpecKeys.model)
        try requireNoDomains(mapping, SpecKeys.model)
        if let node = mapping["hidden"] {
            model.hidden = try EngineSetting.hidden(node, "model.hidden", scalars)
        }
        if let node = mapping["activation"] {
            model.activation = try EngineSetting.activation(node, "model.activation", scalars)
        }
        if let node = mapping["init"] {
            model.initialization = try EngineSetting.initialization(node, "model.init", scalars)
        }
        if let node = mapping["batch_norm"] {
            model.batchNormalization = try scalars.boolean(node, "model.batch_norm")
        }
        try number(mapping, .slope, &model.slope)
        try whole(mapping, .pieces, &model.pieces)
        try number(mapping, .dropout, &model.dropout)
        return model
    }

    func train(_ node: SpecNode?) throws(SearchError) -> TrainSpec {
        var train = TrainSpec(
            optimizer: .momentum, learningRate: 1e-3, regularization: 0, momentum: 0.9,
            learningRateDecay: 1, batchSize: 100)
        guard let node else { return train }
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "train", keys: SpecKeys.train)
        try requireNoDomains(mapping, SpecKeys.train)
        if let node = mapping["optimizer"] {
            train.optimizer = try scalars.word(
                node, "train.optimizer", as: TrainSpec.Optimizer.self)
        }
        if let node = mapping["learning_rate_schedule"] {
            train.schedule = try scalars.word(
                node, "train.learning_rate_schedule", as: TrainSpec.Schedule.self)
        }
        if let node = mapping["loss"], try scalars.text(node, "train.loss") != "softmax" {
            throw scalars.refusedWord(
                node, "train.loss", try scalars.text(node, "train.loss"),
                supported: ["softmax"], unsupported: ["svm", "hinge"])
        }
        try whole(mapping, .batchSize, &train.batchSize)
        try whole(mapping, .decayEpochs, &train.decayEpochs)
        try number(mapping, .learningRate, &train.learningRate)
        try number(mapping, .regularization, &train.regularization)
        try number(mapping, .momentum, &train.momentum)
        try number(mapping, .rmspropDecay, &train.rmspropDecay)
        try number(mapping, .beta1, &train.beta1)
        try number(mapping, .beta2, &train.beta2)
        try number(mapping, .epsilon, &train.epsilon)
        try number(mapping, .learningRateDecay, &train.learningRateDecay)
        return train
    }

    /// What is searched over stands elsewhere, and is often written here first.
    private func requireNoDomains(
        _ mapping: SpecMapping, _ keys: [String]
    ) throws(SearchError) {
        for key in keys {
            guard let node = mapping[key], case .mapping(let entries) = node.content,
                let kind = entries.first?.key, SpecKeys.domains.contains(kind)
            else { continue }
            throw scalars.fail(
                node, "`\(mapping.path(key))` is one value, not a range or choice",
                fix: "what is searched over goes under `parameters`: "
                    + "`parameters: {\(key): {\(kind): ..}}`")
        }
    }

    private func number(
        _ mapping: SpecMapping, _ setting: EngineSetting, _ value: inout Double
    ) throws(SearchError) {
        guard let node = mapping[setting.rawValue] else { return }
        value = try setting.number(node, mapping.path(setting.rawValue), scalars)
    }

    private func whole(
        _ mapping: SpecMapping, _ setting: EngineSetting, _ value: inout Int
    ) throws(SearchError) {
        guard let node = mapping[setting.rawValue] else { return }
        value = try setting.whole(node, mapping.path(setting.rawValue), scalars)
    }
}
