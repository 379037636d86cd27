/// Which validation rows a trial got right at epochs that were chosen without them.
///
/// The best of many epochs flatters: it was chosen on the rows that it is measured on. So rows are
/// dealt into folds, row `i` into fold `i % foldCount`, and each fold is measured at the epoch that
/// is the best on the rows of all other folds.
package struct CrossedCorrectness: Sendable, Hashable {
    /// Folds that rows are dealt into, where there are as many rows.
    package static let foldMaximum = 10

    /// Whether each row is right at the epoch that its fold was measured at.
    package let rows: RowCorrectness
    /// For each fold, the rows outside of it that are right at that epoch.
    package let rightOutside: [Int]

    /// - Returns: nil when there are not as many counts as folds, or more rows are right than there
    ///   are.
    package init?(rows: RowCorrectness, rightOutside: [Int]) {
        guard rightOutside.count == Self.foldCount(of: rows.count) else { return nil }
        for (fold, right) in rightOutside.enumerated() {
            let outside = rows.count - Self.rowCount(ofFold: fold, of: rows.count)
            guard (0...outside).contains(right) else { return nil }
        }
        self.rows = rows
        self.rightOutside = rightOutside
    }

    /// All folds at one and the same epoch, which was chosen without a look at any row.
    package init(atOneEpoch rows: RowCorrectness) {
        let folds = Self.foldCount(of: rows.count)
        var outside = [Int](repeating: rows.rightCount, count: folds)
        for row in 0..<rows.count where rows[row] { outside[row % folds] -= 1 }
        self.rows = rows
        rightOutside = outside
    }

    /// The number of folds of so many rows.
    package static func foldCount(of rows: Int) -> Int { min(foldMaximum, rows) }

    /// The number of rows in one of the folds of so many rows.
    package static func rowCount(ofFold fold: Int, of rows: Int) -> Int {
        let folds = foldCount(of: rows)
        return rows / folds + (fold < rows % folds ? 1 : 0)
    }
}
