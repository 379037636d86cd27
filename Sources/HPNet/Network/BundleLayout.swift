import CKernels

/// Where the weights and biases of T networks of one shape lie in one arena.
///
/// All members read the same minibatch, so their first layers stand side by side as one matrix,
/// [W₀ of member 0 | W₀ of member 1 | ...], and are one product; a later layer has a matrix for
/// each member.
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
            let panelColumns = hpk_panel_columns()
            let panel = column / panelColumns * panelColumns
            let width = min(panelColumns, paddedColumns - panel)
            return matrix + panel * rows + row * width + column - panel
        }
    }

    /// A layer of all members.
    struct Layer: Sendable {
        var inputs: Int
        /// Of one member.
        var outputs: Int
        /// By member.
        var weights: [Block]
        /// Offsets of each member's biases.
        var biases: [Int]
        /// The products: one for all members, or one for each.
        var products: [Product]
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
            let shared = index == 0
            let width = shared ? members : 1
            let columns = width * layer.outputs
            let paddedColumns = hpk_padded_columns(columns)
            var planned = Layer(
                inputs: layer.inputs, outputs: layer.outputs, weights: [], biases: [],
                products: [])
            for first in stride(from: 0, to: members, by: width) {
                planned.products.append(
                    Product(
                        members: first..<first + width, weights: offset, columns: columns,
                        columnOffset: columnOffset))
                for position in 0..<width {
                    let start = position * layer.outputs
                    planned.weights.append(
                        Block(
                            matrix: offset, rows: layer.inputs, paddedColumns: paddedColumns,
                            columns: start..<start + layer.outputs))
                }
                offset += Self.wholeLines(layer.inputs * paddedColumns)
                columnOffset += paddedColumns
            }
            planned.biases = (0..<members).map { offset + $0 * layer.outputs }
            offset += Self.wholeLines(members * layer.outputs)
            layers.append(planned)
        }
        self.layers = layers
        count = offset
        columnCount = columnOffset
    }

    /// Matrices begin where a line of the cache does.
    private static func wholeLines(_ floats: Int) -> Int { (floats + 15) / 16 * 16 }

    /// Offsets of one member's numbers, in the order of `ParameterLayout`.
    func forEachOffset(of member: Int, _ body: (Int) -> Void) {
        for layer in layers {
            let block = layer.weights[member]
            for row in 0..<block.rows {
                for column in block.columns { body(block.offset(row: row, column: column)) }
            }
            for output in 0..<layer.outputs { body(layer.biases[member] + output) }
        }
    }
}
