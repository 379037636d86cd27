/// Names a column of a table.
public enum TableColumn: Sendable, Hashable {
    /// As the header has it; equal texts are equal however their accents are encoded.
    case name(String)
    /// Counted from 0; negative counts from the end, so that -1 is the last column.
    case position(Int)
}

/// Says what becomes of a row with a missing value: an empty cell, or a word such as `?` or `NA`.
public enum MissingValues: String, Sendable, CaseIterable {
    /// The table is refused, with the line and the column.
    case error
    /// The row is left out.
    case drop
    /// A feature gets the mean of its column over the training split; a row without a label is
    /// left out.
    case mean
}

/// Says how a table is read.
public struct TableOptions: Sendable, Hashable {
    /// The column of the class; all others are features unless dropped.
    public var label: TableColumn
    /// Whether the first line names the columns; nil to find it out.
    public var header: Bool?
    /// Columns that are not looked at.
    public var dropped: [TableColumn]
    /// Columns of words: a feature of 0 or 1 for each category of the training split.
    public var categorical: [TableColumn]
    /// Says what becomes of missing values.
    public var missing: MissingValues

    /// Describes a table whose columns but the label's are numbers.
    public init(
        label: TableColumn, header: Bool? = nil, dropped: [TableColumn] = [],
        categorical: [TableColumn] = [], missing: MissingValues = .error
    ) {
        self.label = label
        self.header = header
        self.dropped = dropped
        self.categorical = categorical
        self.missing = missing
    }
}

extension MissingValues {
    /// In lower case; beside these an empty cell is missing.
    private static let words: Set<[UInt8]> = Set(
        [
            "?", ".", "na", "n/a", "nan", "+nan", "-nan", "null", "nil", "none", "missing", "<na>",
            "#n/a", "#na", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan",
        ].map { Array($0.utf8) })
    private static let lengthMaximum = 8

    /// Whether a cell of a feature or of a label says that there is no value.
    static func isMissing(_ cell: [UInt8]) -> Bool {
        guard !cell.isEmpty else { return true }
        guard cell.count <= lengthMaximum else { return false }
        return words.contains(
            cell.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 })
    }
}
