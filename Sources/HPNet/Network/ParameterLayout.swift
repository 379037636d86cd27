import HPMath

/// Where each layer's parameters of one network lie when they are written down, layer by layer: W,
/// shape (inputs, columns) row-major; then b, or with batch normalization γ and β; then PReLU's
/// slopes. A maxout layer of k pieces has k·units columns, piece p of unit j is column p·units + j.
struct ParameterLayout: Sendable {
    /// What an array of parameters is to its layer.
    enum Role: String, Sendable, CaseIterable {
        /// W of y = x·W + b
        case weights
        /// b
        case biases
        /// γ of batch normalization
        case gamma
        /// β of batch normalization
        case beta
        /// PReLU's
        case slopes
    }

    struct Tensor: Sendable {
        var role: Role
        /// 1 for all but weights.
        var rows: Int
        var columns: Int
        var offset: Int

        var count: Int { rows * columns }
    }

    /// An affine map and what follows it.
    struct Layer: Sendable {
        var inputs: Int
        /// Numbers that the next layer reads.
        var units: Int
        /// Of the affine map: units, k times as many for maxout.
        var columns: Int
        /// In the order in which they are written down; weights first.
        var tensors: [Tensor]

        func tensor(_ role: Role) -> Tensor? { tensors.first { $0.role == role } }
    }

    let layers: [Layer]
    let count: Int

    init(features: Int, network: NetworkConfiguration, classes: Int) {
        var layers: [Layer] = []
        var offset = 0
        var inputs = features
        for (index, units) in (network.hidden + [classes]).enumerated() {
            let isHidden = index < network.hidden.count
            let columns = units * (isHidden ? network.activation.pieces : 1)
            let roles = isHidden ? network.hiddenVectors : [.biases]
            var tensors: [Tensor] = []
            for role in [.weights] + roles {
                let rows = role == .weights ? inputs : 1
                tensors.append(Tensor(role: role, rows: rows, columns: columns, offset: offset))
                offset += rows * columns
            }
            layers.append(
                Layer(inputs: inputs, units: units, columns: columns, tensors: tensors))
            inputs = units
        }
        self.layers = layers
        count = offset
    }

    /// First parameters: weights drawn from the stream of (seed, layer, replicate), row by row;
    /// biases and β 0, γ 1.
    func initialParameters(
        _ initialization: Initialization, seed: UInt64, replicate: UInt32
    ) -> [Float] {
        var parameters = [Float](repeating: 0, count: count)
        for (index, layer) in layers.enumerated() {
            let isOutput = index == layers.count - 1
            let scale = initialization.scale(fanIn: layer.inputs, isOutput: isOutput)
            var stream = RandomStream(
                seed: seed, purpose: .initialization, a: UInt32(index), b: replicate)
            for tensor in layer.tensors {
                for offset in tensor.offset..<tensor.offset + tensor.count {
                    parameters[offset] =
                        switch tensor.role {
                        case .weights: Float(scale * stream.nextNormal())
                        case .biases, .beta: 0
                        case .gamma: 1
                        case .slopes: Float(Activation.preluSlopeFirst)
                        }
                }
            }
        }
        return parameters
    }
}

extension NetworkConfiguration {
    /// Parameters of a hidden layer but its weights, one for each column.
    fileprivate var hiddenVectors: [ParameterLayout.Role] {
        (batchNormalization ? [.gamma, .beta] : [.biases])
            + (activation == .prelu ? [.slopes] : [])
    }
}

extension Initialization {
    /// The standard deviation of a layer's first weights.
    func scale(fanIn: Int, isOutput: Bool) -> Double {
        if self == .zero { return 0 }
        if isOutput { return 0.01 }
        return switch self {
        case .zero: 0
        case .small: 0.01
        case .large: 1
        case .xavier: 1 / Double(fanIn).squareRoot()
        case .he: (2 / Double(fanIn)).squareRoot()
        case .scale(let scale): scale
        }
    }
}
