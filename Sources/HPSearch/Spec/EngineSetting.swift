/// The engine settings that a parameter may override, and what each may be.
enum EngineSetting: String, CaseIterable {
    case activation
    case batchNormalization = "batch_norm"
    case batchSize = "batch_size"
    case beta1
    case beta2
    case decayEpochs = "decay_epochs"
    case dropout
    case epsilon
    case hidden
    case initialization = "init"
    case learningRate = "learning_rate"
    case learningRateDecay = "learning_rate_decay"
    case schedule = "learning_rate_schedule"
    case momentum
    case optimizer
    case pieces
    case preprocessing = "preprocess"
    case regularization = "reg"
    case rmspropDecay = "rmsprop_decay"
    case slope

    /// What a value is.
    enum Kind {
        case word
        case truth
        case whole
        case number
    }

    var kind: Kind {
        switch self {
        case .activation, .initialization, .optimizer, .preprocessing, .schedule: .word
        case .batchNormalization: .truth
        case .batchSize, .decayEpochs, .hidden, .pieces: .whole
        case .beta1, .beta2, .dropout, .epsilon, .learningRate, .learningRateDecay, .momentum,
            .regularization, .rmspropDecay, .slope:
            .number
        }
    }

    /// Whether values lie on a scale.
    var isNumeric: Bool { kind == .whole || kind == .number }

    var isWhole: Bool { kind == .whole }

    static let batchSizeMaximum = 1_000_000
    static let unitsMaximum = 100_000
    static let layersMaximum = 64
    static let piecesMaximum = 16

    /// Reads one value of this setting.
    func value(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ParameterValue {
        switch (self, kind) {
        case (.activation, _):
            return .text(try Self.activation(node, name, scalars).rawValue)
        case (.initialization, _):
            switch try Self.initialization(node, name, scalars) {
            case .scale(let scale): return .number(scale)
            case let named: return .text(named.word ?? "")
            }
        case (.preprocessing, _):
            let reader = PreprocessingReader(scalars: scalars, name: name)
            return try reader.readValue(node).asValue
        case (.optimizer, _):
            return .text(try scalars.word(node, name, as: TrainSpec.Optimizer.self).rawValue)
        case (.schedule, _):
            return .text(try scalars.word(node, name, as: TrainSpec.Schedule.self).rawValue)
        case (.hidden, _):
            if case .list = node.content {
                return .list(try Self.hidden(node, name, scalars).map(ParameterValue.integer))
            }
            return .integer(try whole(node, name, scalars))
        case (_, .whole): return .integer(try whole(node, name, scalars))
        case (_, .truth): return .boolean(try scalars.boolean(node, name))
        case (_, .word), (_, .number): return .number(try number(node, name, scalars))
        }
    }

    /// Reads a legal whole number.
    func whole(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> Int {
        let whole = try scalars.integer(node, name)
        try requireLegal(Double(whole), node, name, scalars)
        return whole
    }

    /// Reads a legal number.
    func number(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> Double {
        let number = try scalars.number(node, name)
        try requireLegal(number, node, name, scalars)
        return number
    }

    /// Refuses a number that the engine can't train with.
    func requireLegal(
        _ number: Double, _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) {
        let legal: (isLegal: Bool, rule: String) =
            switch self {
            case .learningRate: (number > 0 && number <= 1e6, "above 0 and at most 1.0e+6")
            case .regularization: (number >= 0 && number <= 1e9, "from 0 to 1.0e+9")
            case .beta1, .beta2, .dropout, .momentum, .rmspropDecay, .slope:
                (number >= 0 && number < 1, "at least 0 and below 1")
            case .epsilon: (number >= 1e-30 && number <= 1, "from 1.0e-30 to 1")
            case .decayEpochs: (number >= 1 && number <= 1_000_000, "from 1 to 1000000")
            case .pieces:
                (
                    number >= 2 && number <= Double(Self.piecesMaximum),
                    "from 2 to \(Self.piecesMaximum)"
                )
            case .learningRateDecay: (number > 0 && number <= 1, "above 0 and at most 1")
            case .batchSize:
                (
                    number >= 1 && number <= Double(Self.batchSizeMaximum),
                    "from 1 to \(Self.batchSizeMaximum)"
                )
            case .hidden:
                (
                    number >= 1 && number <= Double(Self.unitsMaximum),
                    "from 1 to \(Self.unitsMaximum)"
                )
            case .initialization: (number >= 0 && number <= 1000, "from 0 to 1000")
            case .activation, .batchNormalization, .optimizer, .preprocessing, .schedule:
                (false, "a word")
            }
        guard !legal.isLegal else { return }
        throw scalars.fail(
            node, "`\(name)` can't be \(scalars.shown(node))", fix: "it must be \(legal.rule)")
    }

    static func activation(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ModelSpec.Activation {
        try scalars.word(node, name, as: ModelSpec.Activation.self)
    }

    /// A word, a scale as `{scale: 0.05}`, or the scale alone.
    static func initialization(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ModelSpec.Initialization {
        if case .mapping = node.content {
            let mapping = try SpecMapping(
                node, file: scalars.file, name: name, keys: SpecKeys.initialization)
            let scale = try mapping.required("scale", example: "0.05")
            return .scale(
                try EngineSetting.initialization.number(scale, mapping.path("scale"), scalars))
        }
        if case .scalar(let text, true) = node.content, SpecScalars.number(in: text) != nil {
            return .scale(try EngineSetting.initialization.number(node, name, scalars))
        }
        let text = try scalars.text(node, name)
        if let named = ModelSpec.Initialization(word: text) { return named }
        throw scalars.refusedWord(
            node, name, text,
            supported: ModelSpec.Initialization.words + ["{scale: 0.05}"], unsupported: [])
    }

    /// Units of each hidden layer; an empty list is a linear classifier.
    static func hidden(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> [Int] {
        guard case .list(let nodes) = node.content, nodes.count <= layersMaximum else {
            throw scalars.fail(
                node, "`\(name)` is a list of at most \(layersMaximum) layer sizes",
                fix: "write `hidden: [50]`")
        }
        var units: [Int] = []
        for node in nodes {
            let count = try scalars.integer(node, name)
            try EngineSetting.hidden.requireLegal(Double(count), node, name, scalars)
            units.append(count)
        }
        return units
    }
}
