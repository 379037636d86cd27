/// Reads the searched parameters: the settings that they override and their domains.
struct ParameterReader {
    let scalars: SpecScalars

    private var file: String { scalars.file }

    func read(_ node: SpecNode) throws(SearchError) -> [ParameterSpec] {
        let mapping = try SpecMapping(
            node, file: file, name: "parameters", keys: EngineSetting.allCases.map(\.rawValue),
            unsupported: [
                "batch_norm": "leave it out: batch normalization is not built in this version"
            ])
        var parameters: [ParameterSpec] = []
        // Sorted by name: the order of draws must not depend on how a spec is written.
        for setting in EngineSetting.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let node = mapping[setting.rawValue] else { continue }
            let domain = try domain(of: setting, node)
            parameters.append(ParameterSpec(name: setting.rawValue, domain: domain))
        }
        guard !parameters.isEmpty else {
            throw scalars.fail(
                node, "`parameters` is empty: there is nothing to search",
                fix: "add `learning_rate: {log_uniform: [1.0e-4, 1.0e-1]}`")
        }
        return parameters
    }

    /// A domain as `{log_uniform: [1.0e-4, 1.0e-1]}`.
    func domain(
        of setting: EngineSetting, _ node: SpecNode
    ) throws(SearchError) -> ParameterDomain {
        let name = "parameters.\(setting.rawValue)"
        let kinds = ["log_uniform", "uniform", "int", "log_int", "choice", "value"]
        let mapping = try SpecMapping(
            node, file: file, name: name, keys: kinds,
            unsupported: ["when": "leave it out: conditional parameters are not built"])
        let present = kinds.filter { mapping[$0] != nil }
        guard let kind = present.first, present.count == 1, let content = mapping[kind] else {
            throw scalars.fail(
                node, "`\(name)` needs one domain, not \(present.count)",
                fix: "one of: {log_uniform: [low, high]} {uniform: [low, high]} {int: [low, high]} "
                    + "{log_int: [low, high]} {choice: [..]} {value: x}")
        }
        switch kind {
        case "choice": return try choice(setting, name, content)
        case "value": return .value(try setting.value(content, name, scalars))
        default: return try range(setting, name, kind, content)
        }
    }

    private func choice(
        _ setting: EngineSetting, _ name: String, _ node: SpecNode
    ) throws(SearchError) -> ParameterDomain {
        guard case .list(let nodes) = node.content, !nodes.isEmpty, nodes.count <= 1000 else {
            throw scalars.fail(
                node, "`\(name).choice` is a list of 1 to 1000 values",
                fix: "write `{choice: [a, b]}`")
        }
        var values: [ParameterValue] = []
        for node in nodes {
            let value = try setting.value(node, "\(name).choice", scalars)
            guard !values.contains(value) else {
                throw scalars.fail(
                    node, "`\(name).choice` has \(scalars.shown(node)) twice",
                    fix: "keep one of them")
            }
            values.append(value)
        }
        return .choice(values)
    }

    private func range(
        _ setting: EngineSetting, _ name: String, _ kind: String, _ node: SpecNode
    ) throws(SearchError) -> ParameterDomain {
        guard setting.isNumeric else {
            throw scalars.fail(
                node, "`\(name)` has no order: it can't be \(kind)",
                fix: "use `{choice: [..]}`")
        }
        guard case .list(let nodes) = node.content, nodes.count == 2 else {
            throw scalars.fail(
                node, "`\(name).\(kind)` takes two bounds, not \(scalars.shown(node))",
                fix: "write `{\(kind): [low, high]}`, values and not exponents")
        }
        let isWhole = kind == "int" || kind == "log_int"
        guard isWhole || !setting.isWhole else {
            throw scalars.fail(
                node, "`\(name)` is a whole number: it can't be \(kind)",
                fix: "use `int` or `log_int`")
        }
        guard setting.isWhole || !isWhole else {
            throw scalars.fail(
                node, "`\(name)` is no whole number: it can't be \(kind)",
                fix: "use `uniform` or `log_uniform`")
        }
        let low = try bound(nodes[0], "\(name).\(kind)", isWhole)
        let high = try bound(nodes[1], "\(name).\(kind)", isWhole)
        try requireOrder(node, "\(name).\(kind)", low, high, isWhole)
        try requireScale(nodes[0], name, kind, low)
        for (node, bound) in [(nodes[0], low), (nodes[1], high)] {
            try setting.requireLegal(bound, node, name, scalars)
        }
        switch kind {
        case "log_uniform": return .logUniform(low: low, high: high)
        case "uniform": return .uniform(low: low, high: high)
        case "log_int": return .logInteger(low: Int(low), high: Int(high))
        default: return .integer(low: Int(low), high: Int(high))
        }
    }

    private func bound(
        _ node: SpecNode, _ name: String, _ isWhole: Bool
    ) throws(SearchError) -> Double {
        guard isWhole else { return try scalars.number(node, name) }
        let integer = try scalars.integer(node, name)
        guard integer.magnitude <= 1 << 40 else {
            throw scalars.fail(
                node, "`\(name)` has a bound beyond 2^40", fix: "choose a smaller one")
        }
        return Double(integer)
    }

    private func requireOrder(
        _ node: SpecNode, _ name: String, _ low: Double, _ high: Double, _ isWhole: Bool
    ) throws(SearchError) {
        guard low >= high else { return }
        let shown = { (number: Double) in isWhole ? "\(Int(number))" : NumberText.short(number) }
        if low == high {
            throw scalars.fail(
                node, "`\(name)` has the bounds [\(shown(low)), \(shown(high))]: an empty range",
                fix: "write `{value: \(shown(low))}` for a fixed value")
        }
        throw scalars.fail(
            node, "`\(name)` has its bounds reversed: [\(shown(low)), \(shown(high))]",
            fix: "did you mean [\(shown(high)), \(shown(low))]?")
    }

    private func requireScale(
        _ node: SpecNode, _ name: String, _ kind: String, _ low: Double
    ) throws(SearchError) {
        guard kind == "log_uniform" || kind == "log_int", low <= 0 else { return }
        throw scalars.fail(
            node,
            "`\(name).\(kind)` has the lower bound \(NumberText.short(low)): "
                + "a log scale has no zero and nothing below",
            fix: "write values, not exponents: 1.0e-6 rather than -6")
    }
}
