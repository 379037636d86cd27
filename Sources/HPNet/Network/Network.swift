import CKernels
import HPDigest

/// Multilayer perceptrons of one shape, trained on the same minibatches as one, with the memory
/// for one minibatch: nothing is allocated afterwards.
///
/// What each member computes has the same bits as if it were alone. T members; the outputs of a
/// layer of all members are one array: of the first layer shape (N, T·O), of a later one T arrays
/// of shape (N, O), one after the other.
final class Network {
    let shape: ParameterLayout
    let layout: BundleLayout
    let activation: Activation
    /// Weights and biases of all members as `layout` says; velocities the same.
    let parameters: UnsafeMutableBufferPointer<Float>
    let velocity: UnsafeMutableBufferPointer<Float>
    /// The minibatch, shape (N, features).
    let input: UnsafeMutableBufferPointer<Float>
    let members: Int
    private let batchMaximum: Int
    /// Each layer's outputs.
    private let outputs: [UnsafeMutableBufferPointer<Float>]
    /// Gradients of two neighbouring layers' outputs.
    private let dAbove: UnsafeMutableBufferPointer<Float>
    private let dBelow: UnsafeMutableBufferPointer<Float>
    private let dBiases: UnsafeMutableBufferPointer<Float>
    private let scratch: UnsafeMutableBufferPointer<Float>

    init(
        shape: ParameterLayout, activation: Activation, members: Int, batchMaximum: Int
    ) {
        self.shape = shape
        self.activation = activation
        self.members = members
        self.batchMaximum = batchMaximum
        layout = BundleLayout(of: shape, members: members)
        let widest = shape.layers.map(\.outputs).max() ?? 0
        parameters = .zeros(layout.count)
        velocity = .zeros(layout.count)
        input = .zeros(batchMaximum * shape.layers[0].inputs)
        outputs = shape.layers.map { .zeros(batchMaximum * members * $0.outputs) }
        dAbove = .zeros(batchMaximum * members * widest)
        dBelow = .zeros(batchMaximum * members * widest)
        dBiases = .zeros(members * widest)
        scratch = .zeros(Self.scratchCount(layout, batchMaximum))
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
    }

    private var buffers: [UnsafeMutableBufferPointer<Float>] {
        [parameters, velocity, input, dAbove, dBelow, dBiases, scratch] + outputs
    }

    private static func scratchCount(_ layout: BundleLayout, _ batch: Int) -> Int {
        layout.layers.flatMap { layer in
            layer.products.map { product in
                max(
                    hpk_product_scratch_floats(batch, product.columns, layer.inputs),
                    hpk_product_update_scratch_floats(layer.inputs, product.columns, batch),
                    hpk_product_scratch_floats(batch, layer.inputs, layer.outputs))
            }
        }.max() ?? 0
    }

    /// Computes the scores of the examples in `input`.
    ///
    /// - Parameter dropout: in training, what is dropped.
    /// - Precondition: `count` is at most the largest minibatch.
    func forward(examples count: Int, dropout: Dropout? = nil) {
        precondition(count <= batchMaximum, "the minibatch is larger than was planned")
        for (index, layer) in layout.layers.enumerated() {
            let y = base(outputs[index])
            for product in layer.products {
                let member = product.members.lowerBound
                affineForward(
                    examples: count, inputs: layer.inputs, outputs: product.columns,
                    x: inputs(of: member, layer: index, examples: count),
                    weights: weights(product),
                    biases: base(parameters) + layer.biases[member],
                    y: y + count * layer.outputs * member, scratch: base(scratch))
            }
            if index < layout.layers.count - 1 {
                activation.forward(y, count: count * members * layer.outputs)
                dropout?.forward(
                    layer: index, examples: count, outputs: y,
                    count: count * members * layer.outputs
                ) { outputs(of: $0, layer: index, examples: count, in: y) }
            }
        }
    }

    /// Follows the gradient of the last `forward`, after `setScoreGradients` of every member.
    func backward(examples count: Int, rule: UpdateRule, dropout: Dropout? = nil) {
        var dy = base(outputs[layout.layers.count - 1])
        var spare = (base(dAbove), base(dBelow))
        for index in layout.layers.indices.reversed() {
            let layer = layout.layers[index]
            let dx = spare.0
            for product in layer.products {
                let member = product.members.lowerBound
                let dyOfProduct = dy + count * layer.outputs * member
                if index > 0 {
                    affineBackwardToInput(
                        examples: count, inputs: layer.inputs, outputs: layer.outputs,
                        dy: dyOfProduct, weights: weights(product),
                        dx: outputs(
                            of: member, layer: index - 1, examples: count, in: dx),
                        scratch: base(scratch))
                }
                affineBackwardToWeights(
                    examples: count, inputs: layer.inputs, outputs: product.columns,
                    x: inputs(of: member, layer: index, examples: count), dy: dyOfProduct,
                    update: rule.weights(product, base(parameters), base(velocity)),
                    scratch: base(scratch))
                updateBiases(layer, product, dyOfProduct, examples: count, rule)
            }
            if index > 0 {
                dropout?.backward(layer: index - 1, examples: count) {
                    outputs(of: $0, layer: index - 1, examples: count, in: dx)
                }
                activation.backward(
                    y: dropout?.undropped(layer: index - 1)
                        ?? UnsafePointer(base(outputs[index - 1])),
                    dy: dx, count: count * members * layer.inputs)
            }
            dy = dx
            spare = (spare.1, spare.0)
        }
    }

    private func updateBiases(
        _ layer: BundleLayout.Layer, _ product: BundleLayout.Product,
        _ dy: UnsafePointer<Float>, examples count: Int, _ rule: UpdateRule
    ) {
        affineBackwardToBiases(
            examples: count, outputs: product.columns, dy: dy, dBiases: base(dBiases))
        for member in product.members {
            let offset = layer.biases[member]
            let position = member - product.members.lowerBound
            rule.updateBiases(
                of: member, count: layer.outputs, base(parameters) + offset,
                base(velocity) + offset, gradient: base(dBiases) + position * layer.outputs)
        }
    }

    /// Copies a member's scores of the last `forward`, shape (N, C).
    func copyScores(
        of member: Int, examples count: Int, to destination: UnsafeMutablePointer<Float>
    ) {
        copy(
            from: scores(of: member, examples: count),
            to: MatrixView(start: destination, rowStride: classes), rows: count)
    }

    /// Replaces a member's scores by ∂L/∂scores, shape (N, C).
    func setScoreGradients(
        of member: Int, examples count: Int, from source: UnsafeMutablePointer<Float>
    ) {
        copy(
            from: MatrixView(start: source, rowStride: classes),
            to: scores(of: member, examples: count), rows: count)
    }

    private func scores(of member: Int, examples count: Int) -> MatrixView {
        let last = layout.layers.count - 1
        return outputs(of: member, layer: last, examples: count, in: base(outputs[last]))
    }

    private func copy(from: MatrixView, to: MatrixView, rows: Int) {
        for row in 0..<rows {
            (to.start + row * to.rowStride).update(
                from: from.start + row * from.rowStride, count: classes)
        }
    }

    private var classes: Int { shape.layers[shape.layers.count - 1].outputs }

    /// What a layer's product of a member reads, shape (N, I).
    private func inputs(of member: Int, layer: Int, examples count: Int) -> MatrixView {
        guard layer > 0 else {
            return MatrixView(start: base(input), rowStride: shape.layers[0].inputs)
        }
        return outputs(
            of: member, layer: layer - 1, examples: count, in: base(outputs[layer - 1]))
    }

    /// A member's part of an array of all members' outputs, shape (N, O).
    private func outputs(
        of member: Int, layer: Int, examples count: Int, in all: UnsafeMutablePointer<Float>
    ) -> MatrixView {
        let width = layout.layers[layer].outputs
        return layer == 0
            ? MatrixView(start: all + member * width, rowStride: members * width)
            : MatrixView(start: all + member * count * width, rowStride: width)
    }

    private func weights(_ product: BundleLayout.Product) -> UnsafePointer<Float> {
        UnsafePointer(base(parameters) + product.weights)
    }

    /// A member's weights and biases in the order of `shape`.
    func parameters(of member: Int) -> [Float] {
        numbers(of: member, in: parameters)
    }

    private func numbers(
        of member: Int, in arena: UnsafeMutableBufferPointer<Float>
    ) -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(shape.count)
        layout.forEachOffset(of: member) { numbers.append(arena[$0]) }
        return numbers
    }

    /// The reverse of `parameters(of:)`.
    func setParameters(of member: Int, to numbers: [Float]) {
        set(numbers, of: member, in: parameters)
    }

    private func set(
        _ numbers: [Float], of member: Int, in arena: UnsafeMutableBufferPointer<Float>
    ) {
        var next = 0
        layout.forEachOffset(of: member) { offset in
            arena[offset] = numbers[next]
            next += 1
        }
    }

    /// Takes over a member's weights, biases and velocities from a bundle of the same shape.
    func adopt(_ member: Int, from other: Network, member theirs: Int) {
        setParameters(of: member, to: other.parameters(of: theirs))
        set(other.numbers(of: theirs, in: other.velocity), of: member, in: velocity)
    }

    /// Sum of squares of a member's weights and biases: finite as long as they are.
    func sumOfSquares(of member: Int) -> Double {
        let numbers = parameters(of: member)
        return hpk_sum_of_squares(numbers.count, numbers)
    }

    /// SHA-256 of all weights and biases of a member; every NaN counts as the same NaN.
    func digest(of member: Int) -> String {
        var digest = SHA256()
        let canonical = parameters(of: member).map { $0.isNaN ? Float.nan : $0 }
        canonical.withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }

    private func base(
        _ buffer: UnsafeMutableBufferPointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        guard let base = buffer.baseAddress else {
            preconditionFailure("buffers are never empty")
        }
        return base
    }
}
