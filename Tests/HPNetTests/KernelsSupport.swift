import CKernels
import HPMath
import Testing

/// What the kernel tests share: the variants of this processor, inputs, comparison by bits.
enum Kernels {
    /// Every variant that this processor has; the exact scalar one is always among them.
    static let variants: [String] = ["avx512", "avx2", "neon", "scalar"].filter { name in
        hpk_kernels_named(name) != nil
    }

    static func table(_ name: String) throws -> hpk_kernels {
        try #require(hpk_kernels_named(name)).pointee
    }

    static let specials: [Float] = [
        0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        .leastNormalMagnitude, .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 1, -1, 0.625, 88.8, -103.9, -88,
    ]

    /// Counts on both sides of every vector width.
    static let counts = [0, 1, 3, 7, 8, 15, 16, 17, 33, 64, 257]

    /// Normal numbers; with `withSpecials`, about one in eight is a special value.
    static func floats(
        _ count: Int, _ stream: inout RandomStream, withSpecials: Bool = false
    ) -> [Float] {
        (0..<count).map { _ in
            if withSpecials, stream.next(below: 8) == 0 {
                return specials[stream.next(below: specials.count)]
            }
            return Float(stream.nextNormal())
        }
    }

    /// A row-major matrix in the variant's panels; what pads the last panel is NaN, for no sum that
    /// is read may touch it.
    static func panels(
        _ matrix: [Float], rows: Int, columns: Int, _ kernels: hpk_kernels
    ) -> [Float] {
        let padded = kernels.padded_columns(columns)
        var panels = [Float](repeating: .nan, count: rows * padded)
        for row in 0..<rows {
            for column in 0..<columns {
                panels[panelOffset(row, column, rows: rows, columns: columns, kernels)] =
                    matrix[row * columns + column]
            }
        }
        return panels
    }

    /// Where a number of a matrix lies in panels, by the words of `hpk_panel_columns`.
    static func panelOffset(
        _ row: Int, _ column: Int, rows: Int, columns: Int, _ kernels: hpk_kernels
    ) -> Int {
        let first = column - column % kernels.panel_columns
        let width = min(kernels.panel_columns, kernels.padded_columns(columns) - first)
        return first * rows + row * width + column - first
    }

    /// Equal to the last bit; a NaN equals any NaN, since which one comes out of an operation is
    /// the processor's choice.
    static func same(_ first: [Float], _ second: [Float]) -> Bool {
        first.count == second.count && zip(first, second).allSatisfy { same($0, $1) }
    }

    static func same(_ first: Float, _ second: Float) -> Bool {
        first.bitPattern == second.bitPattern || (first.isNaN && second.isNaN)
    }

    static func same(_ first: Double, _ second: Double) -> Bool {
        first.bitPattern == second.bitPattern || (first.isNaN && second.isNaN)
    }
}
