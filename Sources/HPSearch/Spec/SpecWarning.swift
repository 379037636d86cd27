/// Something in a spec that is allowed and most likely not meant.
package struct SpecWarning: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var place: SpecPlace
    package var problem: String
    package var fix: String

    /// One line: `file:line:column: warning: what is odd; what to do`.
    package var description: String {
        "\(file):\(place.line):\(place.column): warning: \(problem); \(fix)"
    }
}

/// Finds ranges whose scale wastes draws: what changes a result by factors belongs on a log
/// scale, what changes it by differences on a linear one.
struct ScaleWarnings {
    let file: String

    /// The warnings of the searched parameters, in the order of their places.
    func find(_ parameters: [ParameterSpec], in node: SpecNode) -> [SpecWarning] {
        guard case .mapping(let entries) = node.content else { return [] }
        return entries.compactMap { entry in
            guard let setting = EngineSetting(rawValue: entry.key),
                let parameter = parameters.first(where: { $0.name == entry.key }),
                case .mapping(let members) = entry.value.content,
                let member = members.first(where: { $0.key == parameter.domain.kind }),
                let advice = advice(on: parameter, setting)
            else { return nil }
            return SpecWarning(
                file: file, place: member.place,
                problem: "`parameters.\(entry.key)` " + advice.problem, fix: advice.fix)
        }
    }

    private func advice(
        on parameter: ParameterSpec, _ setting: EngineSetting
    ) -> (problem: String, fix: String)? {
        let isShare = setting == .dropout || setting == .momentum
        switch parameter.domain {
        case .logUniform(let low, let high) where isShare:
            return (
                "is a share, and a log scale draws mostly small ones",
                "use `uniform: [\(NumberText.short(low)), \(NumberText.short(high))]`"
            )
        case .uniform(0, let high) where setting == .regularization:
            return (
                "starts at 0 on a linear scale: nearly all draws have the size of the upper bound",
                "use `log_uniform: [\(NumberText.short(high / 1e4)), \(NumberText.short(high))]`"
            )
        case .uniform(let low, let high) where !isShare && low > 0 && high > 100 * low:
            return (
                linear(low, high),
                "use `log_uniform: [\(NumberText.short(low)), \(NumberText.short(high))]`"
            )
        case .integer(let low, let high) where low > 0 && high > 100 * low:
            return (
                linear(Double(low), Double(high)), "use `log_int: [\(low), \(high)]`"
            )
        default: return nil
        }
    }

    private func linear(_ low: Double, _ high: Double) -> String {
        "spans more than two decades on a linear scale: nine draws of ten are above "
            + NumberText.short(low + (high - low) / 10)
    }
}
