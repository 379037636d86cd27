/// The engine settings that a parameter may override, and what each may be.
enum EngineSetting: String, CaseIterable {
    case activation
    case batchSize = "batch_size"
    case dropout
    case hidden
    case initialization = "init"
    case learningRate = "learning_rate"
    case learningRateDecay = "learning_rate_decay"
    case momentum
    case optimizer
    case regularization = "reg"

    /// Whether values lie on a scale.
    var isNumeric: Bool {
        switch self {
        case .batchSize, .dropout, .hidden, .learningRate, .learningRateDecay, .momentum,
            .regularization:
            true
        case .activation, .initialization, .optimizer: false
        }
    }

    var isWhole: Bool { self == .batchSize || self == .hidden }

    static let batchSizeMaximum = 1_000_000
    static let unitsMaximum = 100_000
    static let layersMaximum = 64

    /// Reads one value of this setting.
    func value(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ParameterValue {
        switch self {
        case .activation:
            return .text(try Self.activation(node, name, scalars).rawValue)
        case .initialization:
            return .text(try Self.initialization(node, name, scalars).rawValue)
        case .optimizer:
            return .text(try Self.optimizer(node, name, scalars).rawValue)
        case .hidden:
            if case .list = node.content {
                return .list(try Self.hidden(node, name, scalars).map(ParameterValue.integer))
            }
            let units = try scalars.integer(node, name)
            try requireLegal(Double(units), node, name, scalars)
            return .integer(units)
        case .batchSize:
            let size = try scalars.integer(node, name)
            try requireLegal(Double(size), node, name, scalars)
            return .integer(size)
        case .dropout, .learningRate, .learningRateDecay, .momentum, .regularization:
            let number = try scalars.number(node, name)
            try requireLegal(number, node, name, scalars)
            return .number(number)
        }
    }

    /// Refuses a number that the engine can't train with.
    func requireLegal(
        _ number: Double, _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) {
        let legal: (isLegal: Bool, rule: String) =
            switch self {
            case .learningRate: (number > 0 && number <= 1e6, "above 0 and at most 1.0e+6")
            case .regularization: (number >= 0 && number <= 1e9, "from 0 to 1.0e+9")
            case .dropout, .momentum: (number >= 0 && number < 1, "at least 0 and below 1")
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
            case .activation, .initialization, .optimizer: (false, "a word")
            }
        guard !legal.isLegal else { return }
        throw scalars.fail(
            node, "`\(name)` can't be \(scalars.shown(node))", fix: "it must be \(legal.rule)")
    }

    static func activation(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ModelSpec.Activation {
        try scalars.word(
            node, name, as: ModelSpec.Activation.self,
            unsupported: ["sigmoid", "leaky_relu", "prelu", "elu", "maxout"])
    }

    static func initialization(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> ModelSpec.Initialization {
        if case .mapping = node.content {
            throw scalars.fail(
                node, "`\(name): {scale: ..}` is not supported yet",
                fix: "supported: small, xavier, he")
        }
        return try scalars.word(
            node, name, as: ModelSpec.Initialization.self, unsupported: ["zero", "large"])
    }

    static func optimizer(
        _ node: SpecNode, _ name: String, _ scalars: SpecScalars
    ) throws(SearchError) -> TrainSpec.Optimizer {
        try scalars.word(
            node, name, as: TrainSpec.Optimizer.self,
            unsupported: ["nesterov", "rmsprop", "adam"])
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
