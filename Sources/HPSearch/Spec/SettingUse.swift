extension StudySpec {
    /// Whether a setting has one of these words in the spec itself, or may have it in a trial.
    func mayUse(_ setting: EngineSetting, _ words: [String]) -> Bool {
        let own =
            switch setting {
            case .activation: model.activation.rawValue
            case .optimizer: train.optimizer.rawValue
            case .schedule: train.schedule.rawValue
            default: ""
            }
        let searched = parameters.first { $0.name == setting.rawValue }?.domain
        return words.contains { word in
            own == word || searched?.contains(.text(word)) == true
        }
    }
}

/// Finds settings that no trial may use, and those that the lecture advises against.
struct SettingWarnings {
    let file: String
    let spec: StudySpec

    /// The warnings of what is written under `model`, `train` and `parameters`.
    func find(in nodes: [SpecNode?]) -> [SpecWarning] {
        let entries = nodes.flatMap { node -> [SpecNode.Entry] in
            guard case .mapping(let entries)? = node?.content else { return [] }
            return entries
        }
        return entries.compactMap { entry in
            guard let setting = EngineSetting(rawValue: entry.key),
                let advice = unused(setting) ?? warned(setting)
            else { return nil }
            return SpecWarning(
                file: file, place: entry.place, problem: advice.problem, fix: advice.fix)
        }
    }

    private typealias Advice = (problem: String, fix: String)

    private func unused(_ setting: EngineSetting) -> Advice? {
        let user: (setting: EngineSetting, words: [String])? =
            switch setting {
            case .slope: (.activation, ["leaky_relu"])
            case .pieces: (.activation, ["maxout"])
            case .momentum: (.optimizer, ["momentum", "nesterov"])
            case .rmspropDecay: (.optimizer, ["rmsprop"])
            case .beta1, .beta2: (.optimizer, ["adam"])
            case .epsilon: (.optimizer, ["rmsprop", "adam"])
            case .decayEpochs: (.schedule, ["step"])
            default: nil
            }
        guard let user, !spec.mayUse(user.setting, user.words) else { return nil }
        return (
            "`\(setting.rawValue)` is set and no trial uses it",
            "it belongs to `\(user.setting.rawValue): \(user.words.joined(separator: "` or `"))`"
        )
    }

    private func warned(_ setting: EngineSetting) -> Advice? {
        switch setting {
        case .activation where spec.mayUse(.activation, ["sigmoid"]):
            (
                "sigmoid saturates, and its outputs aren't centred on zero: the lecture's advice "
                    + "is never to use it",
                "use relu, or try leaky_relu, elu and maxout"
            )
        case .initialization where mayBeginAtZero:
            (
                "with zero weights every unit of a layer computes the same, and goes on to",
                "use he, or xavier with tanh"
            )
        case .batchNormalization: single
        default: nil
        }
    }

    /// Minibatches of one example, whose outputs batch normalization makes β.
    private var single: Advice? {
        guard
            values(.batchNormalization, own: .boolean(spec.model.batchNormalization))
                .contains(where: { $0.contains(.boolean(true)) })
        else { return nil }
        let sizes = values(.batchSize, own: .integer(spec.train.batchSize))
        let why = "batch normalization makes one example by itself zero, and nothing learns from it"
        if sizes.contains(where: { $0.contains(.integer(1)) }) {
            return ("\(why): `batch_size` may be 1", "let `batch_size` be 2 at least, better 32")
        }
        guard case .count(let count) = spec.data.training else { return nil }
        // Of a range only few sizes do that.
        let listed = sizes.filter { $0.bounds == nil }.flatMap(\.listed)
        let leaving = listed.lazy.compactMap { value in
            if case .integer(let size) = value, count % size == 1 { size } else { nil as Int? }
        }.first
        return leaving.map { size in
            (
                "\(why): with `batch_size: \(size)` one of \(count) training examples is left to "
                    + "the last minibatch",
                "choose another `batch_size`, or train on \(count - 1) examples"
            )
        }
    }

    /// What a setting may be in a trial: its parameter's domain, and the spec's own value where
    /// the parameter doesn't always apply.
    private func values(_ setting: EngineSetting, own: ParameterValue) -> [ParameterDomain] {
        let parameter = spec.parameters.first { $0.name == setting.rawValue }
        let searched = parameter.map { [$0.domain] } ?? []
        return parameter?.conditions.isEmpty == true ? searched : searched + [.value(own)]
    }

    private var mayBeginAtZero: Bool {
        let searched = spec.parameters.first { $0.name == EngineSetting.initialization.rawValue }
        return [.zero, .scale(0)].contains(spec.model.initialization)
            || searched?.domain.contains(.text("zero")) == true
            || searched?.domain.contains(.number(0)) == true
    }
}
