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
    /// - Parameter header: whether the first line names the columns.
    /// - Throws: `NetError.missing`, or `.corrupt` with the line.
    public static func csv(
        file: String, header: Bool, label: LabelColumn
    ) throws(NetError) -> Dataset {
        let content = try readFile(file, fix: "give the path of a table below the data root")
        var table = CSVTable(file: file)
        try table.read([UInt8](content), header: header, label: label)
        let classes = try table.classes()
        return Dataset(
            name: "csv", features: .floats(table.features), labels: classes.labels,
            featureCount: table.columnCount - 1, classCount: classes.names.count,
            classNames: classes.names)
    }
}

/// What a table's lines turn into.
private struct CSVTable {
    let file: String
    /// Row-major, without the label column.
    var features: [Float] = []
    var columnCount = 0
    private var labelIndex = 0
    /// The labels that occur, in the order of their first rows.
    private var distinctLabels: [String] = []
    private var positions: [String: Int] = [:]
    /// Each row's position in `distinctLabels`.
    private var rowLabels: [Int] = []

    init(file: String) {
        self.file = file
    }

    mutating func read(
        _ bytes: [UInt8], header: Bool, label: LabelColumn
    ) throws(NetError) {
        var lines = CSVLines(bytes: bytes, file: file)
        while let line = try lines.next() {
            if columnCount == 0 {
                columnCount = line.cells.count
                labelIndex = try index(
                    of: label, names: header ? line.cells : nil, line: line.number)
                if header { continue }
            }
            try append(line)
        }
        guard !rowLabels.isEmpty else {
            throw corrupt(nil, "the table has no rows", "give it at least a row for each split")
        }
    }

    /// Each row's class, and what classes are called: as the first row of each has it.
    func classes() throws(NetError) -> (labels: [Int32], names: [String]) {
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
                nil, "every row has the label `\(distinctLabels[0])`",
                "a classifier needs two classes: is this the label column?")
        }
        var names = [String](repeating: "", count: count)
        for (position, rank) in ranks.enumerated().reversed() {
            names[rank] = distinctLabels[position]
        }
        return (rowLabels.map { Int32(ranks[$0]) }, names)
    }

    private func index(
        of label: LabelColumn, names: [String]?, line: Int
    ) throws(NetError) -> Int {
        guard columnCount >= 2 else {
            throw corrupt(
                line, "the table has one column", "it needs features and a label, comma-separated")
        }
        switch label {
        case .name(let name):
            guard let names else {
                throw corrupt(
                    line, "the label is column `\(name)`, but there is no header line",
                    "give the label's position, or `header: true` if there is one")
            }
            if let index = names.firstIndex(of: name) { return index }
            throw corrupt(
                line, "no column has the name `\(name)`",
                "the columns are \(names.prefix(20).joined(separator: ", "))")
        case .position(let position):
            let index = position < 0 ? columnCount + position : position
            guard (0..<columnCount).contains(index) else {
                throw corrupt(
                    line, "there is no column \(position)",
                    "the table has the columns 0 to \(columnCount - 1)")
            }
            return index
        }
    }

    private mutating func append(_ line: CSVLines.Line) throws(NetError) {
        guard line.cells.count == columnCount else {
            throw corrupt(
                line.number, "the row has \(line.cells.count) cells, the first had \(columnCount)",
                "give every row the same number")
        }
        for (index, cell) in line.cells.enumerated() {
            if index == labelIndex {
                guard !cell.isEmpty else {
                    throw corrupt(line.number, "the label is missing", "fill in column \(index)")
                }
                appendLabel(cell)
                continue
            }
            guard let number = Float(cell), number.isFinite else {
                let isFirstRow = features.count < columnCount - 1
                throw corrupt(
                    line.number, "column \(index) has `\(cell.prefix(40))`, not a finite number",
                    isFirstRow ? "does the table have a header line?" : "correct the cell")
            }
            features.append(number)
        }
    }

    private mutating func appendLabel(_ label: String) {
        if let position = positions[label] { return rowLabels.append(position) }
        positions[label] = distinctLabels.count
        rowLabels.append(distinctLabels.count)
        distinctLabels.append(label)
    }

    private func corrupt(_ line: Int?, _ problem: String, _ fix: String) -> NetError {
        .corrupt(path: file, line: line, problem: problem, fix: fix)
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
