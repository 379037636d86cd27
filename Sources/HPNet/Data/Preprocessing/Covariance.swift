import CKernels

/// The covariance of features over chosen rows, in double precision.
///
/// Blocks of rows are multiplied by the kernels of training, whose sums have the same bits
/// everywhere, and added up in double precision. Bytes are shifted by 128, which changes no
/// covariance, and a block's sums are whole numbers that single precision holds exactly.
struct Covariance {
    /// Shape (features, features), symmetric.
    private(set) var numbers: [Double]
    let features: Int

    private static let byteShift: Float = 128
    /// 1,024·128² is 2²⁴: no sum of a block leaves the whole numbers of single precision.
    private static let byteBlockRows = 1024
    private static let floatBlockRows = 64
    private static let chunkColumns = 256

    /// - Parameter scale: multiplies each feature, shape (features).
    init(of dataset: Dataset, rows: [UInt32], mean: [Double], scale: [Double]) {
        features = dataset.featureCount
        numbers = [Double](repeating: 0, count: features * features)
        let isBytes = if case .bytes = dataset.features { true } else { false }
        let height = isBytes ? Self.byteBlockRows : Self.floatBlockRows
        var block = Block(rows: min(height, rows.count), columns: features)
        var sums = [Double](repeating: 0, count: features)
        for start in stride(from: 0, to: rows.count, by: height) {
            let part = Array(rows[start..<min(start + height, rows.count)])
            block.fill(part, of: dataset, shift: mean.map { isBytes ? Self.byteShift : Float($0) })
            block.addColumnSums(to: &sums)
            block.addProducts(to: &numbers)
        }
        finish(sums, count: Double(rows.count), unit: dataset.unit, scale)
    }

    /// From Σxᵢxⱼ and Σxᵢ, the upper triangle, to covariances.
    private mutating func finish(
        _ sums: [Double], count: Double, unit: Double, _ scale: [Double]
    ) {
        let means = sums.map { $0 / count }
        for i in 0..<features {
            for j in i..<features {
                let product = numbers[i * features + j] / count - means[i] * means[j]
                let covariance = product * (unit * scale[i]) * (unit * scale[j])
                numbers[i * features + j] = covariance
                numbers[j * features + i] = covariance
            }
        }
    }

    /// Some rows, and what multiplies them.
    private struct Block {
        private var rows: Int
        private let columns: Int
        /// Shape (rows, columns).
        private var x: [Float]
        /// Shape (columns, rows).
        private var transposed: [Float]
        /// x in panels.
        private var panels: [Float]
        private var products: [Float]
        private var scratch: [Float]

        init(rows: Int, columns: Int) {
            self.rows = rows
            self.columns = columns
            x = [Float](repeating: 0, count: rows * columns)
            transposed = x
            panels = [Float](repeating: 0, count: rows * hpk_padded_columns(columns))
            products = [Float](repeating: 0, count: Covariance.chunkColumns * columns)
            scratch = [Float](
                repeating: 0,
                count: hpk_product_scratch_floats(Covariance.chunkColumns, columns, rows))
        }

        mutating func fill(_ part: [UInt32], of dataset: Dataset, shift: [Float]) {
            rows = part.count
            switch dataset.features {
            case .bytes(let bytes, _):
                hpk_gather_u8(rows, columns, bytes, part, 1, shift, nil, &x)
            case .floats(let floats):
                hpk_gather_f32(rows, columns, floats, part, shift, nil, &x)
            }
            for row in 0..<rows {
                for column in 0..<columns {
                    transposed[column * rows + row] = x[row * columns + column]
                }
            }
            packInPanels(x, rows: rows, columns: columns, to: &panels)
        }

        func addColumnSums(to sums: inout [Double]) {
            for row in 0..<rows {
                for column in 0..<columns { sums[column] += Double(x[row * columns + column]) }
            }
        }

        /// Adds xᵀ·x, the upper triangle and some more.
        mutating func addProducts(to numbers: inout [Double]) {
            let panel = hpk_panel_columns()
            for start in stride(from: 0, to: columns, by: Covariance.chunkColumns) {
                let height = min(Covariance.chunkColumns, columns - start)
                let first = start / panel * panel
                let width = columns - first
                transposed.withUnsafeBufferPointer { transposed in
                    panels.withUnsafeBufferPointer { panels in
                        guard let a = transposed.baseAddress, let w = panels.baseAddress else {
                            return
                        }
                        hpk_product(
                            height, width, rows, a + start * rows, rows, w + first * rows,
                            &products, width, &scratch)
                    }
                }
                add(height, width, at: start, first, to: &numbers)
            }
        }

        private func add(
            _ height: Int, _ width: Int, at start: Int, _ first: Int, to numbers: inout [Double]
        ) {
            products.withUnsafeBufferPointer { products in
                numbers.withUnsafeMutableBufferPointer { numbers in
                    for i in 0..<height {
                        let row = (start + i) * columns + first
                        for j in 0..<width { numbers[row + j] += Double(products[i * width + j]) }
                    }
                }
            }
        }
    }
}

extension Dataset {
    /// What a stored number is worth.
    fileprivate var unit: Double {
        if case .bytes(_, let scale) = features { Double(scale) } else { 1 }
    }
}

/// Lays out a row-major matrix as the products read it (see `hpk_panel_columns`).
func packInPanels(_ x: [Float], rows: Int, columns: Int, to panels: inout [Float]) {
    let block = BundleLayout.Block(
        matrix: 0, rows: rows, paddedColumns: hpk_padded_columns(columns), columns: 0..<columns)
    var next = 0
    x.withUnsafeBufferPointer { x in
        panels.withUnsafeMutableBufferPointer { panels in
            guard let from = x.baseAddress, let to = panels.baseAddress else { return }
            block.forEachRun { offset, count in
                (to + offset).update(from: from + next, count: count)
                next += count
            }
        }
    }
}
