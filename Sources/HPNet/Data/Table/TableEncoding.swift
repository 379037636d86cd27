/// How the features of a table become numbers that a network reads: missing values are filled in,
/// and a feature of categories becomes one of 0 or 1 for each. Fitted on the training split only.
struct TableEncoding {
    /// Describes one number of an example.
    struct Input: Sendable, Hashable {
        /// The table's feature.
        var feature: Int
        /// The number of the category for which it is 1; nil for a number.
        var category: Int?
        /// The number for a missing value: the mean over the training split.
        var fill: Float = 0
        /// The number that is added to the stored one.
        var offset = 0.0
    }

    let inputs: [Input]

    /// Fits it.
    ///
    /// - Parameters:
    ///   - rows: the training split's.
    ///   - isCentered: whether means are subtracted next, so that numbers may stay differences.
    /// - Returns: nil where the features are what a network reads.
    init?(of dataset: Dataset, _ table: Table, _ rows: [UInt32], isCentered: Bool) {
        let restoresOffsets = !isCentered && !table.offsets.isEmpty
        guard !table.missingCounts.isEmpty || !table.categories.isEmpty || restoresOffsets else {
            return nil
        }
        let columns = (0..<dataset.featureCount).map {
            Column(of: dataset, table, feature: $0, rows: rows)
        }
        inputs = columns.enumerated().flatMap { feature, column -> [Input] in
            guard let categories = column.categories else {
                let offset = restoresOffsets ? table.offsets[feature] : 0
                return [Input(feature: feature, fill: Float(column.mean + offset), offset: offset)]
            }
            return categories.map {
                Input(feature: feature, category: $0.number, fill: Float($0.share))
            }
        }
    }

    /// More numbers are not made of a table: 4 GiB.
    private static let floatCountMaximum = 1 << 30

    /// Refuses a table of which too much would be made, or in which a mean is unknown.
    ///
    /// - Throws: `NetError.preprocessing`.
    static func require(
        _ dataset: Dataset, _ table: Table, rows: [UInt32]
    ) throws(NetError) {
        for feature in table.missingCounts.indices where table.missingCounts[feature] > 0 {
            let column = Column(of: dataset, table, feature: feature, rows: rows)
            guard column.count > 0 else {
                throw .preprocessing(
                    problem: "column \(table.columns[feature]) has no value in the training split, "
                        + "so that it has no mean",
                    fix: "drop the column under data.columns, or say `missing: drop`")
            }
        }
        let categoryCount = table.categories.map { max(1, $0.count) }.reduce(0, +)
        guard categoryCount <= floatCountMaximum / max(1, dataset.count) else {
            throw .preprocessing(
                problem: "\(dataset.count) rows with a number for each of \(categoryCount) "
                    + "categories are more than 4 GiB",
                fix: "drop columns of many categories under data.columns")
        }
    }

    /// All examples as a network reads them.
    func encode(_ dataset: Dataset) -> Dataset {
        guard case .floats(let stored) = dataset.features else { return dataset }
        let width = dataset.featureCount
        var encoded: [Float] = []
        encoded.reserveCapacity(dataset.count * inputs.count)
        for row in 0..<dataset.count {
            for input in inputs {
                encoded.append(input.value(of: stored[row * width + input.feature]))
            }
        }
        return Dataset(
            name: dataset.name, features: .floats(encoded), labels: dataset.labels,
            featureCount: inputs.count, classCount: dataset.classCount,
            classNames: dataset.classNames, table: nil, digest: dataset.digest)
    }
}

extension TableEncoding.Input {
    func value(of stored: Float) -> Float {
        guard !stored.isNaN else { return fill }
        if let category { return Int(stored) == category ? 1 : 0 }
        return offset == 0 ? stored : Float(Double(stored) + offset)
    }
}

/// A feature over the training split.
private struct Column {
    /// Rows that have a value.
    var count = 0
    /// The mean of the numbers; 0 for categories.
    var mean = 0.0
    /// Categories that occur, ascending, each with the share of the rows with a value; nil for
    /// numbers.
    var categories: [(number: Int, share: Double)]?

    init(of dataset: Dataset, _ table: Table, feature: Int, rows: [UInt32]) {
        guard case .floats(let stored) = dataset.features else { return }
        let values = rows.lazy.map { stored[Int($0) * dataset.featureCount + feature] }
            .filter { !$0.isNaN }
        let names = table.categories.isEmpty ? [] : table.categories[feature]
        var counts = [Int](repeating: 0, count: names.count)
        var sum = 0.0
        for value in values {
            count += 1
            if names.isEmpty { sum += Double(value) } else { counts[Int(value)] += 1 }
        }
        guard count > 0 else {
            categories = names.isEmpty ? nil : []
            return
        }
        guard !names.isEmpty else {
            mean = sum / Double(count)
            return
        }
        categories = counts.indices.filter { counts[$0] > 0 }.map {
            ($0, Double(counts[$0]) / Double(count))
        }
    }
}
