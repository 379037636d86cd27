/// Wilson's interval of a share: other than the one from the standard error it is no point at 0 or
/// at 1, and near them it has more room on the inner side (Wilson 1927, "Probable inference").
enum WilsonInterval {
    /// The quantile of the normal distribution for 95 of 100 samples.
    static let normalQuantile = 1.959_963_984_540_054

    /// - Parameters:
    ///   - share: from 0 to 1.
    ///   - count: the observations that it rests on; a fraction where only a variance is known.
    ///   - quantile: how many standard errors the interval reaches to either side.
    static func around(
        _ share: Double, of count: Double, quantile: Double = normalQuantile
    ) -> ClosedRange<Double> {
        let squared = quantile * quantile
        let scale = 1 / (1 + squared / count)
        let centre = scale * (share + squared / (2 * count))
        let variance = share * (1 - share) / count + squared / (4 * count * count)
        let margin = scale * quantile * variance.squareRoot()
        return max(0, centre - margin)...min(1, centre + margin)
    }
}
