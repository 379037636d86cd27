/// A multilayer perceptron put together from the definitions of its layers, in double precision:
/// slow, short, and what the training engine is held against.
///
///     x → (affine → batch normalization → activation → dropout) × hidden layers
///       → affine → loss
public struct ReferenceNetwork: Sendable {
    /// What the network is made of.
    public let configuration: NetworkConfiguration
    let layout: ParameterLayout
    /// Per layer W, shape (I, k·O) row-major; then b, or γ and β with batch normalization; then
    /// PReLU's slopes: the order of ``BundleTrainer/parameters(of:)``.
    public var parameters: [Double]

    /// Takes parameters in.
    ///
    /// - Precondition: there are as many as the network has.
    public init(
        _ configuration: NetworkConfiguration, features: Int, classes: Int, parameters: [Double]
    ) {
        self.configuration = configuration
        layout = ParameterLayout(features: features, network: configuration, classes: classes)
        precondition(parameters.count == layout.count, "a number for each parameter")
        self.parameters = parameters
    }

    /// Examples, their classes, and what the loss has besides.
    public struct Batch: Sendable {
        /// Shape (N, features).
        public var examples: Matrix
        /// Shape (N).
        public var labels: [Int]
        /// λ of ``L2Regularization``.
        public var regularization: Double
        /// Of each hidden layer, shape (N, O) each; empty without dropout.
        public var masks: [Matrix]

        /// Takes a minibatch in.
        public init(
            examples: Matrix, labels: [Int], regularization: Double = 0, masks: [Matrix] = []
        ) {
            self.examples = examples
            self.labels = labels
            self.regularization = regularization
            self.masks = masks
        }
    }

    /// What a layer leaves for the way back.
    private struct Trace {
        var input: Matrix
        var normalized: BatchNormalization.Normalized?
        var activationInput: Matrix
        var activationOutput: Matrix
    }

    // MARK: - Forward

    /// Scores, shape (N, C), with batch statistics and dropout as in training.
    public func scores(_ batch: Batch) -> Matrix {
        var traces: [Trace] = []
        return forward(batch, leaving: &traces)
    }

    /// The mean data loss, and what regularization adds.
    public func loss(_ batch: Batch) -> (data: Double, regularization: Double) {
        let data = SoftmaxCrossEntropy(labels: batch.labels).forward(scores(batch)).loss
        let penalty = L2Regularization(strength: batch.regularization)
        return (data, weightRanges.reduce(0) { $0 + penalty.loss(Array(parameters[$1])) })
    }

    private func forward(_ batch: Batch, leaving traces: inout [Trace]) -> Matrix {
        var x = batch.examples
        for index in layout.layers.indices {
            let affine = affine(index)
            let mapped = affine.forward(x)
            guard index < layout.layers.count - 1 else {
                traces.append(
                    Trace(input: x, activationInput: mapped, activationOutput: mapped))
                return mapped
            }
            var trace = Trace(input: x, activationInput: mapped, activationOutput: mapped)
            if let normalization = normalization(index) {
                let result = normalization.forward(mapped)
                trace.activationInput = result.y
                trace.normalized = result.normalized
            }
            trace.activationOutput = activate(trace.activationInput, index)
            traces.append(trace)
            x =
                batch.masks.isEmpty
                ? trace.activationOutput
                : InvertedDropout(mask: batch.masks[index]).forward(trace.activationOutput)
        }
        return x
    }

    private func activate(_ x: Matrix, _ index: Int) -> Matrix {
        switch configuration.activation {
        case .sigmoid: Sigmoid().forward(x)
        case .tanh: Tanh().forward(x)
        case .relu: ReLU().forward(x)
        case .leakyReLU(let slope): LeakyReLU(slope: slope).forward(x)
        case .prelu: PReLU(slopes: vector(.slopes, index)).forward(x)
        case .elu: ELU().forward(x)
        case .maxout(let pieces): Maxout(pieces: pieces).forward(x)
        }
    }

    // MARK: - Backward

    /// The gradient of the loss, regularization included: one number for each parameter, in their
    /// order; and ∂L/∂x, shape (N, features).
    public func gradient(_ batch: Batch) -> (parameters: [Double], examples: Matrix) {
        var traces: [Trace] = []
        let scores = forward(batch, leaving: &traces)
        let loss = SoftmaxCrossEntropy(labels: batch.labels)
        var dy = loss.backward(loss.forward(scores).probabilities)
        var gradient = [Double](repeating: 0, count: parameters.count)
        for index in layout.layers.indices.reversed() {
            if index < layout.layers.count - 1 {
                if !batch.masks.isEmpty {
                    dy = InvertedDropout(mask: batch.masks[index]).backward(dy)
                }
                dy = activationBackward(dy, traces[index], index, &gradient)
            }
            let affine = affine(index).backward(dy, x: traces[index].input)
            put(affine.weights.numbers, .weights, index, &gradient)
            put(affine.biases, .biases, index, &gradient)
            dy = affine.x
        }
        let penalty = L2Regularization(strength: batch.regularization)
        for range in weightRanges {
            let added = penalty.gradient(Array(parameters[range]))
            for (index, number) in zip(range, added) { gradient[index] += number }
        }
        return (gradient, dy)
    }

    /// From ∂L/∂(activation's output) to ∂L/∂(affine map).
    private func activationBackward(
        _ dy: Matrix, _ trace: Trace, _ index: Int, _ gradient: inout [Double]
    ) -> Matrix {
        let (x, y) = (trace.activationInput, trace.activationOutput)
        var dx: Matrix
        switch configuration.activation {
        case .sigmoid: dx = Sigmoid().backward(dy, y: y)
        case .tanh: dx = Tanh().backward(dy, y: y)
        case .relu: dx = ReLU().backward(dy, y: y)
        case .leakyReLU(let slope): dx = LeakyReLU(slope: slope).backward(dy, y: y)
        case .prelu:
            let result = PReLU(slopes: vector(.slopes, index)).backward(dy, x: x)
            put(result.slopes, .slopes, index, &gradient)
            dx = result.x
        case .elu: dx = ELU().backward(dy, y: y)
        case .maxout(let pieces): dx = Maxout(pieces: pieces).backward(dy, z: x)
        }
        if let normalization = normalization(index), let normalized = trace.normalized {
            let result = normalization.backward(dx, normalized)
            put(result.gamma, .gamma, index, &gradient)
            put(result.beta, .beta, index, &gradient)
            dx = result.x
        }
        return dx
    }

    // MARK: - Kinks

    /// On which side of its kink or bend each activation is: the side of 0 of rectifiers, the
    /// winning piece of maxout. Two losses whose sides differ have a kink or a bend between them.
    func sides(_ batch: Batch) -> [Int] {
        var traces: [Trace] = []
        _ = forward(batch, leaving: &traces)
        return traces.dropLast().flatMap { trace -> [Int] in
            let x = trace.activationInput
            guard case .maxout(let pieces) = configuration.activation else {
                let isJoined = configuration.activation.isJoined
                return isJoined ? x.numbers.map { $0 > 0 ? 1 : 0 } : []
            }
            let maxout = Maxout(pieces: pieces)
            return (0..<x.rows).flatMap { n in
                (0..<x.columns / pieces).map { maxout.winner(x, n, $0) }
            }
        }
    }

    /// Moves the first hidden unit's bias, or β, until its input on the first example is this far
    /// above 0, or the first of its pieces this far above the others. Nothing without such a unit.
    mutating func moveToKink(_ batch: Batch, distance: Double) {
        guard layout.layers.count > 1,
            let shift = layout.layers[0].tensor(configuration.batchNormalization ? .beta : .biases)
        else { return }
        var traces: [Trace] = []
        _ = forward(batch, leaving: &traces)
        let input = traces[0].activationInput
        let others = (1..<configuration.activation.pieces).map {
            input[0, $0 * layout.layers[0].units]
        }
        parameters[shift.offset] += (others.max() ?? 0) + distance - input[0, 0]
    }

    // MARK: - Parameters

    private func affine(_ index: Int) -> Affine {
        let layer = layout.layers[index]
        let weights = numbers(.weights, index) ?? []
        return Affine(
            weights: Matrix(rows: layer.inputs, columns: layer.columns, weights),
            biases: numbers(.biases, index))
    }

    private func normalization(_ index: Int) -> BatchNormalization? {
        guard let gamma = numbers(.gamma, index), let beta = numbers(.beta, index) else {
            return nil
        }
        return BatchNormalization(gamma: gamma, beta: beta)
    }

    private func vector(_ role: ParameterLayout.Role, _ index: Int) -> [Double] {
        numbers(role, index) ?? []
    }

    private func numbers(_ role: ParameterLayout.Role, _ index: Int) -> [Double]? {
        layout.layers[index].tensor(role).map { Array(parameters[$0.range]) }
    }

    private func put(
        _ numbers: [Double], _ role: ParameterLayout.Role, _ index: Int,
        _ gradient: inout [Double]
    ) {
        guard let tensor = layout.layers[index].tensor(role) else { return }
        gradient.replaceSubrange(tensor.range, with: numbers)
    }

    private var weightRanges: [Range<Int>] {
        layout.layers.compactMap { $0.tensor(.weights)?.range }
    }
}

extension ParameterLayout.Tensor {
    var range: Range<Int> { offset..<offset + count }
}

extension Activation {
    /// Whether its slope jumps somewhere.
    var hasKink: Bool {
        switch self {
        case .sigmoid, .tanh, .elu: false
        case .relu, .leakyReLU, .prelu, .maxout: true
        }
    }

    /// Whether it is put together of functions: its slope jumps where they meet, or bends.
    var isJoined: Bool { hasKink || self == .elu }
}
