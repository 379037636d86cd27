import HPMath

/// Says what the columns of a table are for, by its first row.
struct TableColumns {
    /// More make no example that a network reads; memory is taken for each.
    static let countMaximum = 1 << 18
    /// Names of further columns are not kept for messages.
    static let nameCountMaximum = 1000

    enum Role: UInt8 {
        case number
        case category
        case label
        case dropped
    }

    /// One entry for each column.
    let roles: [Role]
    /// Counted from 0.
    let label: Int
    /// Columns that are features, ascending.
    let features: [Int]
    /// Those of a header's first columns, for messages.
    let names: [String]
    /// Whether cells that are looked for in vain stand behind the last column.
    private let hasEmptyLastColumn: Bool

    /// How many there are, without one that is empty throughout.
    var count: Int { roles.count }
    /// Cells of a row.
    var cellCount: Int { count + (hasEmptyLastColumn ? 1 : 0) }

    /// - Throws: `NetError.corrupt` when the table has no such columns, or is none.
    init(
        of file: TableFile, _ format: TableFormat, _ options: TableOptions
    ) throws(NetError) {
        var scanner = try CSVScanner(file, separator: format.separator)
        var line = FirstRow(options)
        var count = try scanner.nextRow { column, cell in line.append(cell, column) }
        hasEmptyLastColumn = format.hasEmptyLastColumn
        // A header may go without the separator that ends all other rows.
        if hasEmptyLastColumn, line.endsEmpty { count -= 1 }
        guard count > 0 else {
            throw .corrupt(
                path: file.path, line: nil, problem: "the table has no rows",
                fix: "give it at least a row for each split")
        }
        names = format.hasHeader ? Array(line.names.prefix(count)) : []
        do throws(ColumnProblem) {
            guard (2...Self.countMaximum).contains(count) else { throw .count(count) }
            let roles = try line.roles(among: count, hasHeader: format.hasHeader)
            self.roles = roles
            label = roles.firstIndex(of: .label) ?? 0
            features = roles.indices.filter { roles[$0] == .number || roles[$0] == .category }
        } catch {
            throw .corrupt(
                path: file.path, line: scanner.rowLine, problem: error.problem, fix: error.fix)
        }
    }

    /// The name of a column in messages: its position, from 0 as in the spec, and its name.
    func shownName(_ column: Int) -> String {
        names.indices.contains(column)
            ? "column \(column) (`\(names[column])`)" : "column \(column)"
    }
}

private struct ColumnProblem: Error {
    var problem: String
    var fix: String

    static func count(_ count: Int) -> ColumnProblem {
        count < 2
            ? ColumnProblem(
                problem: "the table has one column",
                fix: "it needs features and a label, separated by commas, semicolons or tabs")
            : ColumnProblem(
                problem: "the table has more than \(TableColumns.countMaximum) columns",
                fix: "are its lines separated?")
    }
}

/// Holds what is kept of a table's first row.
private struct FirstRow {
    private static let shownCountMaximum = 20

    private let options: TableOptions
    private(set) var names: [String] = []
    private(set) var endsEmpty = false
    /// For each name that is asked for, the first columns that have it.
    private var matches: [String: [Int]] = [:]

    init(_ options: TableOptions) {
        self.options = options
        for case .name(let name) in [options.label] + options.dropped + options.categorical {
            matches[name] = []
        }
    }

    mutating func append(_ cell: [UInt8], _ column: Int) {
        endsEmpty = cell.isEmpty
        if names.count < TableColumns.nameCountMaximum { names.append(shown(cell)) }
        guard !matches.isEmpty else { return }
        // Texts are equal whether an accent is part of its letter or follows it.
        let text = String(decoding: cell, as: UTF8.self)
        guard let known = matches[text], known.count < 2 else { return }
        matches[text] = known + [column]
    }

    func roles(among count: Int, hasHeader: Bool) throws(ColumnProblem) -> [TableColumns.Role] {
        let label = try index(of: options.label, nil, count, hasHeader)
        var roles = [TableColumns.Role](repeating: .number, count: count)
        roles[label] = .label
        for column in options.dropped {
            try assign(.dropped, to: column, "columns.drop", &roles, hasHeader)
        }
        for column in options.categorical {
            try assign(.category, to: column, "columns.categorical", &roles, hasHeader)
        }
        guard roles.contains(where: { $0 == .number || $0 == .category }) else {
            throw ColumnProblem(
                problem: "no column is left for a feature", fix: "drop fewer columns")
        }
        return roles
    }

    private func assign(
        _ role: TableColumns.Role, to column: TableColumn, _ key: String,
        _ roles: inout [TableColumns.Role], _ hasHeader: Bool
    ) throws(ColumnProblem) {
        let index = try index(of: column, key, roles.count, hasHeader)
        guard roles[index] == .number else {
            let what = roles[index] == .label ? "is the label" : "is named before"
            throw ColumnProblem(
                problem: "`\(key)` has column \(index), which \(what)", fix: "name it once")
        }
        roles[index] = role
    }

    /// - Parameter key: what asks for the column; nil for the label.
    private func index(
        of column: TableColumn, _ key: String?, _ count: Int, _ hasHeader: Bool
    ) throws(ColumnProblem) -> Int {
        let start = key.map { "`\($0)`: " } ?? ""
        switch column {
        case .name(let name):
            guard hasHeader else {
                throw ColumnProblem(
                    problem:
                        "\(start)\(key == nil ? "the label is " : "")column `\(shownText(name))`, "
                        + "but there is no header line",
                    fix: "give its position, or `header: true` if there is one")
            }
            return try match(name, start)
        case .position(let position):
            let index = position < 0 ? count + position : position
            guard (0..<count).contains(index) else {
                throw ColumnProblem(
                    problem: "\(start)there is no column \(position)",
                    fix: "the table has the columns 0 to \(count - 1)")
            }
            return index
        }
    }

    private func match(_ name: String, _ start: String) throws(ColumnProblem) -> Int {
        let found = matches[name] ?? []
        guard let first = found.first else {
            let near = nearestName(to: name).map { "did you mean `\($0)`? " } ?? ""
            let list = names.prefix(Self.shownCountMaximum).joined(separator: ", ")
            throw ColumnProblem(
                problem: "\(start)no column has the name `\(shownText(name))`",
                fix: "\(near)the columns are \(list)"
                    + (names.count > Self.shownCountMaximum ? ", ..." : ""))
        }
        guard found.count == 1 else {
            throw ColumnProblem(
                problem: "\(start)the columns \(first) and \(found[1]) both have the name "
                    + "`\(shownText(name))`",
                fix: start.isEmpty ? "give the label's position" : "give its position")
        }
        return first
    }

    /// The name that a mistyped one was most likely meant to be.
    private func nearestName(to name: String) -> String? {
        let typed = Array(name.lowercased().prefix(40))
        let distances = names.map { name in
            (name: name, distance: editDistance(typed, Array(name.lowercased())))
        }
        guard let best = distances.min(by: { $0.distance < $1.distance }),
            best.distance <= max(typed.count / 3, typed.count > 1 ? 1 : 0)
        else { return nil }
        return best.name
    }

    private func shownText(_ text: String) -> String { shown(Array(text.utf8)) }
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
