import HPMath

/// Compares gradients with what the loss does when a parameter is moved a little.
///
/// For each parameter the centred difference (L(w + h) − L(w − h))/2h with h = 1e-5 is compared
/// with the gradient: |a − n|/max(|a|, |n|). CS231n notes, "Neural Networks 3": above 1e-2 the
/// gradient is wrong; 1e-4 is right where there are kinks; without them it should be 1e-7. In
/// double precision, on few examples, with and without regularization, dropout off or with one
/// mask.
///
/// A step across a kink makes an honest gradient look wrong: where any activation is on another
/// side at w + h than at w − h the parameter is passed over, and counted. So it is across 0 of an
/// ELU, whose slope bends there: the difference is off by up to h/4 of the gradient, which is more
/// than 1e-7. Gradients below a floor are compared with the floor instead of with themselves: the
/// difference of two losses near 2.3 carries rounding of about 2⁻⁵²·2.3/2h ≈ 3e-11, which would be
/// a large part of a very small gradient.
public struct GradientCheck: Sendable, Hashable {
    /// What was found for one array of parameters.
    public struct Row: Sendable, Hashable {
        /// `hidden 1 weights`, `output biases`, `examples`, ...
        public var name: String
        /// Numbers that were compared.
        public var compared: Int
        /// Numbers that were passed over for a kink.
        public var kinks: Int
        /// The largest relative error of those compared.
        public var largestError: Double
    }

    /// One for each array of parameters in their order, then the examples.
    public var rows: [Row]
    /// What an error may be: 1e-7, or 1e-4 with kinks.
    public var limit: Double

    /// The largest relative error.
    public var largestError: Double { rows.map(\.largestError).max() ?? 0 }

    /// Whether every gradient is right, and enough of each array was compared to say so.
    public var isPassed: Bool {
        rows.allSatisfy { $0.largestError <= limit && $0.compared > $0.kinks }
    }

    static let step = 1e-5
    static let floor = 1e-3
    private static let numbersOfArray = 30

    /// Checks a network on a minibatch.
    public init(of network: ReferenceNetwork, on batch: ReferenceNetwork.Batch) {
        self.init(of: network, on: batch, gradient: network.gradient(batch))
    }

    /// Checks a gradient that may be wrong.
    init(
        of network: ReferenceNetwork, on batch: ReferenceNetwork.Batch,
        gradient: (parameters: [Double], examples: Matrix)
    ) {
        limit = network.configuration.activation.hasKink ? 1e-4 : 1e-7
        rows = network.layout.layers.enumerated().flatMap { index, layer in
            layer.tensors.map { tensor in
                let isOutput = index == network.layout.layers.count - 1
                return Self.row(
                    named: (isOutput ? "output" : "hidden \(index + 1)") + " "
                        + tensor.role.rawValue,
                    indices: tensor.range, gradient: gradient.parameters
                ) { parameter, change in
                    var moved = network
                    moved.parameters[parameter] += change
                    return (moved, batch)
                }
            }
        }
        rows.append(
            Self.row(
                named: "examples", indices: 0..<batch.examples.numbers.count,
                gradient: gradient.examples.numbers
            ) { number, change in
                var moved = batch
                moved.examples.numbers[number] += change
                return (network, moved)
            })
    }

    private static func row(
        named name: String, indices: Range<Int>, gradient: [Double],
        moved: (Int, Double) -> (ReferenceNetwork, ReferenceNetwork.Batch)
    ) -> Row {
        var row = Row(name: name, compared: 0, kinks: 0, largestError: 0)
        // Every number of a small array, evenly spread ones of a large one.
        let stride = max(1, indices.count / numbersOfArray)
        for index in Swift.stride(from: indices.lowerBound, to: indices.upperBound, by: stride) {
            let (above, aboveBatch) = moved(index, step)
            let (below, belowBatch) = moved(index, -step)
            guard above.sides(aboveBatch) == below.sides(belowBatch) else {
                row.kinks += 1
                continue
            }
            let rise = total(above.loss(aboveBatch)) - total(below.loss(belowBatch))
            let slope = rise / (2 * step)
            let scale = max(floor, slope.magnitude, gradient[index].magnitude)
            row.compared += 1
            let error = (slope - gradient[index]).magnitude / scale
            // What is no number must not pass for a small error.
            row.largestError = max(row.largestError, error.isNaN ? .infinity : error)
        }
        return row
    }

    private static func total(_ loss: (data: Double, regularization: Double)) -> Double {
        loss.data + loss.regularization
    }
}

extension GradientCheck {
    /// Checks a network of a few units with made-up parameters and examples, alike on every
    /// machine: what is checked are the definitions of the layers, not a network's size.
    ///
    /// - Parameters:
    ///   - activation: of every hidden layer.
    ///   - batchNormalization: whether every hidden layer has it.
    ///   - depth: hidden layers.
    ///   - regularization: λ
    ///   - dropout: the probability that an output is dropped, by one fixed mask.
    ///   - isAtKink: whether the first unit is within h of its kink, or of an ELU's bend, on the
    ///     first example, so that there is something to pass over.
    public static func ofSmallNetwork(
        activation: Activation, batchNormalization: Bool, depth: Int = 2,
        regularization: Double = 0, dropout: Double = 0, isAtKink: Bool = false
    ) -> GradientCheck {
        var (network, batch) = smallNetwork(
            activation: activation, batchNormalization: batchNormalization, depth: depth,
            regularization: regularization, dropout: dropout)
        if isAtKink { network.moveToKink(batch, distance: step / 4) }
        return GradientCheck(of: network, on: batch)
    }

    static func smallNetwork(
        activation: Activation, batchNormalization: Bool, depth: Int, regularization: Double,
        dropout: Double
    ) -> (network: ReferenceNetwork, batch: ReferenceNetwork.Batch) {
        let hidden = (0..<depth).map { 7 - $0 % 3 }
        let configuration = NetworkConfiguration(
            hidden: hidden, activation: activation, batchNormalization: batchNormalization)
        // Of fewer examples batch normalization's variance may be so small that h bends the loss.
        let (features, classes, examples) = (5, 4, 12)
        var stream = RandomStream(seed: 1, purpose: .initialization)
        let layout = ParameterLayout(
            features: features, network: configuration, classes: classes)
        let parameters = layout.layers.flatMap { layer in
            layer.tensors.flatMap { tensor in
                (0..<tensor.count).map { _ in
                    switch tensor.role {
                    case .weights: stream.nextNormal() / Double(layer.inputs).squareRoot()
                    case .biases, .beta: 0.3 * stream.nextNormal()
                    case .gamma: 0.5 + stream.nextUnit()
                    case .slopes: 0.1 + 0.5 * stream.nextUnit()
                    }
                }
            }
        }
        let network = ReferenceNetwork(
            configuration, features: features, classes: classes, parameters: parameters)
        let numbers = (0..<examples * features).map { _ in stream.nextNormal() }
        let masks = hidden.map { units in
            Matrix(
                rows: examples, columns: units,
                (0..<examples * units).map { _ in
                    stream.nextUnit() < dropout ? 0 : 1 / (1 - dropout)
                })
        }
        let batch = ReferenceNetwork.Batch(
            examples: Matrix(rows: examples, columns: features, numbers),
            labels: (0..<examples).map { $0 % classes }, regularization: regularization,
            masks: dropout > 0 ? masks : [])
        return (network, batch)
    }
}
