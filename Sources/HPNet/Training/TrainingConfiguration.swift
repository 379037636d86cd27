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
    /// μ of the optimizers `momentum` and `nesterov`.
    public var momentum: Double
    /// d of the optimizer `rmsprop`.
    public var rmspropDecay: Double
    /// β₁ of the optimizer `adam`.
    public var beta1: Double
    /// β₂ of the optimizer `adam`.
    public var beta2: Double
    /// ε of the optimizers `rmsprop` and `adam`.
    public var epsilon: Double
    /// The probability that a hidden unit's output is dropped for an example.
    public var dropout: Double
    /// The factor of `schedule`; 1 keeps the learning rate.
    public var learningRateDecay: Double
    /// How the learning rate falls after whole epochs.
    public var schedule: LearningRateSchedule
    /// Examples of a minibatch; the last one of an epoch may have fewer.
    public var batchSize: Int
    /// A fraction trains that share of the minibatches, rounded up.
    public var epochs: Double
    /// A trial has diverged when the mean data loss of the last examples, at least 256 and a
    /// minibatch, is above this many times the larger of the initial one and ln(classes).
    public var lossFactor: Double
    /// Of the first weights and the shuffles.
    public var seed: UInt64
    /// Trials of one seed and replicate share first weights and shuffles.
    public var replicate: UInt32

    /// Takes what a training needs, the rest as in the lecture.
    ///
    /// - Precondition: `batchSize` is at least 1, `epochs` above 0, `dropout`, `rmspropDecay`,
    ///   `beta1` and `beta2` in [0, 1), `epsilon` and `learningRateDecay` above 0.
    public init(
        optimizer: Optimizer = .momentum, learningRate: Double, regularization: Double = 0,
        momentum: Double = 0.9, rmspropDecay: Double = 0.99, beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double = 1e-8, dropout: Double = 0,
        learningRateDecay: Double = 1, schedule: LearningRateSchedule = .exponential,
        batchSize: Int = 100, epochs: Double, lossFactor: Double = 3, seed: UInt64 = 0,
        replicate: UInt32 = 0
    ) {
        precondition(batchSize >= 1 && epochs > 0, "training needs a batch and some epochs")
        precondition((0..<1).contains(dropout), "dropout is a probability below 1")
        precondition(
            [rmspropDecay, beta1, beta2].allSatisfy { (0..<1).contains($0) },
            "averages forget: their decay lies from 0 to below 1")
        precondition(
            epsilon > 0 && learningRateDecay > 0, "epsilon and learning-rate decay are above 0")
        if case .step(let epochs) = schedule {
            precondition(epochs >= 1, "a step has at least one epoch")
        }
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.regularization = regularization
        self.momentum = momentum
        self.rmspropDecay = rmspropDecay
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.dropout = dropout
        self.learningRateDecay = learningRateDecay
        self.schedule = schedule
        self.batchSize = batchSize
        self.epochs = epochs
        self.lossFactor = lossFactor
        self.seed = seed
        self.replicate = replicate
    }
}

extension TrainingConfiguration {
    /// The learning rate of an epoch, from 0.
    public func learningRate(inEpoch epoch: Int) -> Double {
        switch schedule {
        case .exponential: Self.repeated(learningRateDecay, epoch, times: learningRate)
        case .step(let epochs):
            Self.repeated(learningRateDecay, epoch / epochs, times: learningRate)
        case .inverse: learningRate / (1 + (1 / learningRateDecay - 1) * Double(epoch))
        }
    }

    /// One product after the other, as an epoch follows the other.
    private static func repeated(_ factor: Double, _ count: Int, times first: Double) -> Double {
        (0..<count).reduce(first) { product, _ in product * factor }
    }
}
