import HPMath

/// Whether numbers scatter more than their own errors explain.
enum ChiSquare {
    /// How often errors alone give squares that add up to at least `sum`.
    ///
    /// By the cube root's near normality (Wilson and Hilferty 1931).
    ///
    /// - Parameter freedom: independent squares, at least 1.
    static func chance(ofAtLeast sum: Double, freedom: Int) -> Double {
        guard sum > 0 else { return 1 }
        let spread = 2 / (9 * Double(freedom))
        let deviation = (exp(log(sum / Double(freedom)) / 3) - (1 - spread)) / spread.squareRoot()
        return (1 - erf(deviation / 2.0.squareRoot())) / 2
    }
}
