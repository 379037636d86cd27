/// Whether a network can learn twenty examples by heart.
///
/// Without regularization and dropout the loss on so few examples must go to nearly zero and every
/// one of them be told right. A network that can't do that won't learn a whole data set: it is not
/// worth proceeding. Something is wrong with its weights, its rate, its size, or its data: equal
/// examples with different labels can't be told apart by anybody.
///
/// Source: Stanford CS231n, "Neural Networks 3: Sanity checks", and lecture 6, where it takes SGD
/// 200 epochs to 0.0026.
public struct Overfitting: Sendable, Hashable {
    /// Or all, where there are fewer.
    public static let examples = 20
    /// At most; it ends with the first rate that makes it.
    public static let epochs = 200
    /// Small minibatches: 800 updates at most, so that a rate which is right for a whole data set
    /// gets as far here.
    public static let batchSizeMaximum = 5
    /// Nearly zero.
    public static let lossLimit = 0.01

    /// One learning rate.
    public struct Attempt: Sendable, Hashable {
        /// From the first epoch to the last.
        public var learningRate: Double
        /// Before the first update.
        public var initialLoss: Double
        /// The lowest that it came to after an epoch; nil when it diverged in the first.
        public var loss: Double?
        /// The share of the examples that were told right then.
        public var accuracy: Double
        /// How many epochs that took.
        public var epochs: Double

        /// Whether the examples were learned by heart.
        public var isSuccessful: Bool {
            accuracy == 1 && (loss.map { $0 < Overfitting.lossLimit } ?? false)
        }
    }

    /// In the order of the rates.
    public let attempts: [Attempt]
    /// Whether it was stopped before the end.
    public let wasInterrupted: Bool

    /// Trains until a rate succeeds or all have had their epochs.
    ///
    /// - Parameters:
    ///   - network: that is to learn them.
    ///   - training: optimizer and seed, and the batch size where it is smaller.
    ///   - learningRates: tried side by side, at least one.
    ///   - data: of whose training split the twenty are taken.
    ///   - shouldStop: asked before each minibatch.
    public init(
        network: NetworkConfiguration, training: TrainingConfiguration, learningRates: [Double],
        data: PreparedData, shouldStop: () -> Bool = { false }
    ) {
        let sample = data.trainingSample(count: Self.examples, seed: training.seed)
        let members = learningRates.map { Self.configuration(training, $0) }
        var attempts = learningRates.map {
            Attempt(learningRate: $0, initialLoss: 0, loss: nil, accuracy: 0, epochs: 0)
        }
        var wasInterrupted = false
        var isDone = false
        BundleTrainer(
            network: network, members: members, data: sample, withDiagnostics: false
        ).train(
            shouldStop: { _ in
                if !isDone, !wasInterrupted { wasInterrupted = shouldStop() }
                return isDone || wasInterrupted
            },
            onEvaluation: { member, evaluation in
                attempts[member].follow(evaluation)
                if attempts[member].isSuccessful { isDone = true }
            },
            onEnd: { attempts[$0].initialLoss = $1.initialLoss })
        self.attempts = attempts
        self.wasInterrupted = wasInterrupted
    }

    /// The attempt that succeeded, or came nearest; the earlier of equals.
    public var best: Attempt {
        attempts.dropFirst().reduce(attempts[0]) { best, next in
            if best.isSuccessful { return best }
            let isBetter = (next.loss ?? .infinity) < (best.loss ?? .infinity)
            return next.isSuccessful || isBetter ? next : best
        }
    }

    private static func configuration(
        _ training: TrainingConfiguration, _ rate: Double
    ) -> TrainingConfiguration {
        var training = training
        training.learningRate = rate
        training.learningRateDecay = 1
        training.regularization = 0
        training.dropout = 0
        training.batchSize = min(training.batchSize, batchSizeMaximum)
        training.epochs = Double(epochs)
        return training
    }
}

extension Overfitting.Attempt {
    fileprivate mutating func follow(_ evaluation: Evaluation) {
        if let loss, loss <= evaluation.trainingLoss { return }
        loss = evaluation.trainingLoss
        accuracy = evaluation.trainingAccuracy
        epochs = evaluation.epoch
    }
}
