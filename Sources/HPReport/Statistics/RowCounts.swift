import HPSearch

/// For each validation row, how many replicates of an entry got it right.
struct RowCounts: Sendable, Hashable {
    private let right: [Int32]
    let replicateCount: Int

    var rowCount: Int { right.count }

    /// - Returns: nil without a replicate, or when they were not measured on the same rows.
    init?(_ replicates: [RowCorrectness]) {
        guard let rows = replicates.first?.count, replicates.allSatisfy({ $0.count == rows })
        else { return nil }
        var right = [Int32](repeating: 0, count: rows)
        for replicate in replicates {
            for row in 0..<rows where replicate[row] { right[row] += 1 }
        }
        self.right = right
        replicateCount = replicates.count
    }

    /// The share of the replicates that got a row right.
    subscript(row: Int) -> Double { Double(right[row]) / Double(replicateCount) }

    /// The variance of the mean that comes of the rows being a sample.
    ///
    /// One more row is counted that is half right, so that it is never 0; of one replicate it is
    /// p(1 − p)/(n + 1), as `AccuracyError` has it.
    var varianceOfMean: Double {
        Self.varianceOfMean(
            sum: Double(right.reduce(0) { $0 + Int($1) }) / Double(replicateCount) + 0.5,
            squares: (0..<rowCount).reduce(0.5) { $0 + self[$1] * self[$1] }, of: rowCount)
    }

    /// The variance of the difference between the means of two entries, row by row.
    ///
    /// One more row is counted on which they differ as two half-right ones do.
    ///
    /// - Precondition: both were measured on the same rows.
    static func varianceOfDifference(_ first: RowCounts, _ second: RowCounts) -> Double {
        precondition(first.rowCount == second.rowCount, "rows are compared one by one")
        var sum = 0.0
        var squares = 0.5
        for row in 0..<first.rowCount {
            let difference = first[row] - second[row]
            sum += difference
            squares += difference * difference
        }
        return varianceOfMean(sum: sum, squares: squares, of: first.rowCount)
    }

    /// The same for two trials; nil when they were not measured on the same rows.
    static func varianceOfDifference(_ first: RowCorrectness, _ second: RowCorrectness) -> Double? {
        guard first.count == second.count else { return nil }
        let differing = zip(first.bytes, second.bytes).reduce(0) {
            $0 + ($1.0 ^ $1.1).nonzeroBitCount
        }
        return varianceOfMean(
            sum: Double(first.rightCount - second.rightCount), squares: Double(differing) + 0.5,
            of: first.count)
    }

    private static func varianceOfMean(sum: Double, squares: Double, of rows: Int) -> Double {
        let count = Double(rows + 1)
        let mean = sum / count
        return max(0, squares / count - mean * mean) / count
    }
}
