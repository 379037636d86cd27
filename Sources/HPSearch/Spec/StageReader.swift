/// Reads the stages of a study.
struct StageReader {
    let scalars: SpecScalars
    let parameters: [ParameterSpec]
    let sampler: SamplerSpec

    static let stagesMaximum = 32
    static let trialsMaximum = 1_000_000
    static let epochsMaximum = 100_000.0

    func read(_ node: SpecNode) throws(SearchError) -> [StageSpec] {
        guard case .list(let nodes) = node.content, (1...Self.stagesMaximum).contains(nodes.count)
        else {
            throw scalars.fail(
                node, "`stages` is a list of 1 to \(Self.stagesMaximum) stages",
                fix: "write `- {name: coarse, trials: 20, epochs: 1}`")
        }
        var stages: [StageSpec] = []
        var total = 0
        var domains = parameters.map(\.domain)
        for (index, node) in nodes.enumerated() {
            let stage = try read(node, index: index, &domains)
            guard !stages.contains(where: { $0.name == stage.name }) else {
                throw scalars.fail(
                    node, "two stages have the name \(stage.name)", fix: "rename one of them")
            }
            stages.append(stage)
            total += stage.trialCount
            guard total <= Self.trialsMaximum else {
                throw scalars.fail(
                    node, "the stages have more than \(Self.trialsMaximum) trials",
                    fix: "plan fewer")
            }
        }
        return stages
    }

    /// - Parameter domains: those of the stage before, as far as the spec says.
    private func read(
        _ node: SpecNode, index: Int, _ domains: inout [ParameterDomain]
    ) throws(SearchError) -> StageSpec {
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "stages[\(index)]",
            keys: SpecKeys.stage)
        let nameNode = try mapping.required("name", example: "coarse")
        let name = try scalars.text(nameNode, mapping.path("name"))
        guard name.utf8.count <= 64, name.allSatisfy({ !$0.isNewline && !$0.isWhitespace }) else {
            throw scalars.fail(
                nameNode, "`\(mapping.path("name"))` has blanks or more than 64 characters",
                fix: "choose a short word")
        }
        let source = try source(mapping, index: index)
        var stage = StageSpec(
            name: name, configurations: try count(mapping, "trials", Self.trialsMaximum),
            epochs: try epochs(mapping), source: source)
        if let seedsNode = mapping["seeds"] {
            guard source == .top else {
                throw scalars.fail(
                    seedsNode, "`\(mapping.path("seeds"))` needs `from: top`",
                    fix: "search trials share one seed, so that they can be compared; add "
                        + "`from: top` or leave `seeds` out")
            }
            stage.replicates = try count(mapping, "seeds", 1000)
        }
        if let node = mapping["narrow"] {
            stage.narrowing = try narrowing(node, mapping.path("narrow"), source, index: index)
        }
        if case .explicit(let given) = stage.narrowing {
            domains = zip(parameters, domains).map { parameter, domain in
                given.first { $0.name == parameter.name }?.domain ?? domain
            }
        }
        try requireGrid(stage, domains, mapping)
        return stage
    }

    private func source(
        _ mapping: SpecMapping, index: Int
    ) throws(SearchError) -> StageSpec.Source {
        guard let node = mapping["from"] else { return .sampler }
        let text = try scalars.text(node, mapping.path("from"))
        guard text == "top" else {
            throw scalars.fail(
                node, "`\(mapping.path("from"))` can't be \(scalars.shown(node))",
                fix: "write `from: top`, or leave it out for new configurations")
        }
        guard index > 0 else {
            throw scalars.fail(
                node, "the first stage has no trials to take the top from",
                fix: "leave `from` out of the first stage")
        }
        return .top
    }

    private func count(
        _ mapping: SpecMapping, _ key: String, _ maximum: Int
    ) throws(SearchError) -> Int {
        let node = try mapping.required(key, example: "20")
        let count = try scalars.integer(node, mapping.path(key))
        guard (1...maximum).contains(count) else {
            throw scalars.fail(
                node, "`\(mapping.path(key))` can't be \(scalars.shown(node))",
                fix: "it must be from 1 to \(maximum)")
        }
        return count
    }

    private func epochs(_ mapping: SpecMapping) throws(SearchError) -> Double {
        let node = try mapping.required("epochs", example: "5")
        let epochs = try scalars.number(node, mapping.path("epochs"))
        guard epochs > 0, epochs <= Self.epochsMaximum else {
            throw scalars.fail(
                node, "`\(mapping.path("epochs"))` can't be \(scalars.shown(node))",
                fix: "it must be above 0 and at most \(Int(Self.epochsMaximum)); half an epoch "
                    + "is 0.5")
        }
        return epochs
    }

    private func narrowing(
        _ node: SpecNode, _ name: String, _ source: StageSpec.Source, index: Int
    ) throws(SearchError) -> StageSpec.Narrowing {
        guard index > 0 else {
            throw scalars.fail(
                node, "the first stage has nothing to narrow",
                fix: "its ranges are those of `parameters`: leave `narrow` out")
        }
        guard source == .sampler else {
            throw scalars.fail(
                node, "`\(name)` means nothing with `from: top`, which draws nothing",
                fix: "leave `narrow` out, or leave `from: top` out")
        }
        return try NarrowingReader(scalars: scalars, parameters: parameters).read(node, name)
    }

    /// A grid tries every combination of the choices: a stage needs a trial for each.
    private func requireGrid(
        _ stage: StageSpec, _ domains: [ParameterDomain], _ mapping: SpecMapping
    ) throws(SearchError) {
        guard sampler == .grid, stage.source == .sampler, let node = mapping["trials"] else {
            return
        }
        let needed = GridSize.combinations(of: domains)
        guard Double(stage.configurations) < needed else { return }
        let shown = needed < 1e15 ? "\(Int(needed))" : NumberText.short(needed)
        throw scalars.fail(
            node,
            "`\(mapping.path("trials"))` is \(stage.configurations), and a grid over all "
                + "choices has \(shown) combinations",
            fix: needed <= Double(Self.trialsMaximum)
                ? "plan at least \(shown) trials, or use `sampler: random`"
                : "list fewer choices, or use `sampler: random`")
    }
}
