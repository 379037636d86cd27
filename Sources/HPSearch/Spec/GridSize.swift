/// How far a number of trials goes on a grid.
enum GridSize {
    /// Combinations of all choices, whatever their conditions; infinity beyond every number.
    static func combinations(of domains: [ParameterDomain]) -> Double {
        domains.reduce(1) { product, domain in
            if case .choice(let values) = domain { product * Double(values.count) } else { product }
        }
    }

    /// The most values of each range whose grid has at most this many trials.
    static func valuesOfEachRange(
        trials: Int, ranges: Int, combinations: Double
    ) -> Int {
        var values = 1
        while size(values + 1, ranges, combinations) <= Double(trials) { values += 1 }
        return values
    }

    private static func size(_ values: Int, _ ranges: Int, _ combinations: Double) -> Double {
        (0..<ranges).reduce(combinations) { product, _ in product * Double(values) }
    }
}

extension StudySpec {
    /// What a grid over two ranges or more gives up, in a sentence; nil for other studies.
    package var gridNote: String? {
        let domains = parameters.map(\.domain)
        let ranges = domains.count { $0.bounds != nil }
        guard sampler == .grid, ranges >= 2, let stage = stages.first else { return nil }
        let values = GridSize.valuesOfEachRange(
            trials: stage.configurations, ranges: ranges,
            combinations: GridSize.combinations(of: domains))
        return "a grid of \(ranges) ranges: \(stage.configurations) trials try only \(values) "
            + "distinct values of each; random search would try \(stage.configurations) "
            + "(Bergstra & Bengio 2012)"
    }
}
