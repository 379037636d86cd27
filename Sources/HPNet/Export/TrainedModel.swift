/// A trained network with all that is needed to use it elsewhere: its architecture, preprocessing
/// and parameters, and what it makes of the validation split.
public struct TrainedModel: Sendable, Hashable {
    /// But for the numbers of features and classes, which the arrays give.
    public var configuration: NetworkConfiguration
    /// Parameters and running statistics as PyTorch's modules name and shape them:
    /// `layers.I.weight` (outputs, inputs) and `layers.I.bias`, or with batch normalization
    /// `layers.I.norm.weight`, `.bias`, `.running_mean` and `.running_var`; PReLU's
    /// `layers.I.activation.slope`. Row p·units + j of a maxout layer's weight is piece p of unit
    /// j.
    public var parameters: [Safetensors.Tensor]
    /// `preprocess.mean`, `preprocess.scale` and `preprocess.components`, as far as there are: of
    /// features less the mean, times the scale, and times the matrix of components.
    public var preprocessing: [Safetensors.Tensor]
    /// `validation.rows`, row numbers of the data set; `validation.labels`; and
    /// `validation.logits`, the scores of those rows, shape (rows, classes).
    public var validation: [Safetensors.Tensor]
    /// What the data set is called.
    public var dataName: String
    /// The data set's.
    public var dataDigest: String
    /// What a stored feature is multiplied by first.
    public var inputScale: Float
    /// Empty where the data has no names.
    public var classNames: [String]
    /// How a table's cells become features, as JSON: the separator, whether there is a header, and
    /// for each feature its column, the category for which it is 1, what is subtracted from the
    /// number in double precision, and what stands for a missing one; nil for other data.
    public var table: String?

    /// The file of it.
    ///
    /// - Parameter more: further metadata.
    public func safetensors(adding more: [String: String] = [:]) -> Safetensors {
        Safetensors(
            tensors: parameters + preprocessing + validation,
            metadata: metadata.merging(more) { own, _ in own })
    }

    private var metadata: [String: String] {
        var metadata = [
            "format": "hpcoord.weights/1", "engine": Engine.revision, "dataset": dataName,
            "data_sha256": dataDigest, "input_scale": "\(Double(inputScale))",
            "hidden": "[\(configuration.hidden.map { "\($0)" }.joined(separator: ", "))]",
            "activation": configuration.activation.word,
            "batch_norm": configuration.batchNormalization ? "true" : "false",
        ]
        if configuration.batchNormalization {
            metadata["batch_norm_epsilon"] = "\(BatchNormalizer.epsilon)"
        }
        switch configuration.activation {
        case .leakyReLU(let slope): metadata["slope"] = "\(slope)"
        case .maxout(let pieces): metadata["pieces"] = "\(pieces)"
        case .sigmoid, .tanh, .relu, .prelu, .elu: break
        }
        metadata["table"] = table
        if !classNames.isEmpty {
            let names = classNames.map(Safetensors.quoted)
            metadata["classes"] = "[\(names.joined(separator: ", "))]"
        }
        return metadata
    }
}

extension Activation {
    /// As specs spell it.
    fileprivate var word: String {
        switch self {
        case .sigmoid: "sigmoid"
        case .tanh: "tanh"
        case .relu: "relu"
        case .leakyReLU: "leaky_relu"
        case .prelu: "prelu"
        case .elu: "elu"
        case .maxout: "maxout"
        }
    }
}

extension MemberState {
    /// Parameters and running statistics by the names of PyTorch's modules.
    func tensors(_ shape: ParameterLayout) -> [Safetensors.Tensor] {
        shape.layers.enumerated().flatMap { index, layer -> [Safetensors.Tensor] in
            let prefix = "layers.\(index)."
            var tensors = layer.tensors.map { tensor(prefix, $0) }
            if layer.tensor(.gamma) != nil {
                tensors += [
                    Safetensors.Tensor(
                        prefix + "norm.running_mean", shape: [layer.columns], runningMeans[index]),
                    Safetensors.Tensor(
                        prefix + "norm.running_var", shape: [layer.columns],
                        runningVariances[index]),
                ]
            }
            return tensors
        }
    }

    private func tensor(_ prefix: String, _ tensor: ParameterLayout.Tensor) -> Safetensors.Tensor {
        let numbers = Array(arenas[0][tensor.offset..<tensor.offset + tensor.count])
        let name =
            switch tensor.role {
            case .weights: "weight"
            case .biases: "bias"
            case .gamma: "norm.weight"
            case .beta: "norm.bias"
            case .slopes: "activation.slope"
            }
        guard tensor.role == .weights else {
            return Safetensors.Tensor(prefix + name, shape: [tensor.count], numbers)
        }
        return Safetensors.Tensor(
            prefix + name, shape: [tensor.columns, tensor.rows],
            transposed(numbers, rows: tensor.rows, columns: tensor.columns))
    }

    private func transposed(_ numbers: [Float], rows: Int, columns: Int) -> [Float] {
        (0..<columns).flatMap { column in (0..<rows).map { numbers[$0 * columns + column] } }
    }
}
