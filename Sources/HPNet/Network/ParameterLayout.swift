import HPMath

/// Where each layer's weights and biases of one network lie when they are written down: W₀ b₀ W₁ b₁
/// ..., each W of shape (inputs, outputs), row-major.
struct ParameterLayout: Sendable {
    /// An affine layer: y = x·W + b, x (N, inputs), W (inputs, outputs), b (outputs).
    struct Layer: Sendable {
        var inputs: Int
        var outputs: Int
        /// Offset of W; b follows it.
        var weights: Int

        var weightCount: Int { inputs * outputs }
        var biases: Int { weights + weightCount }
    }

    let layers: [Layer]
    let count: Int

    init(features: Int, hidden: [Int], classes: Int) {
        let widths = [features] + hidden + [classes]
        var layers: [Layer] = []
        var offset = 0
        for (inputs, outputs) in zip(widths, widths.dropFirst()) {
            layers.append(Layer(inputs: inputs, outputs: outputs, weights: offset))
            offset += inputs * outputs + outputs
        }
        self.layers = layers
        self.count = offset
    }

    /// First weights, drawn from the stream of (seed, layer, replicate), row by row; biases are 0.
    func initialParameters(
        _ initialization: Initialization, seed: UInt64, replicate: UInt32
    ) -> [Float] {
        var parameters = [Float](repeating: 0, count: count)
        for (index, layer) in layers.enumerated() {
            let isOutput = index == layers.count - 1
            let scale = isOutput ? 0.01 : initialization.scale(fanIn: layer.inputs)
            var stream = RandomStream(
                seed: seed, purpose: .initialization, a: UInt32(index), b: replicate)
            for offset in 0..<layer.weightCount {
                parameters[layer.weights + offset] = Float(scale * stream.nextNormal())
            }
        }
        return parameters
    }
}

extension Initialization {
    /// The standard deviation of a layer's first weights.
    func scale(fanIn: Int) -> Double {
        switch self {
        case .small: 0.01
        case .xavier: 1 / Double(fanIn).squareRoot()
        case .he: (2 / Double(fanIn)).squareRoot()
        }
    }
}
