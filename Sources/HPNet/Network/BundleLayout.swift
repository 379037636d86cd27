import CKernels

/// Where the parameters of T networks of one shape lie in one arena.
///
/// All members read the same minibatch, so their first layers stand side by side as one matrix,
/// [W₀ of member 0 | W₀ of member 1 | ...], and are one product; a later layer has a matrix for
/// each member. Vectors of all members, one number for each column, follow each other.
struct BundleLayout: Sendable {
    /// Some columns of a matrix in panels (see `hpk_panel_columns`).
    struct Block: Sendable {
        /// Offset of the matrix in the arena.
        var matrix: Int
        var rows: Int
        /// Columns of the whole matrix, with what pads the last panel.
        var paddedColumns: Int
        /// The block's.
        var columns: Range<Int>

        /// Offset of a number in the arena.
        func offset(row: Int, column: Int) -> Int {
            let column = self.column(column)
            return column.offset + row * column.rowStride
        }

        /// Where a column of the whole matrix begins in the arena, and how far apart its rows are.
        func column(_ index: Int) -> (offset: Int, rowStride: Int) {
            let panelColumns = hpk_panel_columns()
            let panel = index / panelColumns * panelColumns
            return (
                matrix + panel * rows + index - panel, min(panelColumns, paddedColumns - panel)
            )
        }

        /// Calls `body` with the offset and the length of each piece of a row that lies together,
        /// row by row.
        func forEachRun(_ body: (Int, Int) -> Void) {
            let panelColumns = hpk_panel_columns()
            for row in 0..<rows {
                var column = columns.lowerBound
                while column < columns.upperBound {
                    let panel = column / panelColumns * panelColumns
                    let end = min(panel + panelColumns, columns.upperBound)
                    body(offset(row: row, column: column), end - column)
                    column = end
                }
            }
        }
    }

    /// A vector of each member.
    struct Vector: Sendable {
        var role: ParameterLayout.Role
        /// Offset of member 0's in the arena.
        var start: Int
        /// Numbers of a member.
        var count: Int

        func offset(of member: Int) -> Int { start + member * count }
    }

    /// A layer of all members.
    struct Layer: Sendable {
        var inputs: Int
        /// Of one member: what the next layer reads.
        var units: Int
        /// Of one member's affine map.
        var columns: Int
        /// By member.
        var weights: [Block]
        var vectors: [Vector]
        /// The products: one for all members, or one for each.
        var products: [Product]

        /// Floats of a product's weights, with what pads them.
        func weightCount(of product: Product) -> Int {
            inputs * hpk_padded_columns(product.columns)
        }

        func vector(_ role: ParameterLayout.Role) -> Vector? {
            vectors.first { $0.role == role }
        }
    }

    /// A matrix product: some members' x·W.
    struct Product: Sendable {
        /// Members whose outputs are its columns, in order.
        var members: Range<Int>
        /// Offset of its weights, in panels.
        var weights: Int
        /// Of W and of y.
        var columns: Int
        /// Offset of its columns among those of the optimizer.
        var columnOffset: Int
    }

    let layers: [Layer]
    /// Floats of the arena.
    let count: Int
    /// Floats of a row with one number for each column of each product.
    let columnCount: Int

    init(of network: ParameterLayout, members: Int) {
        var layers: [Layer] = []
        var offset = 0
        var columnOffset = 0
        for (index, layer) in network.layers.enumerated() {
            let width = index == 0 ? members : 1
            let columns = width * layer.columns
            let paddedColumns = hpk_padded_columns(columns)
            var planned = Layer(
                inputs: layer.inputs, units: layer.units, columns: layer.columns, weights: [],
                vectors: [], products: [])
            for first in stride(from: 0, to: members, by: width) {
                planned.products.append(
                    Product(
                        members: first..<first + width, weights: offset, columns: columns,
                        columnOffset: columnOffset))
                for position in 0..<width {
                    let start = position * layer.columns
                    planned.weights.append(
                        Block(
                            matrix: offset, rows: layer.inputs, paddedColumns: paddedColumns,
                            columns: start..<start + layer.columns))
                }
                offset += Self.wholeLines(layer.inputs * paddedColumns)
                columnOffset += paddedColumns
            }
            for tensor in layer.tensors where tensor.role != .weights {
                planned.vectors.append(
                    Vector(role: tensor.role, start: offset, count: tensor.count))
                offset += Self.wholeLines(members * tensor.count)
            }
            layers.append(planned)
        }
        self.layers = layers
        count = offset
        columnCount = columnOffset
    }

    /// Matrices begin where a line of the cache does.
    private static func wholeLines(_ floats: Int) -> Int { (floats + 15) / 16 * 16 }

    /// Calls `body` with the offset and the length of each piece of one member's parameters that
    /// lies together, in the order of `ParameterLayout`.
    func forEachRun(of member: Int, _ body: (Int, Int) -> Void) {
        for layer in layers {
            layer.weights[member].forEachRun(body)
            for vector in layer.vectors { body(vector.offset(of: member), vector.count) }
        }
    }
}
