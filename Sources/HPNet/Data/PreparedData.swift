import CKernels

/// A step of preprocessing; its statistics come from the training split alone.
public enum Preprocessing: String, Sendable, CaseIterable {
    /// Subtracts each feature's mean.
    case zeroMean = "zero-mean"
    /// Subtracts each feature's mean and divides by its standard deviation.
    case normalize
}

/// A split data set with the preprocessing that was fitted on its training split. Many trainers
/// share one.
public final class PreparedData: Sendable {
    /// The examples as they came.
    public let dataset: Dataset
    /// Which of them are for what.
    public let split: DataSplit
    /// Subtracted from each feature, shape (featureCount); nil for nothing.
    let subtract: [Float]?
    /// Multiplies each feature after that, shape (featureCount); nil for nothing.
    let multiply: [Float]?

    /// Fits the preprocessing.
    public init(dataset: Dataset, split: DataSplit, preprocessing: [Preprocessing] = []) {
        self.dataset = dataset
        self.split = split
        guard !preprocessing.isEmpty else {
            subtract = nil
            multiply = nil
            return
        }
        let moments = FeatureMoments(of: dataset, rows: split.training)
        subtract = moments.mean.map { Float($0) }
        multiply = preprocessing.contains(.normalize) ? moments.scale.map { Float($0) } : nil
    }

    /// Writes prepared examples, row-major, shape (rows.count, featureCount), and their labels,
    /// shape (rows.count).
    ///
    /// - Precondition: both destinations have room for them.
    func gather(
        _ rows: UnsafeBufferPointer<UInt32>, into destination: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Int32>
    ) {
        gather(rows, into: destination)
        for (position, row) in rows.enumerated() { labels[position] = dataset.labels[Int(row)] }
    }

    /// Writes prepared examples alone.
    ///
    /// - Precondition: `destination` has room for them.
    func gather(_ rows: UnsafeBufferPointer<UInt32>, into destination: UnsafeMutablePointer<Float>)
    {
        let columns = dataset.featureCount
        Self.withOptional(subtract) { subtract in
            Self.withOptional(multiply) { multiply in
                switch dataset.features {
                case .bytes(let bytes, let scale):
                    hpk_gather_u8(
                        rows.count, columns, bytes, rows.baseAddress, scale, subtract, multiply,
                        destination)
                case .floats(let floats):
                    hpk_gather_f32(
                        rows.count, columns, floats, rows.baseAddress, subtract, multiply,
                        destination)
                }
            }
        }
    }

    private static func withOptional(
        _ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void
    ) {
        guard let values else { return body(nil) }
        values.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// Mean and spread of each feature over chosen rows, in double precision and a fixed order.
struct FeatureMoments {
    var mean: [Double]
    /// One over the standard deviation; 1 for a constant feature.
    var scale: [Double]

    init(of dataset: Dataset, rows: [UInt32]) {
        switch dataset.features {
        case .bytes(let bytes, let scale):
            (mean, self.scale) = Self.exact(bytes, Double(scale), dataset.featureCount, rows)
        case .floats(let floats):
            (mean, scale) = Self.chained(floats, dataset.featureCount, rows)
        }
    }

    /// Sums of bytes and of their squares are exact.
    private static func exact(
        _ bytes: [UInt8], _ scale: Double, _ columns: Int, _ rows: [UInt32]
    ) -> ([Double], [Double]) {
        var sums = [UInt64](repeating: 0, count: columns)
        var squares = [UInt64](repeating: 0, count: columns)
        hpk_column_sums_u8(rows.count, columns, bytes, rows, &sums, &squares)
        let count = UInt128(rows.count)
        let mean = sums.map { Double($0) / Double(rows.count) * scale }
        let inverse = zip(sums, squares).map { sum, square in
            // n²·variance = n·Σx² − (Σx)²
            let spread = count * UInt128(square) - UInt128(sum) * UInt128(sum)
            return spread == 0 ? 1 : Double(rows.count) / (Double(spread).squareRoot() * scale)
        }
        return (mean, inverse)
    }

    private static func chained(
        _ floats: [Float], _ columns: Int, _ rows: [UInt32]
    ) -> ([Double], [Double]) {
        var sums = [Double](repeating: 0, count: columns)
        hpk_column_sums_f32(rows.count, columns, floats, rows, nil, false, &sums)
        let mean = sums.map { $0 / Double(rows.count) }
        hpk_column_sums_f32(rows.count, columns, floats, rows, mean, true, &sums)
        let inverse = sums.map { sum in
            // Of equal floats the mean is exact and the sum zero; the inverse of a deviation below
            // the normal range would be infinite.
            let deviation = (sum / Double(rows.count)).squareRoot()
            return deviation < Double(Float.leastNormalMagnitude) ? 1 : 1 / deviation
        }
        return (mean, inverse)
    }
}
