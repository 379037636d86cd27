/// What can be said of a split before anything is trained: how the classes are balanced, and
/// whether validation examples are among those for training.
public struct DataPreview: Sendable, Hashable {
    /// Training examples of each class.
    public var classCounts: [Int]
    /// Validation examples whose features are those of a training example, as they were read: what
    /// is learned by heart there is no evidence.
    public var repeatedValidationCount: Int

    /// Looks at every example of the split.
    public init(of data: PreparedData) {
        let dataset = data.dataset
        var counts = [Int](repeating: 0, count: dataset.classCount)
        for row in data.split.training { counts[Int(dataset.labels[Int(row)])] += 1 }
        classCounts = counts
        repeatedValidationCount =
            switch dataset.features {
            case .bytes(let bytes, _): bytes.withUnsafeBytes { Self.repeated($0, data) }
            case .floats(let floats): floats.withUnsafeBytes { Self.repeated($0, data) }
            }
    }

    /// The share of the training split that the commonest class has: what always naming it gives.
    public var commonestShare: Double {
        Double(classCounts.max() ?? 0) / Double(max(1, classCounts.reduce(0, +)))
    }

    /// The share of the rarest class.
    public var rarestShare: Double {
        Double(classCounts.min() ?? 0) / Double(max(1, classCounts.reduce(0, +)))
    }

    private static func repeated(_ features: UnsafeRawBufferPointer, _ data: PreparedData) -> Int {
        let width = features.count / max(1, data.dataset.count)
        func row(_ number: UInt32) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(
                rebasing: features[Int(number) * width..<(Int(number) + 1) * width])
        }
        // Numbers that only their rounding makes equal are different ones.
        let wideRows = data.dataset.table?.wideRows
        func isSame(_ number: UInt32, _ other: UInt32) -> Bool {
            row(number).elementsEqual(row(other))
                && wideRows?.key(of: number) == wideRows?.key(of: other)
        }
        func key(_ number: UInt32) -> Int {
            var hasher = Hasher()
            hasher.combine(bytes: row(number))
            hasher.combine(wideRows?.key(of: number) ?? 0)
            return hasher.finalize()
        }
        // Keys differ from process to process, what is counted doesn't: rows that are equal.
        var waiting: [Int: [UInt32]] = [:]
        for number in data.split.validation { waiting[key(number), default: []].append(number) }
        var count = 0
        for number in data.split.training {
            let key = key(number)
            guard let candidates = waiting[key] else { continue }
            let others = candidates.filter { !isSame($0, number) }
            count += candidates.count - others.count
            waiting[key] = others
        }
        return count
    }
}
