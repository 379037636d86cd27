/// Says what a study's data were understood to be.
package struct DataSummary: Sendable, Hashable {
    package struct Class: Sendable, Hashable {
        package var name: String
        /// Examples of it.
        package var count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// How a table is written, and what became of missing values.
    package struct Table: Sendable, Hashable {
        /// `comma`, `semicolon` or `tab`.
        package var separator: String
        /// Whether the first line names the columns.
        package var hasHeader: Bool
        /// Whether numbers have decimal commas.
        package var hasDecimalComma: Bool
        /// Rows that were left out since values are missing.
        package var droppedRows: Int
        /// Missing values that a mean stands for.
        package var filledValues: Int

        package init(
            separator: String, hasHeader: Bool, hasDecimalComma: Bool, droppedRows: Int,
            filledValues: Int
        ) {
            self.separator = separator
            self.hasHeader = hasHeader
            self.hasDecimalComma = hasDecimalComma
            self.droppedRows = droppedRows
            self.filledValues = filledValues
        }
    }

    /// The data set's word, or where it has a file or folder that.
    package var source: String
    /// SHA-256 of the examples.
    package var digest: String
    /// Examples.
    package var rows: Int
    /// Features of an example as the data have them.
    package var features: Int
    /// Features of an example as a network reads them, with one for each category.
    package var inputs: Int
    /// In the order of their numbers.
    package var classes: [Class]
    /// Nil for data that is no table.
    package var table: Table?
    /// Components that whitening leaves out since they are lost in rounding: the most that any of
    /// the spec's ways to prepare examples leaves out.
    package var droppedComponents: Int

    package init(
        source: String, digest: String, rows: Int, features: Int, inputs: Int, classes: [Class],
        table: Table?, droppedComponents: Int
    ) {
        self.source = source
        self.digest = digest
        self.rows = rows
        self.features = features
        self.inputs = inputs
        self.classes = classes
        self.table = table
        self.droppedComponents = droppedComponents
    }

    private static let shownClassCountMaximum = 12
    private static let shownNameLength = 32

    /// One line: rows, features, classes, and what was found out or left out.
    package var text: String {
        var parts = [
            "\(source): \(counted(rows, "row")) of \(features(in: features)), \(classText)"
        ]
        if let table { parts += text(of: table) }
        if droppedComponents > 0 {
            parts.append(
                "\(counted(droppedComponents, "whitened component")) left out: nothing varies "
                    + "there but by rounding")
        }
        return parts.joined(separator: "; ")
    }

    private static let textByteCountMaximum = 1000

    /// The beginning of such a line, as much as a journal keeps of what a worker says.
    package static func bounded(_ text: String) -> String {
        guard text.utf8.count > textByteCountMaximum else { return text }
        var kept = String.UnicodeScalarView()
        var count = "…".utf8.count
        for scalar in text.unicodeScalars {
            count += scalar.utf8.count
            guard count <= textByteCountMaximum else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    private func features(in count: Int) -> String {
        counted(count, "feature")
            + (inputs == count ? "" : " (\(inputs) with one for each category)")
    }

    private var classText: String {
        let shown = classes.prefix(Self.shownClassCountMaximum).map {
            "\(Self.shortened($0.name)) (\($0.count))"
        }
        let rest = classes.count - shown.count
        return "\(counted(classes.count, "class")): \(shown.joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
    }

    private func text(of table: Table) -> [String] {
        var parts = [
            "\(table.separator)-separated"
                + (table.hasDecimalComma ? ", numbers have decimal commas" : "") + ", "
                + (table.hasHeader ? "line 1 names the columns" : "no header")
        ]
        if table.droppedRows > 0 {
            parts.append(
                "\(counted(table.droppedRows, "row")) left out, where values are missing")
        }
        if table.filledValues > 0 {
            parts.append(
                "\(counted(table.filledValues, "missing value")) filled in with the mean over the "
                    + "training split")
        }
        return parts
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
    }

    /// As it may stand in a line.
    private static func shortened(_ name: String) -> String {
        let scalars = name.unicodeScalars.map {
            $0.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains($0)
                ? "\u{FFFD}" : $0
        }
        let text = String(String.UnicodeScalarView(scalars.prefix(shownNameLength)))
        return scalars.count > shownNameLength ? text + "…" : text
    }
}
