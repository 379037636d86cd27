/// Which rows of the validation split a trial got right, at the evaluation that its value is of.
///
/// All trials of a study are measured on the same rows, so that two of them can be compared row by
/// row.
package struct RowCorrectness: Sendable, Hashable {
    /// Larger splits have none: a trial's bits must fit into a message.
    package static let countMaximum = 1 << 24

    /// Rows of the validation split.
    package let count: Int
    /// One bit for each row, the first in the lowest bit of the first byte; bits past the last row
    /// are 0.
    package let bytes: [UInt8]

    /// - Returns: nil when the bytes are not those of `count` rows.
    package init?(count: Int, bytes: [UInt8]) {
        guard count > 0, bytes.count == (count + 7) / 8,
            count % 8 == 0 || bytes[bytes.count - 1] >> (count % 8) == 0
        else { return nil }
        self.count = count
        self.bytes = bytes
    }

    /// - Precondition: there is a row.
    package init(_ rows: [Bool]) {
        precondition(!rows.isEmpty, "a validation split has a row")
        var bytes = [UInt8](repeating: 0, count: (rows.count + 7) / 8)
        for (row, isRight) in rows.enumerated() where isRight { bytes[row / 8] |= 1 << (row % 8) }
        count = rows.count
        self.bytes = bytes
    }

    /// Whether the row at `index` is right.
    package subscript(index: Int) -> Bool { bytes[index / 8] >> (index % 8) & 1 == 1 }

    /// The rows that are right.
    package var rightCount: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
}
