/// Which column of a table holds the class.
public enum LabelColumn: Sendable, Hashable {
    case name(String)
    /// From 0; negative counts from the end, so that -1 is the last column.
    case position(Int)
}

extension Dataset {
    /// A table of numbers with a class in one column: comma-separated, RFC 4180.
    ///
    /// Classes are numbered in the order of their labels: by value when all are numbers (equal
    /// numbers are one class, however written), by UTF-8 bytes otherwise.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - header: whether the first line names the columns.
    ///   - label: the column of the class; all others are features.
    /// - Throws: `NetError.missing`, or `.corrupt` with the line.
    public static func csv(
        file: String, header: Bool, label: LabelColumn
    ) throws(NetError) -> Dataset {
        let file = try SequentialFile(file, fix: "give the path of a table below the data root")
        let columns = try CSVColumns(of: file, header: header, label: label)
        var table = try CSVTable(file, columns, rowMaximum: columns.rowMaximum(of: file))
        try table.read(header: header)
        let classNames = try table.numberClasses()
        return Dataset(
            name: "csv", features: .floats(table.features), labels: table.labels,
            featureCount: columns.count - 1, classCount: classNames.count,
            classNames: classNames)
    }
}

/// What a table's rows turn into.
private struct CSVTable {
    private static let classCountMaximum = 65_536

    /// Row-major, without the label column.
    private(set) var features: [Float] = []
    /// Each row's label: its position in `distinctLabels`, then its class.
    private(set) var labels: [Int32] = []

    private let path: String
    private let columns: CSVColumns
    private var scanner: CSVScanner
    /// The labels that occur, in the order of their first rows.
    private var distinctLabels: [String] = []
    private var positions: [[UInt8]: Int32] = [:]

    /// - Parameter rowMaximum: room is taken for that many, so that nothing is ever moved.
    init(_ file: SequentialFile, _ columns: CSVColumns, rowMaximum: Int) throws(NetError) {
        path = file.path
        self.columns = columns
        scanner = try CSVScanner(file)
        features.reserveCapacity(rowMaximum * (columns.count - 1))
        labels.reserveCapacity(rowMaximum)
    }

    mutating func read(header: Bool) throws(NetError) {
        if header { _ = try scanner.nextRow { _, _ in } }
        while try readRow() {}
        guard !labels.isEmpty else {
            throw corrupt(nil, "the table has no rows", "give it at least a row for each split")
        }
    }

    private mutating func readRow() throws(NetError) -> Bool {
        var column = 0
        var firstLine = 0
        while let separator = try scanner.next() {
            if column == 0 {
                if separator == .line, scanner.cell.isEmpty { continue }
                firstLine = scanner.line
            }
            do throws(NetError) {
                try append(column)
            } catch {
                // Where cells are missing others are in the wrong columns: that is said first.
                let rest = separator == .comma ? try? scanner.nextRow { _, _ in } : 0
                if let rest { try requireWhole(column + 1 + rest, firstLine) }
                throw error
            }
            column += 1
            guard separator == .line else { continue }
            try requireWhole(column, firstLine)
            return true
        }
        return false
    }

    private mutating func append(_ column: Int) throws(NetError) {
        if column == columns.label {
            try appendLabel()
        } else if column < columns.count {
            try appendFeature(column)
        }
    }

    private func requireWhole(_ cellCount: Int, _ line: Int) throws(NetError) {
        guard cellCount == columns.count else {
            throw corrupt(
                line, "the row has \(cellCount) cells, the first had \(columns.count)",
                "give every row the same number")
        }
    }

    private mutating func appendFeature(_ column: Int) throws(NetError) {
        guard let number = float(parsing: scanner.cell), number.isFinite else {
            let name = columns.shownName(column)
            guard !scanner.cell.isEmpty else {
                throw corrupt(
                    scanner.line, "\(name) is empty",
                    "give it a number, or leave out the row")
            }
            let isFirstRow = features.count < columns.count - 1
            throw corrupt(
                scanner.line, "\(name) has `\(shown(scanner.cell))`, not a finite number",
                isFirstRow ? "does the table have a header line?" : "correct the cell")
        }
        features.append(number)
    }

    private mutating func appendLabel() throws(NetError) {
        if let position = positions[scanner.cell] { return labels.append(position) }
        guard !scanner.cell.isEmpty else {
            throw corrupt(
                scanner.line, "the label is missing",
                "fill in \(columns.shownName(columns.label))")
        }
        guard let label = String(validating: scanner.cell, as: UTF8.self) else {
            throw corrupt(
                scanner.line, "the label `\(shown(scanner.cell))` is not UTF-8",
                "save the table as UTF-8")
        }
        guard distinctLabels.count < Self.classCountMaximum else {
            throw corrupt(
                scanner.line,
                "this is label number \(Self.classCountMaximum + 1) that differs "
                    + "from all others", "is \(columns.shownName(columns.label)) the label column?")
        }
        let position = Int32(distinctLabels.count)
        // The scanner's cell has room for the longest so far: a copy of its own has none.
        positions[scanner.cell.map(\.self)] = position
        labels.append(position)
        distinctLabels.append(label)
    }

    /// Turns positions into classes; what classes are called: as the first row of each has it.
    mutating func numberClasses() throws(NetError) -> [String] {
        let values = distinctLabels.compactMap { Double($0) }.filter(\.isFinite)
        let ranks =
            values.count == distinctLabels.count
            ? denseRanks(values, by: <)
            : denseRanks(distinctLabels) { left, right in
                left.utf8.lexicographicallyPrecedes(right.utf8)
            }
        let count = (ranks.max() ?? 0) + 1
        guard count > 1 else {
            throw corrupt(
                nil, "every row has the label `\(shown(Array(distinctLabels[0].utf8)))`",
                "a classifier needs two classes: is this the label column?")
        }
        for row in labels.indices { labels[row] = Int32(ranks[Int(labels[row])]) }
        var names = [String](repeating: "", count: count)
        for (position, rank) in ranks.enumerated().reversed() {
            names[rank] = distinctLabels[position]
        }
        return names
    }

    private func corrupt(_ line: Int?, _ problem: String, _ fix: String) -> NetError {
        .corrupt(path: path, line: line, problem: problem, fix: fix)
    }
}

/// The position of each element among the distinct ones in ascending order.
private func denseRanks<Element>(
    _ elements: [Element], by precedes: (Element, Element) -> Bool
) -> [Int] {
    let order = elements.indices.sorted { precedes(elements[$0], elements[$1]) }
    var ranks = [Int](repeating: 0, count: elements.count)
    for (before, after) in zip(order, order.dropFirst()) {
        ranks[after] = ranks[before] + (precedes(elements[before], elements[after]) ? 1 : 0)
    }
    return ranks
}
