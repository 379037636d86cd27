package import HPNet
package import HPSearch

extension DataLoader {
    /// Says what the study's data were understood to be.
    ///
    /// - Throws: `NetError` when the data is missing, damaged or too small.
    package func summary(of spec: StudySpec) throws(NetError) -> DataSummary {
        var data: [PreparedData] = []
        for steps in spec.possiblePreprocessing {
            data.append(try load(spec, preprocessing: steps))
        }
        guard let first = data.first else {
            preconditionFailure("a spec prepares its examples in one way at least")
        }
        let dataset = first.dataset
        var counts = [Int](repeating: 0, count: dataset.classCount)
        for label in dataset.labels { counts[Int(label)] += 1 }
        return DataSummary(
            source: spec.data.path ?? dataset.name, digest: dataset.digest, rows: dataset.count,
            features: dataset.featureCount, inputs: first.inputCount,
            classes: counts.enumerated().map { number, count in
                DataSummary.Class(
                    name: dataset.classNames.isEmpty ? "\(number)" : dataset.classNames[number],
                    count: count)
            },
            table: dataset.table.map { table in
                DataSummary.Table(
                    separator: table.separator, hasHeader: table.hasHeader,
                    hasDecimalComma: table.hasDecimalComma, droppedRows: table.droppedRowCount,
                    filledValues: table.missingCounts.reduce(0, +))
            },
            droppedComponents: data.map(\.droppedComponentCount).max() ?? 0)
    }
}
