/// How a table is written, found out from its first rows: what stands between cells, and whether
/// the first row names the columns.
struct TableFormat {
    static let comma = UInt8(ascii: ",")
    private static let separators = [comma, UInt8(ascii: ";"), UInt8(ascii: "\t")]

    let separator: UInt8
    let hasHeader: Bool
    /// Whether every row ends with a separator, after which nothing comes.
    let hasEmptyLastColumn: Bool
    /// For each column that was looked at, whether most of their cells are words.
    private let isWords: [Bool]

    /// Whether a comma may stand for a decimal point.
    var allowsDecimalComma: Bool { separator != Self.comma }

    /// Looks at the first rows, by each separator.
    ///
    /// The separator is the one that gives every row the same number of cells, at least two, and
    /// turns the most of them into numbers; of equals a comma, then a semicolon.
    ///
    /// - Throws: `NetError.corrupt` when the first row may be either a header or an example.
    init(of file: TableFile, _ options: TableOptions) throws(NetError) {
        let samples = Self.separators.map { TableSample(of: file, separator: $0) }
        var best = samples[0]
        for sample in samples.dropFirst() where sample.isLikelier(than: best) { best = sample }
        separator = best.separator
        hasEmptyLastColumn = best.hasEmptyLastColumn
        isWords = best.columns.map { $0.words > $0.numbers }
        if let header = options.header {
            hasHeader = header
        } else {
            hasHeader = try best.hasHeader(options, file.path)
        }
    }

    func isWords(_ column: Int) -> Bool { isWords.indices.contains(column) && isWords[column] }

    /// The name of the separator in messages.
    var separatorName: String {
        switch separator {
        case Self.comma: "comma"
        case UInt8(ascii: "\t"): "tab"
        default: "semicolon"
        }
    }

    /// Reads a number, with a decimal comma where the separator is none.
    func number(_ cell: [UInt8]) -> TableNumber? {
        if let number = TableNumber(cell) { return number }
        return allowsDecimalComma ? Self.numberWithComma(cell) : nil
    }

    /// Reads a number whose decimal point is a comma.
    static func numberWithComma(_ cell: [UInt8]) -> TableNumber? {
        guard cell.count <= 64, cell.count(where: { $0 == comma }) == 1,
            !cell.contains(UInt8(ascii: "."))
        else { return nil }
        return TableNumber(cell.map { $0 == comma ? UInt8(ascii: ".") : $0 })
    }
}

/// The first rows of a table, read by one separator.
private struct TableSample {
    enum Cell {
        case number
        case missing
        /// A name of something.
        case word
        /// A truth value, a date or the like: no number, and no name of a column.
        case value
    }

    /// The rows below the first one.
    struct Column {
        var numbers = 0
        var words = 0
    }

    private static let rowCountMaximum = 100
    private static let byteCountUsual = 256 * 1024
    private static let byteCountMaximum = 16 << 20
    private static let rowCountMinimum = 3

    let separator: UInt8
    private(set) var columns: [Column] = []
    private var first: [Cell] = []
    /// The beginnings of the first row's cells that matter to a message.
    private var firstTexts: [String] = []
    private var rowCount = 0
    /// Cells of the rows below the first; nil where they differ.
    private var width: Int?
    private var isRegular = true
    private var endsEmpty = true
    private var firstEndsEmpty = false
    private var numberCount = 0
    private var cellCount = 0

    /// A row that can't be read ends the sample: reading the table says why.
    init(of file: TableFile, separator: UInt8) {
        self.separator = separator
        guard
            var scanner = try? CSVScanner(
                file, separator: separator, byteMaximum: Self.byteCountMaximum)
        else { return }
        while rowCount < Self.rowCountMaximum,
            rowCount < Self.rowCountMinimum || scanner.byteCount <= Self.byteCountUsual
        {
            guard (try? readRow(&scanner)) == true else { break }
        }
    }

    private mutating func readRow(_ scanner: inout CSVScanner) throws(NetError) -> Bool {
        var endsEmpty = false
        let isFirst = rowCount == 0
        let count = try scanner.nextRow { column, cell in
            guard column < TableColumns.countMaximum else { return }
            endsEmpty = cell.isEmpty
            if isFirst { addFirst(cell) } else { add(Self.kind(cell), column) }
        }
        guard count > 0 else { return false }
        rowCount += 1
        if isFirst {
            firstEndsEmpty = endsEmpty
        } else {
            self.endsEmpty = self.endsEmpty && endsEmpty
            isRegular = isRegular && (width ?? count) == count
            width = width ?? count
        }
        return true
    }

    private mutating func addFirst(_ cell: [UInt8]) {
        let kind = Self.kind(cell)
        if firstTexts.count < TableColumns.nameCountMaximum { firstTexts.append(shown(cell)) }
        first.append(kind)
        count(kind)
    }

    private mutating func add(_ kind: Cell, _ column: Int) {
        if column >= columns.count { columns.append(Column()) }
        switch kind {
        case .number: columns[column].numbers += 1
        case .word, .value: columns[column].words += 1
        case .missing: break
        }
        count(kind)
    }

    private mutating func count(_ kind: Cell) {
        cellCount += 1
        if kind == .number { numberCount += 1 }
    }

    private static func kind(_ cell: [UInt8]) -> Cell {
        if MissingValues.isMissing(cell) { return .missing }
        let number = TableNumber(cell) ?? TableFormat.numberWithComma(cell)
        if number?.float.isFinite == true { return .number }
        let startsWithDigit =
            cell.first.map {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            } == true
        let word = String(decoding: cell.prefix(6), as: UTF8.self).lowercased()
        return startsWithDigit || ["true", "false"].contains(word) ? .value : .word
    }

    // MARK: - What it tells

    var hasEmptyLastColumn: Bool {
        guard let width, isRegular else {
            return rowCount == 1 && firstEndsEmpty && first.count > 2
        }
        guard endsEmpty, width > 2 else { return false }
        return first.count == width - 1 || (first.count == width && firstEndsEmpty)
    }

    private var isTable: Bool {
        guard rowCount > 0, isRegular else { return false }
        guard let width else { return first.count >= 2 }
        return width >= 2
            && (first.count == width || (first.count == width - 1 && hasEmptyLastColumn))
    }

    func isLikelier(than other: TableSample) -> Bool {
        guard isTable == other.isTable else { return isTable }
        guard isTable else { return first.count > other.first.count }
        return numberCount * other.cellCount > other.numberCount * cellCount
    }

    /// Whether the first row names the columns: columns are asked for by name, or it has words
    /// above columns of numbers and no number above one.
    func hasHeader(_ options: TableOptions, _ path: String) throws(NetError) -> Bool {
        if options.hasNames { return true }
        let numeric = first.indices.filter {
            columns.indices.contains($0) && columns[$0].numbers > 0 && columns[$0].words == 0
        }
        let word = numeric.first { first[$0] == .word }
        let number = numeric.first { first[$0] == .number }
        switch (word, number) {
        case (_?, nil): return true
        case (nil, _?): return false
        case (let word?, let number?):
            throw .corrupt(
                path: path, line: 1,
                problem: "the first row may name the columns or be an example: column \(word) has "
                    + "`\(text(word))` above numbers, column \(number) has the number "
                    + "`\(text(number))`",
                fix: "say `header: true` or `header: false`; a column of words is named under "
                    + "data.columns: `categorical`, or `drop` to leave it out")
        case (nil, nil): return try isHeaderAboveWords(options, path)
        }
    }

    private func text(_ column: Int) -> String {
        firstTexts.indices.contains(column) ? firstTexts[column] : "..."
    }

    /// Above words a name looks like any other word.
    private func isHeaderAboveWords(
        _ options: TableOptions, _ path: String
    ) throws(NetError) -> Bool {
        guard !first.contains(.number) else { return false }
        guard rowCount > 1, !options.categorical.isEmpty else { return true }
        throw .corrupt(
            path: path, line: 1,
            problem: "the first row may name the columns or be an example: no column is of numbers",
            fix: "say `header: true` or `header: false`")
    }
}

extension TableOptions {
    /// Whether a column is asked for by its name.
    fileprivate var hasNames: Bool {
        ([label] + dropped + categorical).contains { if case .name = $0 { true } else { false } }
    }
}
