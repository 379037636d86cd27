import HPDigest

/// Says how a table was understood, and what its numbers stand for.
public struct Table: Sendable, Hashable {
    /// The separator of cells: `comma`, `semicolon` or `tab`.
    public let separator: String
    /// Whether the first line names the columns.
    public let hasHeader: Bool
    /// Whether some number has a comma for its decimal point.
    public let hasDecimalComma: Bool
    /// The position of the column that is the label.
    public let label: Int
    /// Positions of the columns that are features, ascending, shape (featureCount).
    public let columns: [Int]
    /// The names of the first columns of the file, for messages; empty without a header.
    public let names: [String]
    /// Rows that were left out since values are missing.
    public let droppedRowCount: Int
    /// Missing values of each feature, stored as NaN; empty where there are none.
    public let missingCounts: [Int]
    /// Categories of each feature, by which it is stored as a number from 0; empty for a feature
    /// that is a number, and for a table without any.
    public let categories: [[String]]
    /// The number that is subtracted from each feature of the file; empty where none is.
    ///
    /// Single precision has 24 bits. A column whose numbers are more than 256 times as far from 0
    /// as from each other would keep less than 16 of them for what tells its rows apart, so its
    /// numbers are stored as differences from the middle of its range.
    public let offsets: [Double]
    /// Rows with numbers that single precision may confuse with others.
    let wideRows: WideRows

    /// Tells tables apart beside their stored numbers; nothing for a plain one.
    func update(_ digest: inout SHA256) {
        for (feature, words) in categories.enumerated() where !words.isEmpty {
            digest.update("categories")
            digest.update(feature)
            digest.update(words.count)
            for word in words { digest.update(word) }
        }
        guard !offsets.isEmpty else { return }
        digest.update("offsets")
        for offset in offsets { digest.update(offset) }
        wideRows.update(&digest)
    }
}

/// Says which rows have numbers that single precision may confuse with others, and tells their
/// numbers apart.
struct WideRows: Sendable, Hashable {
    /// Row numbers, ascending.
    private var rows: [UInt32] = []
    /// One value for each of these rows.
    private var keys: [UInt64] = []

    /// - Parameter key: 0 for a row without such numbers.
    mutating func append(row: Int, key: UInt64) {
        guard key != 0 else { return }
        rows.append(UInt32(row))
        keys.append(key)
    }

    /// A number that is the same for rows of the same numbers; 0 for a row without wide ones.
    func key(of row: UInt32) -> UInt64 {
        var range = rows.startIndex..<rows.endIndex
        while let first = range.first {
            let middle = first + range.count / 2
            if rows[middle] == row { return keys[middle] }
            range = rows[middle] < row ? middle + 1..<range.upperBound : first..<middle
        }
        return 0
    }

    func update(_ digest: inout SHA256) {
        digest.update(rows.count)
        rows.withUnsafeBytes { digest.update($0) }
        keys.withUnsafeBytes { digest.update($0) }
    }

    /// The key of a row with one more number: SplitMix64's finalizer (Steele, Lea and Flood 2014)
    /// of what was, the column and the number's bits.
    static func key(_ key: UInt64, _ column: Int, _ number: Double) -> UInt64 {
        var bits = (number + 0).bitPattern ^ (UInt64(column + 1) &* 0x9E37_79B9_7F4A_7C15) &+ key
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return max(1, bits ^ bits >> 31)
    }
}
