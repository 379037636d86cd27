/// How the weights follow the gradient.
public enum Optimizer: String, Sendable, CaseIterable {
    /// w −= rate·g
    case sgd
    /// v = μ·v − rate·g, w += v
    case momentum
}

/// How a network is trained.
///
/// The loss is the mean cross-entropy of a softmax over the minibatch plus
/// 0.5·regularization·Σ‖W‖² over weights without biases.
public struct TrainingConfiguration: Sendable, Hashable {
    /// How the weights follow the gradient.
    public var optimizer: Optimizer
    /// In the first epoch.
    public var learningRate: Double
    /// The strength of L2.
    public var regularization: Double
    /// μ of the optimizer `momentum`.
    public var momentum: Double
    /// The probability that a hidden unit's output is dropped for an example.
    public var dropout: Double
    /// Multiplies the learning rate after each whole epoch.
    public var learningRateDecay: Double
    /// Examples of a minibatch; the last one of an epoch may have fewer.
    public var batchSize: Int
    /// A fraction trains that share of the minibatches, rounded up.
    public var epochs: Double
    /// A trial has diverged when a minibatch's data loss is above this many times the larger of
    /// the initial data loss and ln(classes).
    public var lossFactor: Double
    /// Of the first weights and the shuffles.
    public var seed: UInt64
    /// Trials of one seed and replicate share first weights and shuffles.
    public var replicate: UInt32

    /// Takes what a training needs, the rest as in the lecture.
    ///
    /// - Precondition: `batchSize` is at least 1, `epochs` above 0 and `dropout` in [0, 1).
    public init(
        optimizer: Optimizer = .momentum, learningRate: Double, regularization: Double = 0,
        momentum: Double = 0.9, dropout: Double = 0, learningRateDecay: Double = 1,
        batchSize: Int = 100,
        epochs: Double, lossFactor: Double = 3, seed: UInt64 = 0, replicate: UInt32 = 0
    ) {
        precondition(batchSize >= 1 && epochs > 0, "training needs a batch and some epochs")
        precondition((0..<1).contains(dropout), "dropout is a probability below 1")
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.regularization = regularization
        self.momentum = momentum
        self.dropout = dropout
        self.learningRateDecay = learningRateDecay
        self.batchSize = batchSize
        self.epochs = epochs
        self.lossFactor = lossFactor
        self.seed = seed
        self.replicate = replicate
    }
}
