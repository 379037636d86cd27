import HPMath

/// Chances of drawing marked things by accident: what a rule must beat before it moves a range.
package enum Hypergeometric {
    /// How often `drawn` of `total` things, of which `marked` are marked, hold at least `hits`
    /// marked ones when they are drawn blindly.
    ///
    /// - Precondition: `drawn` and `marked` are at most `total`.
    /// - Complexity: terms are added until they no longer count.
    package static func chance(
        ofAtLeast hits: Int, drawn: Int, marked: Int, total: Int
    ) -> Double {
        precondition(drawn <= total && marked <= total, "drawn and marked are parts of the total")
        let most = min(drawn, marked)
        guard hits <= most else { return 0 }
        guard hits > max(0, drawn + marked - total) else { return 1 }
        var term = exp(
            logarithmOfChoices(marked, hits)
                + logarithmOfChoices(total - marked, drawn - hits)
                - logarithmOfChoices(total, drawn))
        var sum = term
        for count in hits..<most {
            let ways = Double(marked - count) * Double(drawn - count)
            let ratio = ways / (Double(count + 1) * Double(total - marked - drawn + count + 1))
            term *= ratio
            sum += term
            if ratio < 1, term < 1e-17 * sum { break }
        }
        return min(sum, 1)
    }

    /// ln of the number of ways to choose `chosen` of `count`.
    static func logarithmOfChoices(_ count: Int, _ chosen: Int) -> Double {
        logarithmOfFactorial(count) - logarithmOfFactorial(chosen)
            - logarithmOfFactorial(count - chosen)
    }

    private static func logarithmOfFactorial(_ count: Int) -> Double {
        count < logarithmsOfFactorials.count ? logarithmsOfFactorials[count] : stirling(count)
    }

    private static let logarithmsOfFactorials: [Double] = (0..<1024).map { count in
        count > 16 ? stirling(count) : (1...max(1, count)).reduce(0.0) { $0 + log(Double($1)) }
    }

    /// By Stirling's series, whose error is below 10⁻¹⁰ beyond 16.
    private static func stirling(_ count: Int) -> Double {
        let n = Double(count)
        let halfLogarithmOfTwoPi = 0.918_938_533_204_672_74
        return (n + 0.5) * log(n) - n + halfLogarithmOfTwoPi + 1 / (12 * n)
            - 1 / (360 * n * n * n)
    }
}
