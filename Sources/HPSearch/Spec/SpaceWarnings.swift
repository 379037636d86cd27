/// Finds stages that ask for more configurations than there are.
struct SpaceWarnings {
    let file: String
    let spec: StudySpec

    /// Combinations that are counted one by one; of more it is only known how many they are before
    /// conditions make some of them the same.
    private static let listedMaximum = 4096

    /// The warnings of the stages, in their order.
    ///
    /// - Parameter node: of `stages`.
    func find(in node: SpecNode) -> [SpecWarning] {
        guard case .list(let nodes) = node.content else { return [] }
        var domains = spec.parameters.map(\.domain)
        var sampledCount = 0
        return zip(spec.stages, nodes).compactMap { stage, node in
            if case .explicit(let given) = stage.narrowing {
                for (index, parameter) in spec.parameters.enumerated() {
                    domains[index] =
                        given.first { $0.name == parameter.name }?.domain ?? domains[index]
                }
            }
            let limit = limit(of: domains)
            var available = limit
            switch stage.source {
            case .sampler: sampledCount += min(stage.configurations, limit)
            case .top: available = min(limit, sampledCount)
            }
            guard stage.configurations > available else { return nil }
            return SpecWarning(
                file: file, place: node.place,
                problem: "stage \(stage.name) asks for \(stage.configurations) configurations, "
                    + "there are \(available) different ones",
                fix: "it will have as many as there are: ask for \(available), or search more")
        }
    }

    /// The number of different configurations that can be drawn from these domains, or more.
    private func limit(of domains: [ParameterDomain]) -> Int {
        var product = 1
        for domain in domains {
            guard let size = domain.size else { return .max }
            let (next, isTooLarge) = product.multipliedReportingOverflow(by: size)
            guard !isTooLarge else { return .max }
            product = next
        }
        guard product <= Self.listedMaximum else { return product }
        return spec.configurations(of: domains)?.count ?? product
    }
}
