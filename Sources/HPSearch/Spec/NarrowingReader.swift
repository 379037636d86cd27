/// Reads how a stage's ranges follow from those of the stage before.
struct NarrowingReader {
    let scalars: SpecScalars
    let parameters: [ParameterSpec]

    static let words = ["auto", "confirm", "off"]

    func read(_ node: SpecNode, _ name: String) throws(SearchError) -> StageSpec.Narrowing {
        guard case .mapping(let entries) = node.content else {
            switch try scalars.text(node, name) {
            case "auto": return .auto
            case "confirm": return .confirm
            case "off": return .off
            case let text:
                throw scalars.refusedWord(
                    node, name, text, supported: Self.words + ["{parameter: domain}"],
                    unsupported: [])
            }
        }
        var domains: [ParameterSpec] = []
        for entry in entries { domains.append(try domain(entry, name)) }
        return .explicit(domains.sorted { $0.name < $1.name })
    }

    private func domain(
        _ entry: SpecNode.Entry, _ name: String
    ) throws(SearchError) -> ParameterSpec {
        guard let parameter = parameters.first(where: { $0.name == entry.key }),
            let setting = EngineSetting(rawValue: entry.key)
        else {
            throw .invalid(
                file: scalars.file, place: entry.place,
                problem: "`\(name)` names \(SpecScalars.shortened(entry.key)), which is not "
                    + "searched",
                fix: "searched are \(parameters.map(\.name).joined(separator: ", "))")
        }
        try refuseDeclarations(entry, name)
        let mapping = try SpecMapping(
            entry.value, file: scalars.file, name: "\(name).\(entry.key)",
            keys: SpecKeys.domains)
        let reader = DomainReader(scalars: scalars, setting: setting, name: mapping.name)
        let domain = try reader.read(entry.value, mapping)
        let content = mapping[domain.kind] ?? entry.value
        try requireSameScale(domain, content, mapping.name, parameter)
        try requireInside(domain, content, mapping.name, parameter)
        return ParameterSpec(name: entry.key, domain: domain)
    }

    private func refuseDeclarations(
        _ entry: SpecNode.Entry, _ name: String
    ) throws(SearchError) {
        guard case .mapping(let members) = entry.value.content else { return }
        for member in members where member.key == "when" || member.key == "limits" {
            throw .invalid(
                file: scalars.file, place: member.place,
                problem: "`\(name).\(entry.key)` can't have `\(member.key)`: it holds for the "
                    + "whole study",
                fix: "write it once, in `parameters.\(entry.key)`")
        }
    }

    /// Ranges of other scales could not be compared from stage to stage; a fixed value can.
    private func requireSameScale(
        _ domain: ParameterDomain, _ node: SpecNode, _ name: String, _ parameter: ParameterSpec
    ) throws(SearchError) {
        if case .value(let fixed) = parameter.domain {
            throw scalars.fail(
                node,
                "`\(name)` can't move: `parameters.\(parameter.name)` is fixed at "
                    + CanonicalValue(fixed, of: parameter.name).flow,
                fix: "leave it out")
        }
        if case .value = domain { return }
        guard domain.kind != parameter.domain.kind else { return }
        throw scalars.fail(
            node, "`\(name)` makes a \(domain.kind) of what is a \(parameter.domain.kind)",
            fix: "keep `\(parameter.domain.kind)`, or fix it with `{value: x}`")
    }

    private func requireInside(
        _ domain: ParameterDomain, _ node: SpecNode, _ name: String, _ parameter: ParameterSpec
    ) throws(SearchError) {
        switch domain {
        case .value(let value):
            try requireMember(value, node, name, parameter)
            guard let number = value.asNumber else { return }
            try requireWithinLimits([number], [node], name, parameter)
        case .choice(let values):
            guard case .list(let nodes) = node.content else { return }
            for (value, node) in zip(values, nodes) {
                try requireMember(value, node, name, parameter)
            }
        case .uniform, .logUniform, .integer, .logInteger:
            guard let bounds = domain.bounds, case .list(let nodes) = node.content else { return }
            try requireWithinLimits([bounds.low, bounds.high], nodes, name, parameter)
        }
    }

    private func requireMember(
        _ value: ParameterValue, _ node: SpecNode, _ name: String, _ parameter: ParameterSpec
    ) throws(SearchError) {
        guard case .choice(let declared) = parameter.domain, !declared.contains(value) else {
            return
        }
        let shown = declared.prefix(20).map { CanonicalValue($0, of: parameter.name).flow }
            .joined(separator: ", ")
        throw scalars.fail(
            node, "`\(name)` has \(scalars.shown(node)), which the declared choice lacks",
            fix: "choose among \(shown), or add it to `parameters.\(parameter.name)`")
    }

    private func requireWithinLimits(
        _ numbers: [Double], _ nodes: [SpecNode], _ name: String, _ parameter: ParameterSpec
    ) throws(SearchError) {
        guard let limits = parameter.limits else { return }
        for (number, node) in zip(numbers, nodes) where !limits.contains(number) {
            throw scalars.fail(
                node, "`\(name)` leaves the declared limits at \(scalars.shown(node))",
                fix: "stay within [\(NumberText.short(limits.lowerBound)), "
                    + "\(NumberText.short(limits.upperBound))], or widen "
                    + "`parameters.\(parameter.name).limits`")
        }
    }
}
