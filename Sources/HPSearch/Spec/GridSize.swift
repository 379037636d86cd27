/// How far a number of trials goes on a grid.
enum GridSize {
    /// Combinations of all choices, whatever their conditions; infinity beyond every number.
    static func combinations(of domains: [ParameterDomain]) -> Double {
        domains.reduce(1) { product, domain in
            if case .choice(let values) = domain { product * Double(values.count) } else { product }
        }
    }
}
