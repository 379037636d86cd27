/// Which rows of the validation split a training classified right: one bit for each row, the first
/// in the lowest bit of the first byte; bits past the last row are 0.
public struct ValidationRows: Sendable, Hashable, Codable {
    /// Folds that rows are dealt into, where there are as many rows.
    public static let foldMaximum = 10

    /// Rows of the validation split.
    public let count: Int
    /// At the evaluation with the best validation accuracy, the earliest of equals.
    public private(set) var best: [UInt8]
    /// At the last evaluation.
    public private(set) var last: [UInt8]
    /// Each row at an evaluation that was chosen without it.
    ///
    /// Row `i` lies in fold `i % foldCount`, and each fold is measured at the evaluation that is
    /// the best on the rows of all other folds, the earliest of equals.
    public private(set) var crossed: [UInt8]
    /// For each fold, the rows outside of it that are right at its evaluation.
    public private(set) var rightOutside: [Int]

    /// - Parameter right: of the first evaluation, 1 for each row that is right, else 0.
    /// - Precondition: there is a row.
    init(_ right: [UInt8]) {
        precondition(!right.isEmpty, "a validation split has a row")
        count = right.count
        last = Self.bits(of: right)
        best = last
        crossed = last
        rightOutside = Self.rightOutside(right)
    }

    /// Takes the next evaluation into account.
    ///
    /// - Precondition: it is of as many rows.
    mutating func add(_ right: [UInt8]) {
        precondition(right.count == count, "all evaluations are of the same rows")
        last = Self.bits(of: right)
        if Self.rightCount(last) > Self.rightCount(best) { best = last }
        for (fold, outside) in Self.rightOutside(right).enumerated()
        where outside > rightOutside[fold] {
            rightOutside[fold] = outside
            for row in stride(from: fold, to: count, by: rightOutside.count) {
                let bit: UInt8 = 1 << UInt8(row % 8)
                crossed[row / 8] = crossed[row / 8] & ~bit | last[row / 8] & bit
            }
        }
    }

    /// Whether the numbers can be those of so many rows.
    func fits(rows: Int) -> Bool {
        count == rows && rightOutside.count == Self.foldCount(of: rows)
            && [best, last, crossed].allSatisfy { bits in
                bits.count == (rows + 7) / 8
                    && (rows % 8 == 0 || bits[bits.count - 1] >> UInt8(rows % 8) == 0)
            }
            && rightOutside.allSatisfy { (0...rows).contains($0) }
    }

    /// The number of folds of so many rows.
    public static func foldCount(of rows: Int) -> Int { min(foldMaximum, rows) }

    /// The number of bits that are set.
    static func rightCount(_ bits: [UInt8]) -> Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }

    private static func bits(of right: [UInt8]) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: (right.count + 7) / 8)
        for (row, isRight) in right.enumerated() { bits[row / 8] |= isRight << UInt8(row % 8) }
        return bits
    }

    /// For each fold, the rows outside of it that are right.
    private static func rightOutside(_ right: [UInt8]) -> [Int] {
        let folds = foldCount(of: right.count)
        var inside = [Int](repeating: 0, count: folds)
        var fold = 0
        for isRight in right {
            inside[fold] += Int(isRight)
            fold = fold + 1 == folds ? 0 : fold + 1
        }
        let all = inside.reduce(0, +)
        return inside.map { all - $0 }
    }
}

extension TrainingOutcome {
    /// Adds an evaluation.
    mutating func add(_ measured: Evaluator.Measured) {
        evaluations.append(measured.evaluation)
        if validationRows == nil {
            validationRows = ValidationRows(measured.right)
        } else {
            validationRows?.add(measured.right)
        }
    }
}
