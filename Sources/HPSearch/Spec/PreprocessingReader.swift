/// Reads how examples are prepared, `[zero-mean]` or `[{whiten: 144, epsilon: 1.0e-5}]`.
struct PreprocessingReader {
    static let componentsMaximum = 1_000_000

    let scalars: SpecScalars
    /// What messages call it: `data.preprocess`, `parameters.preprocess.choice`.
    var name = "data.preprocess"

    func read(_ node: SpecNode) throws(SearchError) -> [DataSpec.Preprocessing] {
        guard case .list(let nodes) = node.content else {
            var example = "zero-mean"
            if case .scalar(let word, _) = node.content, SpecKeys.preprocessing.contains(word) {
                example = word
            }
            throw scalars.fail(
                node, "`\(name)` is a list, not \(node.kind)",
                fix: "write `preprocess: [\(example)]`")
        }
        return try steps(nodes)
    }

    /// As one value among others, where a step alone needs no brackets.
    func readValue(_ node: SpecNode) throws(SearchError) -> [DataSpec.Preprocessing] {
        if case .list(let nodes) = node.content { return try steps(nodes) }
        return [try step(node)]
    }

    private func steps(_ nodes: [SpecNode]) throws(SearchError) -> [DataSpec.Preprocessing] {
        var steps: [DataSpec.Preprocessing] = []
        for node in nodes {
            let step = try step(node)
            guard !steps.contains(where: { $0.word == step.word }) else {
                throw scalars.fail(
                    node, "`\(name)` has \(step.word) twice", fix: "keep one of them")
            }
            if let last = steps.last, last.isProjection {
                throw scalars.fail(
                    node, "`\(name)` has \(step.word) after \(last.word)",
                    fix: "end with one of pca and whiten")
            }
            steps.append(step)
        }
        return steps
    }

    private func step(_ node: SpecNode) throws(SearchError) -> DataSpec.Preprocessing {
        guard case .mapping(let entries) = node.content else {
            return try step(named: try scalars.text(node, name), node)
        }
        let isWhitening = entries.contains { $0.key == "whiten" }
        let mapping = try SpecMapping(
            node, file: scalars.file, name: name,
            keys: isWhitening ? ["whiten", "epsilon"] : ["pca", "whiten"])
        if isWhitening {
            return .whiten(
                components: try components(mapping, "whiten"), epsilon: try epsilon(mapping))
        }
        return .pca(components: try components(mapping, "pca"))
    }

    private func step(
        named word: String, _ node: SpecNode
    ) throws(SearchError) -> DataSpec.Preprocessing {
        switch word {
        case "zero-mean": return .zeroMean
        case "normalize": return .normalize
        case "pca": return .pca(components: nil)
        case "whiten": return .whiten(components: nil, epsilon: DataSpec.whiteningEpsilon)
        default:
            throw scalars.refusedWord(
                node, name, word, supported: SpecKeys.preprocessing, unsupported: [])
        }
    }

    private func components(
        _ mapping: SpecMapping, _ key: String
    ) throws(SearchError) -> Int {
        let node = try mapping.required(key, example: "144")
        let count = try scalars.integer(node, mapping.path(key))
        guard (1...Self.componentsMaximum).contains(count) else {
            throw scalars.fail(
                node, "`\(mapping.path(key))` can't be \(scalars.shown(node))",
                fix: "give the number of components to keep, at least 1")
        }
        return count
    }

    private func epsilon(_ mapping: SpecMapping) throws(SearchError) -> Double {
        guard let node = mapping["epsilon"] else { return DataSpec.whiteningEpsilon }
        let epsilon = try scalars.number(node, mapping.path("epsilon"))
        guard epsilon >= 1e-30, epsilon <= 1e6 else {
            throw scalars.fail(
                node, "`\(mapping.path("epsilon"))` can't be \(scalars.shown(node))",
                fix: "it must be from 1.0e-30 to 1.0e+6")
        }
        return epsilon
    }
}

extension DataSpec {
    /// Added to variances before whitening divides by their roots, unless another is given.
    package static let whiteningEpsilon = 1e-5
}

extension DataSpec.Preprocessing {
    /// What a spec calls it.
    package var word: String {
        switch self {
        case .zeroMean: "zero-mean"
        case .normalize: "normalize"
        case .pca: "pca"
        case .whiten: "whiten"
        }
    }

    fileprivate var isProjection: Bool {
        switch self {
        case .zeroMean, .normalize: false
        case .pca, .whiten: true
        }
    }

    /// As it is written in a resolved spec.
    var canonical: CanonicalValue {
        switch self {
        case .zeroMean, .normalize, .pca(components: nil): .text(word)
        case .pca(let components?): .mapping([("pca", .integer(components))])
        case .whiten(nil, DataSpec.whiteningEpsilon): .text(word)
        case .whiten(let components, let epsilon):
            .mapping(
                (components.map { [("whiten", .integer($0))] } ?? [])
                    + [("epsilon", .number(epsilon))])
        }
    }
}
