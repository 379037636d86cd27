/// Reads the searched parameters: the settings that they override, their domains, and when they
/// are active.
struct ParameterReader {
    let scalars: SpecScalars

    private var file: String { scalars.file }

    func read(_ node: SpecNode) throws(SearchError) -> [ParameterSpec] {
        let mapping = try SpecMapping(
            node, file: file, name: "parameters", keys: SpecKeys.parameters)
        var parameters: [ParameterSpec] = []
        var conditions: [(index: Int, node: SpecNode)] = []
        // Sorted by name: the order of draws must not depend on how a spec is written.
        for setting in EngineSetting.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let node = mapping[setting.rawValue] else { continue }
            if case .scalar("default", _) = node.content {
                let domain = try defaultDomain(of: setting, node)
                parameters.append(ParameterSpec(name: setting.rawValue, domain: domain))
                continue
            }
            let entry = try SpecMapping(
                node, file: file, name: mapping.path(setting.rawValue), keys: SpecKeys.parameter,
                foreign: setting.foreignKeys)
            let reader = DomainReader(scalars: scalars, setting: setting, name: entry.name)
            let domain = try reader.read(node, entry)
            let limits = try entry["limits"].map { node throws(SearchError) in
                try reader.limits(node, of: domain)
            }
            if let node = entry["when"] { conditions.append((parameters.count, node)) }
            parameters.append(
                ParameterSpec(name: setting.rawValue, domain: domain, limits: limits))
        }
        guard !parameters.isEmpty else {
            throw scalars.fail(
                node, "`parameters` is empty: there is nothing to search",
                fix: "add `learning_rate: {log_uniform: [1.0e-4, 1.0e-1]}`")
        }
        let reader = ConditionReader(scalars: scalars, parameters: parameters)
        for (index, node) in conditions {
            parameters[index].conditions = try reader.read(node, of: parameters[index].name)
        }
        for (index, node) in conditions {
            try reader.refuseCycle(from: parameters[index].name, among: parameters, at: node)
        }
        return parameters
    }

    private func defaultDomain(
        of setting: EngineSetting, _ node: SpecNode
    ) throws(SearchError) -> ParameterDomain {
        if let domain = setting.defaultDomain { return domain }
        let names = EngineSetting.allCases.filter { $0.defaultDomain != nil }.map(\.rawValue)
        throw scalars.fail(
            node, "`parameters.\(setting.rawValue)` has no default",
            fix: "name what is searched, as in {choice: [..]}; there is one for "
                + names.joined(separator: ", "))
    }
}

extension EngineSetting {
    /// Keys by which other tools name domains, with what to write here.
    fileprivate var foreignKeys: [String: String] {
        let range =
            switch (isNumeric, isWhole) {
            case (false, _): "write `{choice: [..]}`"
            case (true, true): "write a range as `{int: [low, high]}` or `{log_int: [low, high]}`"
            case (true, false):
                "write a range as `{log_uniform: [low, high]}` or `{uniform: [low, high]}`"
            }
        var advice: [String: String] = [:]
        for key in ["values", "options", "choices", "categories", "grid"] {
            advice[key] = "write a list of values as `{choice: [..]}`"
        }
        for key in [
            "min", "max", "low", "high", "lower", "upper", "start", "stop", "step", "bounds",
            "range", "distribution", "type", "log", "scale",
        ] {
            advice[key] = range
        }
        return advice
    }
}
