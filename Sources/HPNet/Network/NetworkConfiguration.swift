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
///
/// randn is a number from the normal distribution with mean 0 and deviation 1, another for each
/// weight of W, shape (I, O); fan_in is I. Before the first update the terms of y = x·W are
/// independent and have mean 0, so that variances add up,
///
///     Var(y) = fan_in·Var(W)·E(x²)
///
/// and the same on the way back with fan_out, which is O. Where fan_in·Var(W) is well below 1
/// activations and gradients vanish layer by layer, where it is well above they grow or saturate.
///
/// Sources: CS231n notes, "Neural Networks 2", weight initialization, and the papers named below.
/// Watch: the standard deviations of each layer's outputs before the first update, which should be
/// level; the flags `symmetric`, `vanishing`, `saturated` and `initial-loss`.
public enum Initialization: Sendable, Hashable {
    /// 0, the output layer's too: every unit of a layer computes the same, and goes on to.
    case zero
    /// 0.01·randn. Fine for one hidden layer; with 500 inputs each further one keeps √500·0.01, a
    /// fifth, of the deviation.
    case small
    /// 1.0·randn. With 500 inputs of size 1 the affine map has a deviation of 22: tanh saturates,
    /// and rectifiers grow from layer to layer.
    case large
    /// randn/√fan_in, which makes fan_in·Var(W) = 1: for tanh and maxout.
    ///
    /// Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    /// networks", average what the ways forward and back ask for: Var(W) = 2/(fan_in + fan_out).
    /// This is the lecture's form, with fan_in alone; where layers are equally wide they are one.
    case xavier
    /// randn·√(2/fan_in), which makes fan_in·Var(W) = 2: a rectifier sets half of its inputs to 0,
    /// E(max(y, 0)²) is half of Var(y), and the 2 gives it back.
    ///
    /// He, Zhang, Ren and Sun 2015, "Delving Deep into Rectifiers", section 2.2, with fan_in as
    /// here; with fan_out the way back is level instead, and either is enough.
    case he
    /// The given number times randn, whatever the layer's width: at least 0.
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
