/// Says how a table is read.
package struct TableSpec: Sendable, Hashable {
    package enum Column: Sendable, Hashable {
        case name(String)
        /// Counted from 0; negative counts from the end, so that -1 is the last column.
        case position(Int)
    }

    package enum Missing: String, Sendable, CaseIterable {
        /// The table is refused.
        case error
        /// The row is left out.
        case drop
        /// The mean over the training split stands for it.
        case mean
    }

    /// The file, below the worker's data root.
    package var path: String
    /// Whether the first line names the columns; nil to find it out.
    package var header: Bool?
    /// The column of the class.
    package var label: Column
    /// Columns that are not looked at.
    package var dropped: [Column]
    /// Columns of words, which become a feature for each.
    package var categorical: [Column]
    /// Says what becomes of a missing value.
    package var missing: Missing

    package init(
        path: String, header: Bool? = nil, label: Column, dropped: [Column] = [],
        categorical: [Column] = [], missing: Missing = .error
    ) {
        self.path = path
        self.header = header
        self.label = label
        self.dropped = dropped
        self.categorical = categorical
        self.missing = missing
    }
}
