/// The standard error of an accuracy: how far it may be off because the rows are a sample.
public enum AccuracyError {
    /// √(p(1 − p)/(n + 1)) with p = (nx + ½)/(n + 1): as if one more row had been measured that is
    /// half right. It is never 0, so that no accuracy, 0 and 1 included, passes for exact.
    ///
    /// - Parameters:
    ///   - accuracy: x, the share of the rows that are right.
    ///   - count: n, the number of rows.
    /// - Precondition: `accuracy` is from 0 to 1, and there is a row.
    public static func standardError(ofAccuracy accuracy: Double, count: Int) -> Double {
        precondition(count > 0 && (0...1).contains(accuracy), "an accuracy is a share of rows")
        let rows = Double(count)
        let share = (rows * accuracy + 0.5) / (rows + 1)
        return (share * (1 - share) / (rows + 1)).squareRoot()
    }
}
