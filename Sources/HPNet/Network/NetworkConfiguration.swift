/// What follows the affine map of a hidden layer.
public enum Activation: String, Sendable, CaseIterable {
    case relu
    case tanh
}

/// How the weights of hidden layers begin; biases begin at 0, the output layer at 0.01·randn.
public enum Initialization: String, Sendable, CaseIterable {
    /// 0.01·randn
    case small
    /// randn/√fan_in (Glorot and Bengio 2010, as the lecture has it)
    case xavier
    /// randn·√(2/fan_in) (He, Zhang, Ren and Sun 2015)
    case he
}

/// A multilayer perceptron, but for the numbers of features and classes, which the data gives.
public struct NetworkConfiguration: Sendable, Hashable {
    /// Units of each hidden layer, from the input on; empty for a linear classifier.
    public var hidden: [Int]
    /// What follows each hidden layer.
    public var activation: Activation
    /// How the weights of hidden layers begin.
    public var initialization: Initialization

    /// - Precondition: every layer has at least one unit.
    public init(
        hidden: [Int], activation: Activation = .relu, initialization: Initialization = .he
    ) {
        precondition(hidden.allSatisfy { $0 >= 1 }, "a layer has at least one unit")
        self.hidden = hidden
        self.activation = activation
        self.initialization = initialization
    }
}
