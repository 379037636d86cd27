/// Which column of a table holds the class.
public enum LabelColumn: Sendable, Hashable {
    case name(String)
    /// From 0; negative counts from the end, so that -1 is the last column.
    case position(Int)
}

extension Dataset {
    /// A table of numbers with a class in one column: comma-separated, RFC 4180.
    ///
    /// Classes are numbered in the order of their labels: numbers by value, others as texts.
    ///
    /// - Parameter header: whether the first line names the columns.
    /// - Throws: `NetError.missing`, or `.corrupt` with the line.
    public static func csv(
        file: String, header: Bool, label: LabelColumn
    ) throws(NetError) -> Dataset {
        let bytes = try readFile(file, fix: "give the path of a table below the data root")
        var table = CSVTable(file: file)
        try table.read(bytes, header: header, label: label)
        let classes = try table.classes()
        return Dataset(
            name: "csv", features: .floats(table.features),
            labels: table.labels.map { Int32(classes[$0, default: 0]) },
            featureCount: table.columnCount - 1, classCount: classes.count)
    }
}

/// What a table's lines turn into.
private struct CSVTable {
    let file: String
    var features: [Float] = []
    var labels: [String] = []
    var columnCount = 0
    private var labelIndex = 0

    init(file: String) {
        self.file = file
    }

    mutating func read(
        _ bytes: [UInt8], header: Bool, label: LabelColumn
    ) throws(NetError) {
        var lines = CSVLines(bytes: bytes, file: file)
        var names: [String]?
        while let line = try lines.next() {
            if columnCount == 0 {
                columnCount = line.cells.count
                if header { names = line.cells }
                labelIndex = try index(of: label, names: names, line: line.number)
                if header { continue }
            }
            try append(line)
        }
        guard !labels.isEmpty else {
            throw corrupt(nil, "the table has no rows", "give it at least a row for each split")
        }
    }

    /// The number of each label, in the order of labels.
    func classes() throws(NetError) -> [String: Int] {
        let distinct = Array(Set(labels))
        guard distinct.count > 1 else {
            throw corrupt(
                nil, "every row has the label `\(labels[0])`",
                "a classifier needs two classes: is this the label column?")
        }
        let numbers = distinct.compactMap(Double.init)
        let sorted =
            numbers.count == distinct.count
            ? distinct.sorted { Double($0) ?? 0 < Double($1) ?? 0 } : distinct.sorted()
        var classes: [String: Int] = [:]
        for (number, label) in sorted.enumerated() { classes[label] = number }
        return classes
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
            if let index = names?.firstIndex(of: name) { return index }
            throw corrupt(
                line, "no column has the name `\(name)`",
                "the columns are \((names ?? []).prefix(20).joined(separator: ", "))")
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
                labels.append(cell)
                continue
            }
            guard let number = Float(cell), number.isFinite else {
                throw corrupt(
                    line.number, "column \(index) has `\(cell.prefix(40))`, not a number",
                    labels.isEmpty ? "does the table have a header line?" : "correct the cell")
            }
            features.append(number)
        }
    }

    private func corrupt(_ line: Int?, _ problem: String, _ fix: String) -> NetError {
        .corrupt(path: file, line: line, problem: problem, fix: fix)
    }
}

/// The lines of a comma-separated text, with quoted cells; blank lines are passed over.
private struct CSVLines {
    struct Line {
        var number: Int
        var cells: [String]
    }

    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var number = 0

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func next() throws(NetError) -> Line? {
        while position < bytes.count {
            number += 1
            let line = Line(number: number, cells: try cells())
            if line.cells != [""] { return line }
        }
        return nil
    }

    private mutating func cells() throws(NetError) -> [String] {
        var cells: [String] = []
        while true {
            cells.append(try cell())
            guard position < bytes.count else { return cells }
            let separator = bytes[position]
            position += 1
            if separator == UInt8(ascii: ",") { continue }
            if separator == UInt8(ascii: "\r"), position < bytes.count,
                bytes[position] == UInt8(ascii: "\n")
            {
                position += 1
            }
            return cells
        }
    }

    private mutating func cell() throws(NetError) -> String {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
            var end = position
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
        return try quotedCell()
    }

    private mutating func quotedCell() throws(NetError) -> String {
        let firstLine = number
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    skipBlanks()
                    guard position == bytes.count || isSeparator(bytes[position]) else {
                        throw .corrupt(
                            path: file, line: number, problem: "text follows a closing quote",
                            fix: "double the quotes inside a quoted cell")
                    }
                    return String(decoding: content, as: UTF8.self)
                }
                position += 1
            }
            if byte == UInt8(ascii: "\n") { number += 1 }
            content.append(byte)
        }
        throw .corrupt(
            path: file, line: firstLine, problem: "a quoted cell has no end",
            fix: "close the quote")
    }

    private mutating func skipBlanks() {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
