import HPMath

/// How many examples a split asks for.
public enum SplitAmount: Sendable, Hashable {
    case count(Int)
    /// Of all examples, rounded down.
    case fraction(Double)
}

/// Which examples are for training and which for validation: stratified by class, disjoint, and a
/// function of the seed alone. What is left over is the test set; it is not touched.
public struct DataSplit: Sendable, Hashable {
    /// Row numbers, ascending.
    public let training: [UInt32]
    /// Row numbers, ascending.
    public let validation: [UInt32]
    /// At most 1,000 training rows, fixed, on which training metrics are measured; ascending.
    public let trainingSample: [UInt32]

    private static let sampleCountMaximum = 1000

    /// Takes the rows as they are given, ascending.
    package init(training: [UInt32], validation: [UInt32], trainingSample: [UInt32]) {
        self.training = training
        self.validation = validation
        self.trainingSample = trainingSample
    }

    /// Splits a data set.
    ///
    /// - Throws: `NetError.split` when it has too few examples, or of one class only.
    public init(
        of dataset: Dataset, training: SplitAmount, validation: SplitAmount, seed: UInt64
    ) throws(NetError) {
        let trainingCount = try Self.count(training, of: dataset.count)
        let validationCount = try Self.count(validation, of: dataset.count)
        guard trainingCount <= dataset.count - validationCount else {
            throw .split(
                problem: "data.split asks for \(trainingCount) + \(validationCount) examples, the "
                    + "data has \(dataset.count)",
                fix: "ask for fewer")
        }
        guard dataset.labels.contains(where: { $0 != dataset.labels[0] }) else {
            throw .split(
                problem: "all \(dataset.count) examples are of one class",
                fix: "a classifier needs two: give data that has them")
        }
        var classes = Self.rowsByClass(dataset)
        var stream = RandomStream(seed: seed, purpose: .split)
        for index in classes.indices { stream.shuffle(&classes[index]) }
        self.training = Self.take(trainingCount, from: &classes)
        self.validation = Self.take(validationCount, from: &classes)
        var sample = self.training
        var sampleStream = RandomStream(seed: seed, purpose: .trainingSample)
        sampleStream.shuffle(&sample)
        trainingSample = sample.prefix(Self.sampleCountMaximum).sorted()
    }

    /// At least 1.
    private static func count(
        _ amount: SplitAmount, of total: Int
    ) throws(NetError) -> Int {
        let count: Int
        switch amount {
        case .count(let asked): count = asked
        case .fraction(let fraction):
            guard (0...1).contains(fraction) else {
                throw .split(
                    problem: "data.split asks for the fraction \(fraction)",
                    fix: "fractions lie between 0 and 1")
            }
            // 0.29·100 is 28.999999999999996 in floating point and 29 to whoever asks for it.
            count = Int((fraction * Double(total) + 1e-6).rounded(.down))
        }
        guard count >= 1 else {
            throw .split(
                problem: "a part of the split would have \(count) of \(total) examples",
                fix: "ask for at least 1 under data.split")
        }
        return count
    }

    private static func rowsByClass(_ dataset: Dataset) -> [[UInt32]] {
        var classes = [[UInt32]](repeating: [], count: dataset.classCount)
        for (row, label) in dataset.labels.enumerated() {
            classes[Int(label)].append(UInt32(row))
        }
        return classes
    }

    /// Takes rows from the classes in proportion to what they have left; what rounding leaves
    /// goes to the classes with the largest remainders, the lower class first.
    private static func take(_ count: Int, from classes: inout [[UInt32]]) -> [UInt32] {
        let total = classes.map(\.count).reduce(0, +)
        var quotas = classes.map { $0.count * count / total }
        let missing = count - quotas.reduce(0, +)
        let byRemainder = classes.indices.sorted { left, right in
            let remainders = [left, right].map { classes[$0].count * count % total }
            return remainders[0] != remainders[1] ? remainders[0] > remainders[1] : left < right
        }
        for index in byRemainder.prefix(missing) { quotas[index] += 1 }
        var taken: [UInt32] = []
        for index in classes.indices {
            taken += classes[index].prefix(quotas[index])
            classes[index].removeFirst(quotas[index])
        }
        return taken.sorted()
    }
}
