import HPDigest

extension StudySpec {
    /// Reads a user's YAML or JSON.
    ///
    /// - Parameter file: what messages call the text.
    /// - Throws: `SearchError` with the place of the first thing that is wrong.
    package static func read(text: String, file: String) throws(SearchError) -> StudySpec {
        try SpecReader(file: file).read(text).spec
    }

    /// Reads a user's YAML or JSON, and says what in it is allowed but most likely not meant.
    ///
    /// - Parameter file: what messages call the text.
    /// - Throws: `SearchError` with the place of the first thing that is wrong.
    package static func examine(
        text: String, file: String
    ) throws(SearchError) -> (spec: StudySpec, warnings: [SpecWarning]) {
        try SpecReader(file: file).read(text)
    }

    /// Reads the canonical text.
    ///
    /// - Throws: `SearchError` when it isn't the `content` of a spec of this version.
    package init(content: String) throws(SearchError) {
        self = try SpecReader(file: "spec").read(content).spec
    }

    /// The resolved spec as JSON with sorted keys: reading it back gives an equal spec.
    package var content: String { CanonicalValue.mapping(canonicalEntries).json }

    /// SHA-256 of `content`: what decides whether a submission attaches to a study.
    package var contentDigest: String {
        Self.digest(of: CanonicalValue.mapping(digestedEntries).json)
    }

    /// SHA-256 of what a study's result depends on: `content` without `study`, `data.path` and
    /// `limits`.
    package var specDigest: String {
        let entries = trainedEntries.map { entry -> Entry in
            guard case ("data", .mapping(let data)) = entry else { return entry }
            return ("data", .mapping(data.filter { $0.key != "path" }))
        }
        return Self.digest(of: CanonicalValue.mapping(entries).json)
    }

    /// SHA-256 of what a check of the spec looks at: `content` without `study` and `limits`. Other
    /// data is checked anew.
    package var checkDigest: String {
        Self.digest(of: CanonicalValue.mapping(trainedEntries).json)
    }

    private var trainedEntries: [Entry] {
        digestedEntries.filter { !["study", "limits"].contains($0.key) }
    }

    /// The content with a header where a table's is found out: before it could be, a spec that
    /// didn't say had one, and keeps its digests. Where there is none other rows are read, and the
    /// data's own digest differs.
    private var digestedEntries: [Entry] {
        guard case .csv(let table) = data.dataset, table.header == nil else {
            return canonicalEntries
        }
        return canonicalEntries.map { entry in
            guard case ("data", .mapping(let data)) = entry else { return entry }
            return ("data", .mapping(data + [("header", .boolean(true))]))
        }
    }

    private static func digest(of text: String) -> String {
        var digest = SHA256()
        digest.update(Array(text.utf8))
        return digest.finish()
    }

    /// Trials that the stages plan together.
    package var plannedTrialCount: Int { stages.map(\.trialCount).reduce(0, +) }

    /// The resolved spec as YAML in the style of the examples.
    package var resolvedYAML: String {
        var text = ""
        for entry in canonicalEntries {
            switch (entry.key, entry.value) {
            case ("parameters", .mapping(let parameters)):
                text += "parameters:\n"
                for parameter in parameters {
                    text += "  \(parameter.key): \(parameter.value.flow)\n"
                }
            case ("data", .mapping(let data)):
                text += "data: \(CanonicalValue.mapping(withUsualHeader(data)).flow)\n"
            case ("stages", .list(let stages)):
                text += "stages:\n"
                for (index, stage) in stages.enumerated() {
                    text += "  - \(withUsualNarrowing(stage, at: index).flow)\n"
                }
            case ("objective", _): text += "objective: \(withUsualEvaluation(entry.value).flow)\n"
            default: text += "\(entry.key): \(entry.value.flow)\n"
            }
        }
        return text
    }
}

extension StudySpec {
    /// The content leaves out that a header is found out.
    private func withUsualHeader(_ data: [Entry]) -> [Entry] {
        guard case .csv(let table) = self.data.dataset, table.header == nil else { return data }
        return data.flatMap { $0.key == "path" ? [$0, ("header", .text("auto"))] : [$0] }
    }

    /// The content leaves out what a stage does with its ranges unless told otherwise: specs that
    /// were written before it could be told keep theirs.
    private func withUsualNarrowing(_ stage: CanonicalValue, at index: Int) -> CanonicalValue {
        guard case .mapping(let entries) = stage, index > 0, stages[index].source == .sampler,
            stages[index].narrowing == .auto
        else { return stage }
        return .mapping(entries + [("narrow", .text("auto"))])
    }
}

extension StudySpec {
    /// The content leaves out that a trial's value is its best: specs that were written before it
    /// could be told keep theirs.
    private func withUsualEvaluation(_ objective: CanonicalValue) -> CanonicalValue {
        guard case .mapping(let entries) = objective, self.objective.at == .best else {
            return objective
        }
        let at = (key: "at", value: CanonicalValue.text(Objective.Evaluation.best.rawValue))
        return .mapping(entries.prefix(2) + [at] + entries.dropFirst(2))
    }
}

// MARK: - The resolved content

extension StudySpec {
    fileprivate typealias Entry = (key: String, value: CanonicalValue)

    fileprivate var canonicalEntries: [Entry] {
        var goal: [Entry] = [
            ("metric", .text(objective.metric.rawValue)), ("goal", .text(objective.goal.rawValue)),
        ]
        if objective.at != .best { goal.append(("at", .text(objective.at.rawValue))) }
        if let target = objective.target { goal.append(("target", .number(target))) }
        var limitEntries: [Entry] = [("attempts", .integer(limits.attempts))]
        if let maximum = limits.maximumFailed {
            limitEntries.append(("max_failed", .integer(maximum)))
        }
        return [
            ("study", .text(name)),
            ("seed", .unsigned(seed)),
            ("objective", .mapping(goal)),
            ("data", .mapping(dataEntries)),
            ("model", .mapping(modelEntries)),
            ("train", .mapping(trainEntries)),
            ("parameters", .mapping(parameters.map { ($0.name, Self.canonical($0)) })),
            ("sampler", .text(sampler.rawValue)),
            ("stages", .list(stages.map { .mapping(Self.entries(of: $0)) })),
            ("stop_trial", .mapping([("loss_factor", .number(stopTrial.lossFactor))])),
            ("limits", .mapping(limitEntries)),
        ]
    }

    private var dataEntries: [Entry] {
        var entries: [Entry] =
            switch data.dataset {
            case .digits: [("dataset", .text("digits"))]
            case .cifar10(let path): [("dataset", .text("cifar10")), ("path", .text(path))]
            case .idx(let path): [("dataset", .text("idx")), ("path", .text(path))]
            case .csv(let table): Self.entries(of: table)
            case .spiral(let classes, let points, let noise):
                [
                    ("dataset", .text("spiral")), ("classes", .integer(classes)),
                    ("points", .integer(points)), ("noise", .number(noise)),
                ]
            }
        entries.append(
            (
                "split",
                .mapping([
                    ("train", Self.canonical(data.training)),
                    ("validation", Self.canonical(data.validation)),
                ])
            ))
        entries.append(("preprocess", .list(data.preprocessing.map(\.canonical))))
        return entries
    }

    /// Defaults of how a table is read are left out: specs that were written before these could be
    /// told keep their content.
    private static func entries(of table: TableSpec) -> [Entry] {
        var entries: [Entry] = [("dataset", .text("csv")), ("path", .text(table.path))]
        if let header = table.header { entries.append(("header", .boolean(header))) }
        entries.append(("label", canonical(table.label)))
        let columns: [Entry] = [("drop", table.dropped), ("categorical", table.categorical)]
            .filter { !$0.1.isEmpty }.map { ($0.0, .list($0.1.map(canonical))) }
        if !columns.isEmpty { entries.append(("columns", .mapping(columns))) }
        if table.missing != .error { entries.append(("missing", .text(table.missing.rawValue))) }
        return entries
    }

    private var modelEntries: [Entry] {
        [
            ("hidden", .list(model.hidden.map(CanonicalValue.integer))),
            ("activation", .text(model.activation.rawValue)),
            ("slope", .number(model.slope)),
            ("pieces", .integer(model.pieces)),
            ("init", Self.canonical(model.initialization)),
            ("batch_norm", .boolean(model.batchNormalization)),
            ("dropout", .number(model.dropout)),
        ].filter(isShown)
    }

    private var trainEntries: [Entry] {
        [
            ("optimizer", .text(train.optimizer.rawValue)),
            ("learning_rate", .number(train.learningRate)),
            ("reg", .number(train.regularization)),
            ("momentum", .number(train.momentum)),
            ("rmsprop_decay", .number(train.rmspropDecay)),
            ("beta1", .number(train.beta1)),
            ("beta2", .number(train.beta2)),
            ("epsilon", .number(train.epsilon)),
            ("learning_rate_decay", .number(train.learningRateDecay)),
            ("learning_rate_schedule", .text(train.schedule.rawValue)),
            ("decay_epochs", .integer(train.decayEpochs)),
            ("batch_size", .integer(train.batchSize)),
            ("loss", .text("softmax")),
        ].filter(isShown)
    }

    /// Numbers of one activation, optimizer or schedule are written where it may be in force, or
    /// where they aren't what they usually are: specs that ask for none of these keep their
    /// content.
    private func isShown(_ entry: Entry) -> Bool {
        switch EngineSetting(rawValue: entry.key) {
        case .slope: model.slope != 0.01 || mayUse(.activation, ["leaky_relu"])
        case .pieces: model.pieces != 2 || mayUse(.activation, ["maxout"])
        case .rmspropDecay: train.rmspropDecay != 0.99 || mayUse(.optimizer, ["rmsprop"])
        case .beta1: train.beta1 != 0.9 || mayUse(.optimizer, ["adam"])
        case .beta2: train.beta2 != 0.999 || mayUse(.optimizer, ["adam"])
        case .epsilon: train.epsilon != 1e-8 || mayUse(.optimizer, ["rmsprop", "adam"])
        case .schedule:
            train.schedule != .exponential
                || parameters.contains { $0.name == EngineSetting.schedule.rawValue }
        case .decayEpochs: train.decayEpochs != 5 || mayUse(.schedule, ["step"])
        default: true
        }
    }

    private static func canonical(_ initialization: ModelSpec.Initialization) -> CanonicalValue {
        if case .scale(let scale) = initialization { return .mapping([("scale", .number(scale))]) }
        return .text(initialization.word ?? "")
    }

    private static func canonical(_ label: TableSpec.Column) -> CanonicalValue {
        switch label {
        case .name(let name): .text(name)
        case .position(let position): .integer(position)
        }
    }

    private static func canonical(_ amount: DataSpec.Amount) -> CanonicalValue {
        switch amount {
        case .count(let count): .integer(count)
        case .fraction(let fraction): .number(fraction)
        }
    }

    private static func canonical(_ parameter: ParameterSpec) -> CanonicalValue {
        var entries: [Entry] = [
            (parameter.domain.kind, content(of: parameter.domain, parameter.name))
        ]
        if let limits = parameter.limits {
            let isWhole = EngineSetting(rawValue: parameter.name)?.isWhole == true
            let bounds = [limits.lowerBound, limits.upperBound]
            entries.append(
                (
                    "limits",
                    .list(bounds.map { isWhole ? .integer(Int($0)) : .number($0) })
                ))
        }
        if !parameter.conditions.isEmpty {
            let conditions = parameter.conditions.map { condition -> Entry in
                (
                    condition.parameter,
                    .list(
                        condition.values.map { CanonicalValue($0, of: condition.parameter) })
                )
            }
            entries.append(("when", .mapping(conditions)))
        }
        return .mapping(entries)
    }

    fileprivate static func content(
        of domain: ParameterDomain, _ parameter: String
    ) -> CanonicalValue {
        switch domain {
        case .logUniform(let low, let high), .uniform(let low, let high):
            .list([.number(low), .number(high)])
        case .integer(let low, let high), .logInteger(let low, let high):
            .list([.integer(low), .integer(high)])
        case .choice(let values): .list(values.map { CanonicalValue($0, of: parameter) })
        case .value(let value): CanonicalValue(value, of: parameter)
        }
    }

    private static func entries(of stage: StageSpec) -> [Entry] {
        var entries: [Entry] = [
            ("name", .text(stage.name)), ("trials", .integer(stage.configurations)),
            ("epochs", .number(stage.epochs)),
        ]
        switch stage.narrowing {
        case .auto: break
        case .confirm: entries.append(("narrow", .text("confirm")))
        case .off: entries.append(("narrow", .text("off")))
        case .explicit(let domains):
            entries.append(
                ("narrow", .mapping(domains.map { ($0.name, canonical($0)) })))
        }
        if stage.source == .top {
            entries.append(("from", .text("top")))
            entries.append(("seeds", .integer(stage.replicates)))
        }
        return entries
    }
}

extension StageSpec {
    /// The ranges that moves lead to, as the value of a stage's `narrow`.
    package static func narrowingText(of moves: [Move]) -> String {
        CanonicalValue.mapping(
            moves.map { move in
                let domain = move.to.withoutEmptyRange
                return (
                    move.parameter,
                    .mapping([
                        (domain.kind, StudySpec.content(of: domain, move.parameter))
                    ])
                )
            }
        ).flow
    }
}

extension ParameterDomain {
    /// A range of one whole number as that value: a spec's ranges have two different bounds.
    fileprivate var withoutEmptyRange: ParameterDomain {
        switch self {
        case .integer(let low, let high) where low == high: .value(.integer(low))
        case .logInteger(let low, let high) where low == high: .value(.integer(low))
        case .logUniform, .uniform, .integer, .logInteger, .choice, .value: self
        }
    }
}
