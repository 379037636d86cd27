import CKernels
import HPDigest

/// A multilayer perceptron with the memory for one minibatch: nothing is allocated afterwards.
final class Network {
    let layout: ParameterLayout
    let activation: Activation
    /// W₀ b₀ W₁ b₁ ... as `layout` says; gradients the same.
    let parameters: UnsafeMutableBufferPointer<Float>
    let gradients: UnsafeMutableBufferPointer<Float>
    /// The minibatch, shape (N, features).
    let input: UnsafeMutableBufferPointer<Float>
    private let batchMaximum: Int
    /// Each layer's output, shape (N, O).
    private let outputs: [UnsafeMutableBufferPointer<Float>]
    /// Gradients of two neighbouring layers' outputs.
    private let dAbove: UnsafeMutableBufferPointer<Float>
    private let dBelow: UnsafeMutableBufferPointer<Float>
    private let scratch: UnsafeMutableBufferPointer<Float>

    init(_ configuration: NetworkConfiguration, features: Int, classes: Int, batchMaximum: Int) {
        layout = ParameterLayout(
            features: features, hidden: configuration.hidden, classes: classes)
        activation = configuration.activation
        self.batchMaximum = batchMaximum
        parameters = .allocate(capacity: layout.count)
        gradients = .allocate(capacity: layout.count)
        input = .allocate(capacity: batchMaximum * features)
        outputs = layout.layers.map { .allocate(capacity: batchMaximum * $0.outputs) }
        dAbove = .allocate(capacity: batchMaximum * layout.outputsMaximum)
        dBelow = .allocate(capacity: batchMaximum * layout.outputsMaximum)
        scratch = .allocate(capacity: Self.scratchCount(layout, batchMaximum))
        for buffer in [parameters, gradients, input, dAbove, dBelow, scratch] + outputs {
            buffer.initialize(repeating: 0)
        }
    }

    deinit {
        for buffer in [parameters, gradients, input, dAbove, dBelow, scratch] + outputs {
            buffer.deallocate()
        }
    }

    private static func scratchCount(_ layout: ParameterLayout, _ batch: Int) -> Int {
        layout.layers.map { layer in
            max(
                hpk_product_scratch_floats(batch, layer.outputs, layer.inputs),
                hpk_product_scratch_floats(layer.inputs, layer.outputs, batch),
                hpk_product_scratch_floats(batch, layer.inputs, layer.outputs))
        }.max() ?? 0
    }

    /// The scores of the examples in `input`, shape (N, C).
    ///
    /// - Precondition: `count` is at most the largest minibatch.
    func forward(examples count: Int) -> UnsafeMutablePointer<Float> {
        precondition(count <= batchMaximum, "the minibatch is larger than was planned")
        var x = base(input)
        for (index, layer) in layout.layers.enumerated() {
            let y = base(outputs[index])
            affineForward(
                examples: count, inputs: layer.inputs, outputs: layer.outputs, x: x,
                weights: base(parameters) + layer.weights, biases: base(parameters) + layer.biases,
                y: y, scratch: base(scratch))
            if index < layout.layers.count - 1 {
                activation.forward(y, count: count * layer.outputs)
            }
            x = y
        }
        return x
    }

    /// Fills `gradients` from the last `forward`.
    ///
    /// - Parameter dScores: ∂L/∂scores, shape (N, C).
    func backward(examples count: Int, dScores: UnsafeMutablePointer<Float>) {
        var dy = dScores
        var spare = (base(dAbove), base(dBelow))
        for index in layout.layers.indices.reversed() {
            let layer = layout.layers[index]
            let x = index == 0 ? base(input) : base(outputs[index - 1])
            let dx = index == 0 ? nil : spare.0
            affineBackward(
                examples: count, inputs: layer.inputs, outputs: layer.outputs, x: x,
                weights: base(parameters) + layer.weights, dy: dy,
                dWeights: base(gradients) + layer.weights,
                dBiases: base(gradients) + layer.biases, dx: dx, scratch: base(scratch))
            guard let dx else { return }
            activation.backward(y: x, dy: dx, count: count * layer.inputs)
            dy = dx
            spare = (spare.1, spare.0)
        }
    }

    /// SHA-256 of all weights and biases; every NaN counts as the same NaN.
    var digest: String {
        var digest = SHA256()
        let canonical = parameters.map { $0.isNaN ? Float.nan : $0 }
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
