import HPMath

/// How low a sum of ranks drawn blindly comes out (Wilcoxon 1945).
enum RankSum {
    /// Up to so many ranks all draws are counted.
    private static let exactMaximum = 20

    /// How often `drawn` of the ranks have a sum of at most `sum`.
    ///
    /// Exact up to 20 ranks; beyond, by the normal distribution with the spread of ranks without
    /// ties, which is the wider one.
    static func chance(ofAtMost sum: Double, drawn: Int, of ranks: [Double]) -> Double {
        guard drawn > 0, drawn < ranks.count else { return 1 }
        return ranks.count <= exactMaximum
            ? exact(sum, drawn, ranks) : normal(sum, drawn, ranks.count)
    }

    private static func exact(_ sum: Double, _ drawn: Int, _ ranks: [Double]) -> Double {
        // Shared ranks are halves.
        let bound = Int((2 * sum).rounded())
        let doubled = ranks.map { Int((2 * $0).rounded()) }
        // How many draws of so many ranks have this sum.
        var draws = [[Double]](
            repeating: [Double](repeating: 0, count: bound + 1), count: drawn + 1)
        draws[0][0] = 1
        for rank in doubled where rank <= bound {
            for count in stride(from: drawn, through: 1, by: -1) {
                for total in rank...bound {
                    draws[count][total] += draws[count - 1][total - rank]
                }
            }
        }
        return draws[drawn].reduce(0, +)
            / exp(Hypergeometric.logarithmOfChoices(ranks.count, drawn))
    }

    private static func normal(_ sum: Double, _ drawn: Int, _ count: Int) -> Double {
        let own = Double(drawn)
        let others = Double(count - drawn)
        let expected = own * (Double(count) + 1) / 2
        let spread = (own * others * (Double(count) + 1) / 12).squareRoot()
        return (1 + erf((sum + 0.5 - expected) / spread / 2.0.squareRoot())) / 2
    }
}
