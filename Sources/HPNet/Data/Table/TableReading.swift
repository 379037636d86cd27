/// Turns a table's rows into features and labels.
struct TableReading {
    private static let classCountMaximum = 65_536
    private static let categoryCountMaximum = 1000

    private let path: String
    private let format: TableFormat
    private let columns: TableColumns
    private let options: TableOptions
    /// Subtracted from each feature before it is rounded; empty for nothing.
    private let subtracted: [Double]

    /// Row-major, without the columns that are no features.
    private var features: [Float] = []
    /// Each row's label: its position among the words, then its class.
    private var labels: [Int32] = []
    private var classes = Vocabulary()
    /// One entry for each feature that is one of categories.
    private var categories: [Vocabulary]
    private var ranges: [FeatureRange]
    private var missingCounts: [Int]
    private var wideRows = WideRows()
    private var droppedRowCount = 0
    /// The first line with a decimal point, and with a decimal comma.
    private var pointLine: Int?
    private var commaLine: Int?

    private var row = Row()

    /// Holds what is known of the row that is read.
    private struct Row {
        var line = 0
        /// The next feature.
        var feature = 0
        var label: Int32?
        var hasMissing = false
        var wideKey: UInt64 = 0
        /// The problem of its label, and with the first feature that is wrong.
        var labelProblem: NetError?
        var problem: NetError?
    }

    /// - Parameters:
    ///   - rowMaximum: room is taken for that many, so that nothing is ever moved.
    ///   - offsets: subtracted from each feature; empty for nothing.
    init(
        path: String, _ format: TableFormat, _ columns: TableColumns, _ options: TableOptions,
        rowMaximum: Int, offsets: [Double] = []
    ) {
        self.path = path
        self.format = format
        self.columns = columns
        self.options = options
        subtracted = offsets
        let count = columns.features.count
        categories = options.categorical.isEmpty ? [] : .init(repeating: .init(), count: count)
        ranges = .init(repeating: FeatureRange(), count: count)
        missingCounts = options.missing == .mean ? .init(repeating: 0, count: count) : []
        features.reserveCapacity(rowMaximum * count)
        labels.reserveCapacity(rowMaximum)
    }

    mutating func read(_ file: TableFile) throws(NetError) {
        var scanner = try CSVScanner(file, separator: format.separator)
        if format.hasHeader { _ = try scanner.nextRow { _, _ in } }
        while try readRow(&scanner) {}
        guard !labels.isEmpty else {
            throw corrupt(
                nil,
                droppedRowCount > 0
                    ? "each of its \(droppedRowCount) rows has a missing value"
                    : "the table has no rows", "give it at least a row for each split")
        }
    }

    private mutating func readRow(_ scanner: inout CSVScanner) throws(NetError) -> Bool {
        row = Row()
        var column = 0
        while let end = try nextCell(&scanner) {
            if column == 0 {
                if end == .line, scanner.cell.isEmpty { continue }
                row.line = scanner.line
            }
            take(scanner.cell, column, scanner.line)
            column += 1
            guard end == .line else { continue }
            try endRow(cellCount: column)
            return true
        }
        return false
    }

    /// Where a row can't be read to its end, what was wrong before is said.
    private func nextCell(
        _ scanner: inout CSVScanner
    ) throws(NetError) -> CSVScanner.End? {
        do throws(NetError) {
            return try scanner.next()
        } catch {
            throw row.labelProblem ?? row.problem ?? error
        }
    }

    private mutating func take(_ cell: [UInt8], _ column: Int, _ line: Int) {
        guard column < columns.count else {
            if !cell.isEmpty, row.problem == nil, column < columns.cellCount {
                row.problem = corrupt(
                    line,
                    "the row has `\(shown(cell))` in its last column, which is empty in the "
                        + "first rows", "give the column a cell in every row, or in none")
            }
            return
        }
        switch columns.roles[column] {
        case .number: takeNumber(cell, column, line)
        case .category: takeCategory(cell, column, line)
        case .label: takeLabel(cell, line)
        case .dropped: break
        }
    }

    /// Where cells are missing others are in the wrong columns: that is said first.
    private mutating func endRow(cellCount: Int) throws(NetError) {
        guard cellCount == columns.cellCount else {
            throw corrupt(
                row.line, "the row has \(cellCount) cells, the first had \(columns.cellCount)",
                "give every row the same number")
        }
        if let problem = row.labelProblem ?? row.problem { throw problem }
        let isDropped = row.label == nil || (row.hasMissing && options.missing == .drop)
        guard let label = row.label, !isDropped else {
            return dropRow()
        }
        wideRows.append(row: labels.count, key: row.wideKey)
        labels.append(label)
    }

    private mutating func dropRow() {
        if row.hasMissing, options.missing == .mean {
            for (feature, number) in features.suffix(row.feature).enumerated() where number.isNaN {
                missingCounts[feature] -= 1
            }
        }
        features.removeLast(row.feature)
        droppedRowCount += 1
    }

    // MARK: - Cells

    private mutating func takeNumber(_ cell: [UInt8], _ column: Int, _ line: Int) {
        let feature = row.feature
        row.feature += 1
        guard let number = format.number(cell), number.float.isFinite else {
            guard MissingValues.isMissing(cell) else {
                features.append(0)
                if row.problem == nil { row.problem = notNumber(cell, column, line) }
                return
            }
            return takeMissing(cell, feature, column, line)
        }
        if format.allowsDecimalComma { follow(cell, column, line) }
        ranges[feature].include(number)
        if number.isWide { row.wideKey = WideRows.key(row.wideKey, column, number.double) }
        guard !subtracted.isEmpty, subtracted[feature] != 0 else {
            return features.append(number.float)
        }
        features.append(Float(number.double - subtracted[feature]))
    }

    private mutating func takeMissing(
        _ cell: [UInt8], _ feature: Int, _ column: Int, _ line: Int
    ) {
        features.append(.nan)
        row.hasMissing = true
        switch options.missing {
        case .drop: break
        case .mean: missingCounts[feature] += 1
        case .error:
            guard row.problem == nil else { return }
            let name = columns.shownName(column)
            row.problem = corrupt(
                line, cell.isEmpty ? "\(name) is empty" : "\(name) has `\(shown(cell))`: no value",
                "give it one, or say under data `missing: drop` to leave out such rows, or "
                    + "`missing: mean` to fill in the column's mean")
        }
    }

    private mutating func takeCategory(_ cell: [UInt8], _ column: Int, _ line: Int) {
        let feature = row.feature
        row.feature += 1
        if let position = categories[feature].position(of: cell) {
            return features.append(Float(position))
        }
        guard !MissingValues.isMissing(cell) else {
            return takeMissing(cell, feature, column, line)
        }
        guard categories[feature].words.count < Self.categoryCountMaximum else {
            features.append(0)
            if row.problem == nil {
                row.problem = corrupt(
                    line,
                    "this is category number \(Self.categoryCountMaximum + 1) of "
                        + columns.shownName(column),
                    "a column that names its rows is none of categories: drop it")
            }
            return
        }
        guard let position = categories[feature].add(cell) else {
            features.append(0)
            if row.problem == nil {
                row.problem = notText("the category", cell, line)
            }
            return
        }
        features.append(Float(position))
    }

    private mutating func takeLabel(_ cell: [UInt8], _ line: Int) {
        if let position = classes.position(of: cell) {
            row.label = position
            return
        }
        let name = columns.shownName(columns.label)
        guard !MissingValues.isMissing(cell) else {
            guard options.missing == .error else { return }
            row.labelProblem = corrupt(
                line,
                "the label is missing: \(name) "
                    + (cell.isEmpty ? "is empty" : "has `\(shown(cell))`"),
                "fill it in, with another word if it is a class, or leave out such rows by "
                    + "`missing: drop` under data")
            return
        }
        guard classes.words.count < Self.classCountMaximum else {
            row.labelProblem = corrupt(
                line,
                "this is label number \(Self.classCountMaximum + 1) that differs from all others",
                "is \(name) the label column?")
            return
        }
        row.label = classes.add(cell)
        if row.label == nil { row.labelProblem = notText("the label", cell, line) }
    }

    /// A table has decimal points or decimal commas: with both a comma may part thousands.
    private mutating func follow(_ cell: [UInt8], _ column: Int, _ line: Int) {
        if cell.contains(UInt8(ascii: ".")) {
            pointLine = pointLine ?? line
        } else if cell.contains(TableFormat.comma) {
            commaLine = commaLine ?? line
        }
        guard let pointLine, let commaLine, row.problem == nil else { return }
        row.problem = corrupt(
            line,
            "\(columns.shownName(column)) has `\(shown(cell))`: there are decimal points "
                + "(line \(pointLine)) and decimal commas (line \(commaLine))",
            "write all numbers in one way, without marks between thousands")
    }

    // MARK: - What is wrong

    private func notNumber(_ cell: [UInt8], _ column: Int, _ line: Int) -> NetError {
        let name = columns.shownName(column)
        let text = "`\(shown(cell))`"
        if TableFormat.numberWithComma(cell) != nil {
            return corrupt(
                line, "\(name) has \(text), a number with a decimal comma, where commas part cells",
                "write it with a point, or part cells by semicolons")
        }
        if format.number(cell) != nil {
            return corrupt(line, "\(name) has \(text), not a finite number", "correct the cell")
        }
        let isFirst = labels.isEmpty && droppedRowCount == 0
        let header =
            isFirst && options.header == false ? "; or is this a header (`header: true`)?" : ""
        let columns = "under data.columns: `categorical` for words, `drop` to leave it out"
        return format.isWords(column)
            ? corrupt(
                line, "\(name) has \(text): the column isn't numbers", "name it \(columns)\(header)"
            )
            : corrupt(
                line, "\(name) has \(text), not a number",
                "correct the cell, or name the column \(columns)\(header)")
    }

    private func notText(_ what: String, _ cell: [UInt8], _ line: Int) -> NetError {
        corrupt(line, "\(what) `\(shown(cell))` is not UTF-8", "save the table as UTF-8")
    }

    private func corrupt(_ line: Int?, _ problem: String, _ fix: String) -> NetError {
        .corrupt(path: path, line: line, problem: problem, fix: fix)
    }
}

// MARK: - What comes of it

extension TableReading {
    /// The number to subtract from each feature before it is rounded, so that single precision
    /// has room for differences; empty where nothing is.
    var offsets: [Double] {
        let offsets = ranges.map(\.offset)
        return offsets.contains { $0 != 0 } ? offsets : []
    }

    /// - Throws: `NetError.corrupt` when the labels are no classes.
    mutating func dataset() throws(NetError) -> Dataset {
        let classNames = try numberClasses()
        let categories = numberCategories()
        let table = Table(
            separator: format.separatorName, hasHeader: format.hasHeader,
            hasDecimalComma: commaLine != nil, label: columns.label,
            columns: columns.features, names: columns.names,
            droppedRowCount: droppedRowCount,
            missingCounts: missingCounts.contains { $0 > 0 } ? missingCounts : [],
            categories: categories, offsets: subtracted, wideRows: wideRows)
        return Dataset(
            name: "csv", features: .floats(features), labels: labels,
            featureCount: columns.features.count, classCount: classNames.count,
            classNames: classNames, table: table)
    }

    /// Turns positions into classes; returns what classes are called.
    private mutating func numberClasses() throws(NetError) -> [String] {
        var used = [Bool](repeating: false, count: classes.words.count)
        for label in labels { used[Int(label)] = true }
        let ranking = classes.ranked(format, used: used)
        guard ranking.names.count > 1 else {
            throw corrupt(
                nil, "every row has the label `\(shown(Array(ranking.names[0].utf8)))`",
                "a classifier needs two classes: is this the label column?")
        }
        try requireClasses(ranking)
        for row in labels.indices { labels[row] = ranking.ranks[Int(labels[row])] }
        return ranking.names
    }

    private static let measurementCountMinimum = 21

    /// Refuses numbers of which there are too many to be classes.
    private func requireClasses(_ ranking: Vocabulary.Ranking) throws(NetError) {
        let names = ranking.names
        guard names.count >= Self.measurementCountMinimum, let values = ranking.values else {
            return
        }
        let haveFractions = values.contains { $0 != $0.rounded() }
        guard haveFractions || labels.count < 2 * names.count else { return }
        throw corrupt(
            nil,
            "the label, \(columns.shownName(columns.label)), is a measurement: "
                + "\(labels.count) rows have \(names.count) different numbers, such as "
                + "\(names.prefix(3).joined(separator: ", "))",
            "choose a column of classes, or turn the numbers into classes")
    }

    /// Turns positions into numbers of categories; returns what those are called.
    private mutating func numberCategories() -> [[String]] {
        guard !categories.isEmpty else { return [] }
        return categories.indices.map { feature in
            columns.roles[columns.features[feature]] == .category
                ? numberCategories(of: feature) : []
        }
    }

    private mutating func numberCategories(of feature: Int) -> [String] {
        let rows = stride(from: feature, to: features.count, by: columns.features.count)
        var used = [Bool](repeating: false, count: categories[feature].words.count)
        for index in rows where !features[index].isNaN { used[Int(features[index])] = true }
        let ranking = categories[feature].ranked(format, used: used)
        for index in rows where !features[index].isNaN {
            features[index] = Float(ranking.ranks[Int(features[index])])
        }
        return ranking.names
    }
}

/// The range of a feature's numbers, and whether single precision holds them.
private struct FeatureRange {
    /// Numbers that are farther from 0 than from each other by this factor keep less than 16 of
    /// the 24 bits of single precision for their differences.
    private static let distanceMaximum = 256.0

    private var low = Double.infinity
    private var high = -Double.infinity
    private var isRounded = false

    mutating func include(_ number: TableNumber) {
        low = min(low, number.double)
        high = max(high, number.double)
        if Double(number.float) != number.double { isRounded = true }
    }

    /// The middle of the range where differences from it are worth storing; else 0.
    var offset: Double {
        guard isRounded, high > low,
            max(low.magnitude, high.magnitude) > Self.distanceMaximum * (high - low)
        else { return 0 }
        return low + (high - low) / 2
    }
}
