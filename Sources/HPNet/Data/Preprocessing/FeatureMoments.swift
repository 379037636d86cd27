import CKernels

/// Mean and spread of each feature over chosen rows, in double precision and a fixed order.
struct FeatureMoments {
    var mean: [Double]
    /// One over the standard deviation; 1 for a constant feature.
    var scale: [Double]
    /// The standard deviation.
    var deviation: [Double]

    init(of dataset: Dataset, rows: [UInt32]) {
        switch dataset.features {
        case .bytes(let bytes, let scale):
            (mean, self.scale, deviation) = Self.exact(
                bytes, Double(scale), dataset.featureCount, rows)
        case .floats(let floats):
            (mean, scale, deviation) = Self.chained(floats, dataset.featureCount, rows)
        }
    }

    /// Sums of bytes and of their squares are exact.
    private static func exact(
        _ bytes: [UInt8], _ scale: Double, _ columns: Int, _ rows: [UInt32]
    ) -> ([Double], [Double], [Double]) {
        var sums = [UInt64](repeating: 0, count: columns)
        var squares = [UInt64](repeating: 0, count: columns)
        hpk_column_sums_u8(rows.count, columns, bytes, rows, &sums, &squares)
        let count = UInt128(rows.count)
        let mean = sums.map { Double($0) / Double(rows.count) * scale }
        let spreads = zip(sums, squares).map { sum, square in
            // n²·variance = n·Σx² − (Σx)²
            count * UInt128(square) - UInt128(sum) * UInt128(sum)
        }
        let inverse = spreads.map { spread in
            spread == 0 ? 1 : Double(rows.count) / (Double(spread).squareRoot() * scale)
        }
        let deviation = spreads.map { Double($0).squareRoot() * scale / Double(rows.count) }
        return (mean, inverse, deviation)
    }

    private static func chained(
        _ floats: [Float], _ columns: Int, _ rows: [UInt32]
    ) -> ([Double], [Double], [Double]) {
        var sums = [Double](repeating: 0, count: columns)
        hpk_column_sums_f32(rows.count, columns, floats, rows, nil, false, &sums)
        let mean = sums.map { $0 / Double(rows.count) }
        hpk_column_sums_f32(rows.count, columns, floats, rows, mean, true, &sums)
        let deviation = sums.map { ($0 / Double(rows.count)).squareRoot() }
        let inverse = deviation.map { deviation in
            // Of equal floats the mean is exact and the sum zero; the inverse of a deviation below
            // the normal range would be infinite.
            deviation < Double(Float.leastNormalMagnitude) ? 1 : 1 / deviation
        }
        return (mean, inverse, deviation)
    }
}
