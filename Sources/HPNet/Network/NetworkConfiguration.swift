/// What follows the affine map of a hidden layer.
public enum Activation: Sendable, Hashable {
    /// 1/(1 + e^(−x))
    case sigmoid
    /// (e^x − e^(−x))/(e^x + e^(−x))
    case tanh
    /// max(x, 0)
    case relu
    /// x where x > 0, slope·x elsewhere
    case leakyReLU(slope: Double)
    /// x where x > 0, a·x elsewhere, with a slope a for each unit that is learned and begins at
    /// `preluSlopeFirst`.
    case prelu
    /// x where x > 0, e^x − 1 elsewhere
    case elu
    /// The largest of some affine maps.
    case maxout(pieces: Int)

    /// Affine maps that a unit has: 1 but for maxout.
    public var pieces: Int {
        if case .maxout(let pieces) = self { pieces } else { 1 }
    }

    /// Where the learned slopes of PReLU begin (He, Zhang, Ren and Sun 2015).
    public static let preluSlopeFirst = 0.25

    /// The activations with their usual numbers, in the order of the lecture.
    public static let usual: [Activation] = [
        .sigmoid, .tanh, .relu, .leakyReLU(slope: 0.01), .prelu, .elu, .maxout(pieces: 2),
    ]
}

/// How the weights of hidden layers begin; biases begin at 0, the output layer at 0.01·randn.
public enum Initialization: Sendable, Hashable {
    /// 0, the output layer's too: every unit of a layer computes the same, and goes on to.
    case zero
    /// 0.01·randn
    case small
    /// 1.0·randn
    case large
    /// randn/√fan_in (Glorot and Bengio 2010, as the lecture has it)
    case xavier
    /// randn·√(2/fan_in) (He, Zhang, Ren and Sun 2015)
    case he
    /// The given number times randn.
    case scale(Double)
}

/// A multilayer perceptron, but for the numbers of features and classes, which the data gives.
public struct NetworkConfiguration: Sendable, Hashable {
    /// Units of each hidden layer, from the input on; empty for a linear classifier.
    public var hidden: [Int]
    /// What follows each hidden layer.
    public var activation: Activation
    /// How the weights of hidden layers begin.
    public var initialization: Initialization
    /// Whether the affine map of each hidden layer is normalized over the minibatch.
    public var batchNormalization: Bool

    /// - Precondition: every layer has at least one unit, a leaky ReLU's slope lies in [0, 1), a
    ///   maxout unit has at least one piece, and the scale of the first weights isn't negative.
    public init(
        hidden: [Int], activation: Activation = .relu, initialization: Initialization = .he,
        batchNormalization: Bool = false
    ) {
        precondition(hidden.allSatisfy { $0 >= 1 }, "a layer has at least one unit")
        precondition(activation.pieces >= 1, "a maxout unit has at least one piece")
        if case .leakyReLU(let slope) = activation {
            precondition((0..<1).contains(slope), "a leaky slope lies from 0 to below 1")
        }
        if case .scale(let scale) = initialization {
            precondition(scale >= 0 && scale.isFinite, "a scale is at least 0")
        }
        self.hidden = hidden
        self.activation = activation
        self.initialization = initialization
        self.batchNormalization = batchNormalization
    }
}
