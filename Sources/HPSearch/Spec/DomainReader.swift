/// Reads one domain of a parameter, `{log_uniform: [1.0e-4, 1.0e-1]}`.
struct DomainReader {
    static let choicesMaximum = 1000

    let scalars: SpecScalars
    let setting: EngineSetting
    /// What messages call it: `parameters.reg`, `stages[1].narrow.reg`.
    let name: String

    func read(_ node: SpecNode, _ mapping: SpecMapping) throws(SearchError) -> ParameterDomain {
        let present = SpecKeys.domains.filter { mapping[$0] != nil }
        guard let kind = present.first, present.count == 1, let content = mapping[kind] else {
            throw scalars.fail(
                node, "`\(name)` needs one domain, not \(present.count)",
                fix: "one of: {log_uniform: [low, high]} {uniform: [low, high]} {int: [low, high]} "
                    + "{log_int: [low, high]} {choice: [..]} {value: x}")
        }
        switch kind {
        case "choice": return try choice(content)
        case "value": return .value(try setting.value(content, name, scalars))
        default: return try range(kind, content)
        }
    }

    private func choice(_ node: SpecNode) throws(SearchError) -> ParameterDomain {
        guard case .list(let nodes) = node.content, !nodes.isEmpty,
            nodes.count <= Self.choicesMaximum
        else {
            throw scalars.fail(
                node, "`\(name).choice` is a list of 1 to \(Self.choicesMaximum) values",
                fix: "write `{choice: [a, b]}`")
        }
        var values: [ParameterValue] = []
        var seen: Set<ParameterValue> = []
        for node in nodes {
            let value = try setting.value(node, "\(name).choice", scalars)
            guard seen.insert(value).inserted else {
                throw scalars.fail(
                    node, "`\(name).choice` has \(scalars.shown(node)) twice",
                    fix: "keep one of them")
            }
            values.append(value)
        }
        return .choice(values)
    }

    private func range(
        _ kind: String, _ node: SpecNode
    ) throws(SearchError) -> ParameterDomain {
        guard setting.isNumeric else {
            throw scalars.fail(
                node, "`\(name)` has no order: it can't be \(kind)",
                fix: "use `{choice: [..]}`")
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
        let (low, high) = try bounds(node, kind, isLogarithmic: kind.hasPrefix("log_"))
        switch kind {
        case "log_uniform": return .logUniform(low: low, high: high)
        case "uniform": return .uniform(low: low, high: high)
        case "log_int": return .logInteger(low: Int(low), high: Int(high))
        default: return .integer(low: Int(low), high: Int(high))
        }
    }

    /// Limits that hold the range: no stage's range may leave them.
    func limits(
        _ node: SpecNode, of domain: ParameterDomain
    ) throws(SearchError) -> ClosedRange<Double> {
        guard let range = domain.bounds else {
            throw scalars.fail(
                node, "`\(name).limits` bounds a range, and a \(domain.kind) is none",
                fix: "leave `limits` out")
        }
        let (low, high) = try bounds(
            node, "limits", isLogarithmic: domain.kind.hasPrefix("log_"))
        guard low <= range.low, range.high <= high else {
            throw scalars.fail(
                node,
                "`\(name).limits` does not hold the range [\(shown(range.low)), "
                    + "\(shown(range.high))]",
                fix: "did you mean [\(shown(min(low, range.low))), "
                    + "\(shown(max(high, range.high)))]?")
        }
        return low...high
    }

    /// A list of two legal bounds in order.
    private func bounds(
        _ node: SpecNode, _ key: String, isLogarithmic: Bool
    ) throws(SearchError) -> (low: Double, high: Double) {
        guard case .list(let nodes) = node.content, nodes.count == 2 else {
            throw notTwoBounds(node, key)
        }
        let low = try bound(nodes[0], key)
        let high = try bound(nodes[1], key)
        try requireOrder(node, key, low, high)
        if isLogarithmic { try requirePositive(nodes[0], key, low) }
        for (node, bound) in [(nodes[0], low), (nodes[1], high)] {
            try setting.requireLegal(bound, node, "\(name).\(key)", scalars)
        }
        return (low, high)
    }

    private func notTwoBounds(_ node: SpecNode, _ key: String) -> SearchError {
        if case .list(let nodes) = node.content, nodes.count > 2 {
            return scalars.fail(
                node, "`\(name).\(key)` takes two bounds, not \(nodes.count)",
                fix: "write `\(key): [low, high]`, numbers with a decimal point: a decimal comma "
                    + "makes two of one")
        }
        return scalars.fail(
            node, "`\(name).\(key)` takes two bounds, not \(scalars.shown(node))",
            fix: "write `\(key): [low, high]`, values and not exponents")
    }

    private func bound(_ node: SpecNode, _ key: String) throws(SearchError) -> Double {
        guard setting.isWhole else { return try scalars.number(node, "\(name).\(key)") }
        let integer = try scalars.integer(node, "\(name).\(key)")
        guard integer.magnitude <= 1 << 40 else {
            throw scalars.fail(
                node, "`\(name).\(key)` has a bound beyond 2^40", fix: "choose a smaller one")
        }
        return Double(integer)
    }

    private func requireOrder(
        _ node: SpecNode, _ key: String, _ low: Double, _ high: Double
    ) throws(SearchError) {
        guard low >= high else { return }
        if low == high {
            throw scalars.fail(
                node,
                "`\(name).\(key)` has the bounds [\(shown(low)), \(shown(high))]: an empty "
                    + "range",
                fix: "write `{value: \(shown(low))}` for a fixed value")
        }
        throw scalars.fail(
            node, "`\(name).\(key)` has its bounds reversed: [\(shown(low)), \(shown(high))]",
            fix: "did you mean [\(shown(high)), \(shown(low))]?")
    }

    private func requirePositive(
        _ node: SpecNode, _ key: String, _ low: Double
    ) throws(SearchError) {
        guard low <= 0 else { return }
        throw scalars.fail(
            node,
            "`\(name).\(key)` has the lower bound \(NumberText.short(low)): "
                + "a log scale has no zero and nothing below",
            fix: "write values, not exponents: 1.0e-6 rather than -6")
    }

    private func shown(_ number: Double) -> String {
        setting.isWhole ? "\(Int(number))" : NumberText.short(number)
    }
}
