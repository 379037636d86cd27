import HPCluster
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
        var summary = DataSummary(first, of: spec)
        summary.droppedComponents = data.map(\.droppedComponentCount).max() ?? 0
        return summary
    }
}

extension DataSummary {
    /// Says what is the same however the examples are prepared, and what that way leaves out.
    init(_ data: PreparedData, of spec: StudySpec) {
        let dataset = data.dataset
        var counts = [Int](repeating: 0, count: dataset.classCount)
        for label in dataset.labels { counts[Int(label)] += 1 }
        self.init(
            source: spec.data.path ?? dataset.name, digest: dataset.digest, rows: dataset.count,
            features: dataset.featureCount, inputs: data.inputCount,
            classes: counts.enumerated().map { number, count in
                Class(
                    name: dataset.classNames.isEmpty ? "\(number)" : dataset.classNames[number],
                    count: count)
            },
            table: dataset.table.map { table in
                Table(
                    separator: table.separator, hasHeader: table.hasHeader,
                    hasDecimalComma: table.hasDecimalComma, droppedRows: table.droppedRowCount,
                    filledValues: table.missingCounts.reduce(0, +))
            },
            droppedComponents: data.droppedComponentCount)
    }
}

extension TrialTraining {
    /// The line that describes the study's data; nil once their digest is pinned. It is the same
    /// whichever trial comes in first.
    var dataSummary: String? {
        guard order.dataDigest.isEmpty else { return nil }
        var summary = DataSummary(data, of: order.spec)
        if order.spec.possiblePreprocessing.count > 1 { summary.droppedComponents = 0 }
        return summary.text
    }
}
