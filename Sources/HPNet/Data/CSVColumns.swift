/// How many columns a table has and which holds the label, by its first line.
struct CSVColumns {
    let count: Int
    /// From 0.
    let label: Int
    /// Those of a header's first columns, for messages.
    private let names: [String]

    /// - Throws: `NetError.corrupt` when the table has no such column, or is none.
    init(of file: SequentialFile, header: Bool, label: LabelColumn) throws(NetError) {
        var scanner = try CSVScanner(file)
        var line = FirstLine(wanted: label)
        count = try scanner.nextRow { column, cell in line.append(cell, column) }
        guard count > 0 else {
            throw .corrupt(
                path: file.path, line: nil, problem: "the table has no rows",
                fix: "give it at least a row for each split")
        }
        names = header ? line.names : []
        do throws(ColumnProblem) {
            self.label = try line.label(among: count, header: header)
        } catch {
            throw .corrupt(
                path: file.path, line: scanner.rowLine, problem: error.problem, fix: error.fix)
        }
    }

    /// What a message calls a column: its position, from 0 as in the spec, and its name.
    func shownName(_ column: Int) -> String {
        names.indices.contains(column)
            ? "column \(column) (`\(names[column])`)" : "column \(column)"
    }

    /// More rows than this the file can't have: by its ends of lines, and by its bytes, of which
    /// each cell takes two with its separator.
    func rowMaximum(of file: SequentialFile) throws(NetError) -> Int {
        try file.rewind()
        var endCount = 0
        while true {
            let bytes = try file.read(upTo: 256 * 1024)
            if bytes.isEmpty { break }
            bytes.withUnsafeBufferPointer { bytes in
                for byte in bytes where byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    endCount += 1
                }
            }
        }
        return min(endCount + 1, file.byteCount / (2 * count) + 1)
    }
}

private struct ColumnProblem: Error {
    var problem: String
    var fix: String
}

/// What is kept of a table's first line.
private struct FirstLine {
    private static let shownCountMaximum = 20

    let wanted: LabelColumn
    private(set) var names: [String] = []
    private var matches: [Int] = []

    init(wanted: LabelColumn) {
        self.wanted = wanted
    }

    mutating func append(_ cell: [UInt8], _ column: Int) {
        if names.count < Self.shownCountMaximum { names.append(shown(cell)) }
        guard case .name(let name) = wanted, matches.count < 2, cell.elementsEqual(name.utf8) else {
            return
        }
        matches.append(column)
    }

    func label(among count: Int, header: Bool) throws(ColumnProblem) -> Int {
        guard count >= 2 else {
            throw ColumnProblem(
                problem: "the table has one column",
                fix: "it needs features and a label, comma-separated")
        }
        switch wanted {
        case .name(let name):
            guard header else {
                throw ColumnProblem(
                    problem: "the label is column `\(name)`, but there is no header line",
                    fix: "give the label's position, or `header: true` if there is one")
            }
            return try match(name)
        case .position(let position):
            let index = position < 0 ? count + position : position
            guard (0..<count).contains(index) else {
                throw ColumnProblem(
                    problem: "there is no column \(position)",
                    fix: "the table has the columns 0 to \(count - 1)")
            }
            return index
        }
    }

    private func match(_ name: String) throws(ColumnProblem) -> Int {
        guard let first = matches.first else {
            throw ColumnProblem(
                problem: "no column has the name `\(name)`",
                fix: "the columns are \(names.joined(separator: ", "))")
        }
        guard matches.count == 1 else {
            throw ColumnProblem(
                problem: "the columns \(first) and \(matches[1]) both have the name `\(name)`",
                fix: "give the label's position")
        }
        return first
    }
}

/// The beginning of a cell as it may stand in a message of one line.
func shown(_ cell: [UInt8]) -> String {
    let text = String(decoding: cell.prefix(160), as: UTF8.self)
    return String(
        text.prefix(40).map { character in
            let isControl = character.unicodeScalars.contains { scalar in
                scalar.properties.generalCategory == .control
                    || ["\u{2028}", "\u{2029}"].contains(scalar)
            }
            return isControl ? "\u{FFFD}" : character
        })
}
