import CKernels

/// Where the weights and biases of T networks of one shape lie in one arena.
///
/// All members read the same minibatch, so their first layers stand side by side as one matrix,
/// [W₀ of member 0 | W₀ of member 1 | ...], and are one product; a later layer has a matrix for
/// each member.
struct BundleLayout: Sendable {
    /// One member's matrix or vector of a layer.
    struct Block: Sendable {
        /// Offset of its first number in the arena.
        var offset: Int
        var rows: Int
        var columns: Int
        /// Floats from one row to the next.
        var rowStride: Int
    }

    /// A layer of all members.
    struct Layer: Sendable {
        var inputs: Int
        /// Of one member.
        var outputs: Int
        /// By member.
        var weights: [Block]
        /// By member.
        var biases: [Block]
        /// The products: one for all members, or one for each.
        var products: [Product]
    }

    /// A matrix product: some members' x·W.
    struct Product: Sendable {
        /// Members whose outputs are its columns, in order.
        var members: Range<Int>
        /// Offset of its weights.
        var weights: Int
        /// Of its weights, and of the optimizer's columns.
        var rowStride: Int
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
            let rowStride = Self.rowStride(columns)
            var planned = Layer(
                inputs: layer.inputs, outputs: layer.outputs, weights: [], biases: [],
                products: [])
            for first in stride(from: 0, to: members, by: width) {
                planned.products.append(
                    Product(
                        members: first..<first + width, weights: offset, rowStride: rowStride,
                        columns: columns, columnOffset: columnOffset))
                for position in 0..<width {
                    planned.weights.append(
                        Block(
                            offset: offset + position * layer.outputs, rows: layer.inputs,
                            columns: layer.outputs, rowStride: rowStride))
                }
                offset += layer.inputs * rowStride
                columnOffset += rowStride
            }
            for member in 0..<members {
                planned.biases.append(
                    Block(
                        offset: offset + member * layer.outputs, rows: 1,
                        columns: layer.outputs, rowStride: layer.outputs))
            }
            offset += Self.rowStride(members * layer.outputs)
            layers.append(planned)
        }
        self.layers = layers
        count = offset
        columnCount = columnOffset
    }

    /// Whole vectors, an odd number of them: rows a power of two apart would meet in a few places
    /// of the cache.
    private static func rowStride(_ columns: Int) -> Int {
        let vector = HPK_VECTOR
        let vectors = (columns + vector - 1) / vector
        return (vectors | 1) * vector
    }

    /// One member's blocks in the order of `ParameterLayout`.
    func blocks(of member: Int) -> [Block] {
        layers.flatMap { [$0.weights[member], $0.biases[member]] }
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// One member's numbers in the order of `ParameterLayout`.
    func gathered(_ blocks: [BundleLayout.Block]) -> [Float] {
        var numbers: [Float] = []
        for block in blocks {
            for row in 0..<block.rows {
                let start = block.offset + row * block.rowStride
                numbers += self[start..<start + block.columns]
            }
        }
        return numbers
    }

    /// The reverse of `gathered`.
    func scatter(_ numbers: [Float], to blocks: [BundleLayout.Block]) {
        var next = 0
        for block in blocks {
            for row in 0..<block.rows {
                for column in 0..<block.columns {
                    self[block.offset + row * block.rowStride + column] = numbers[next]
                    next += 1
                }
            }
        }
    }
}
