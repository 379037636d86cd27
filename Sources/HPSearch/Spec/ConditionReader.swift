/// Reads what other parameters must be for one to be active, `when: {optimizer: [momentum]}`.
struct ConditionReader {
    let scalars: SpecScalars
    /// All searched parameters; only their names and domains are looked at.
    let parameters: [ParameterSpec]

    func read(
        _ node: SpecNode, of parameter: String
    ) throws(SearchError) -> [ParameterCondition] {
        let name = "parameters.\(parameter).when"
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            throw scalars.fail(
                node,
                "`\(name)` names other parameters and their values, not \(scalars.shown(node))",
                fix: "write `when: {optimizer: [momentum]}`, or leave it out")
        }
        var conditions: [ParameterCondition] = []
        for entry in entries {
            let other = try other(entry, name, of: parameter)
            conditions.append(
                ParameterCondition(
                    parameter: entry.key,
                    values: try values(entry.value, "\(name).\(entry.key)", of: other)))
        }
        return conditions.sorted { $0.parameter < $1.parameter }
    }

    private func other(
        _ entry: SpecNode.Entry, _ name: String, of parameter: String
    ) throws(SearchError) -> ParameterSpec {
        guard entry.key != parameter else {
            throw .invalid(
                file: scalars.file, place: entry.place,
                problem: "`\(name)` makes \(parameter) depend on itself",
                fix: "name another parameter")
        }
        guard let other = parameters.first(where: { $0.name == entry.key }) else {
            let others = parameters.map(\.name).filter { $0 != parameter }
            let near = nearest(to: entry.key, of: others).map { "did you mean `\($0)`? " } ?? ""
            throw .invalid(
                file: scalars.file, place: entry.place,
                problem:
                    "`\(name)` names \(SpecScalars.shortened(entry.key)), which is not searched",
                fix: near
                    + (others.isEmpty
                        ? "there is no other parameter: leave `when` out"
                        : "searched are \(others.joined(separator: ", "))"))
        }
        return other
    }

    /// A list of values, or one value alone; in the order of the other parameter's own, so that
    /// the order in which they are written means nothing.
    private func values(
        _ node: SpecNode, _ name: String, of other: ParameterSpec
    ) throws(SearchError) -> [ParameterValue] {
        let nodes: [SpecNode] = if case .list(let nodes) = node.content { nodes } else { [node] }
        guard !nodes.isEmpty else {
            throw scalars.fail(
                node, "`\(name)` is an empty list: the parameter would never be active",
                fix: "name at least one value of \(other.name)")
        }
        guard let setting = EngineSetting(rawValue: other.name) else {
            preconditionFailure("no setting has the name \(other.name)")
        }
        var values: [ParameterValue] = []
        for node in nodes {
            let value = try setting.value(node, name, scalars)
            try requirePossible(value, node, name, of: other)
            guard !values.contains(value) else {
                throw scalars.fail(
                    node, "`\(name)` has \(scalars.shown(node)) twice", fix: "keep one of them")
            }
            values.append(value)
        }
        return sorted(values, of: other.domain)
    }

    private func sorted(
        _ values: [ParameterValue], of domain: ParameterDomain
    ) -> [ParameterValue] {
        if case .choice(let all) = domain { return all.filter(values.contains) }
        return values.sorted { ($0.asNumber ?? 0) < ($1.asNumber ?? 0) }
    }

    private func requirePossible(
        _ value: ParameterValue, _ node: SpecNode, _ name: String, of other: ParameterSpec
    ) throws(SearchError) {
        let isPossible: Bool
        let possible: String
        switch other.domain {
        case .choice(let values):
            isPossible = values.contains(value)
            possible = values.prefix(20).map { CanonicalValue($0, of: other.name).flow }
                .joined(separator: ", ")
        case .value(let fixed):
            isPossible = value == fixed
            possible = CanonicalValue(fixed, of: other.name).flow
        case .integer(let low, let high), .logInteger(let low, let high):
            isPossible = value.asNumber.map { Double(low) <= $0 && $0 <= Double(high) } ?? false
            possible = "\(low) to \(high)"
        case .uniform, .logUniform:
            throw scalars.fail(
                node,
                "`\(name)` can't be a condition: \(other.name) is drawn from a continuous "
                    + "range and hits no value",
                fix: "give \(other.name) a `choice`, or leave the condition out")
        }
        guard !isPossible else { return }
        throw scalars.fail(
            node, "`\(name)` can't hold: \(other.name) is never \(scalars.shown(node))",
            fix: "its values are \(possible)")
    }

    /// A parameter whose activity depends on its own has no meaning.
    func refuseCycle(
        from start: String, among parameters: [ParameterSpec], at node: SpecNode
    ) throws(SearchError) {
        var waiting = [[start]]
        var seen: Set<String> = []
        while let path = waiting.popLast() {
            let conditions = parameters.first { $0.name == path.last }?.conditions ?? []
            for condition in conditions {
                if condition.parameter == start {
                    throw scalars.fail(
                        node,
                        "the conditions go round in a circle: "
                            + (path + [start]).joined(separator: " → "),
                        fix: "leave one `when` of them out")
                }
                if seen.insert(condition.parameter).inserted {
                    waiting.append(path + [condition.parameter])
                }
            }
        }
    }
}
