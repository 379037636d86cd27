/// Metrics after an epoch. Losses are data losses, without regularization, in nats.
public struct Evaluation: Sendable, Hashable, Codable {
    /// Epochs trained so far.
    public var epoch: Double
    /// In force during the epoch that ended.
    public var learningRate: Double
    /// The share of the validation split that is classified right.
    public var validationAccuracy: Double
    /// How far that may be off because the split is a sample: √(p(1 − p)/(n + 1)) with
    /// p = (right + ½)/(n + 1), never 0.
    public var validationAccuracyStandardError: Double
    /// The mean cross-entropy on the validation split.
    public var validationLoss: Double
    /// The standard deviation of the examples' losses over √n.
    public var validationLossStandardError: Double
    /// On the fixed sample of the training split.
    public var trainingAccuracy: Double
    /// The mean cross-entropy on the same sample.
    public var trainingLoss: Double
}

/// Why training can't go on.
public struct Divergence: Sendable, Hashable {
    /// What showed it.
    public enum Reason: String, Sendable, CaseIterable {
        case nan
        case infinity
        /// The mean data loss of the last examples rose above the factor of the configuration.
        case lossFactor = "loss-factor"
    }

    /// What showed it.
    public var reason: Reason
    /// The epoch in which it happened, from 1.
    public var epoch: Int
    /// The mean data loss of the last examples where that rose above the factor; else of the last
    /// minibatch.
    public var loss: Double
    /// The mean data loss in training mode before the first update, over the examples that training
    /// begins with, as many as are judged.
    public var initialLoss: Double
    /// The last examples that were held against the factor: at least 256 and a minibatch, an epoch
    /// where that has fewer. Fewer before so many were trained on.
    public var examples: Int
}

/// What came of training.
public struct TrainingOutcome: Sendable, Hashable {
    /// How training ended.
    public enum End: Sendable, Hashable {
        case completed
        case diverged(Divergence)
        /// The caller asked for the end.
        case stopped
    }

    /// How training ended.
    public var end: End
    /// The data loss before the first update, on the training sample. With batch normalization,
    /// which has no running statistics yet, the mean in training mode over the minibatches that
    /// training begins with, at least 256 examples or an epoch.
    public var initialLoss: Double
    /// After each whole epoch, and at the end.
    public var evaluations: [Evaluation]
    /// Whole epochs and the share of the last one that were trained.
    public var epochsTrained: Double
    /// Which rows of the validation split were classified right; nil before the first evaluation.
    public internal(set) var validationRows: ValidationRows?
    /// What a look inside showed; nil when none was asked for.
    public var diagnostics: TrainingDiagnostics?

    /// The evaluation with the best validation accuracy, the earliest of equals.
    public var best: Evaluation? {
        evaluations.reduce(nil as Evaluation?) { best, next in
            guard let best, best.validationAccuracy >= next.validationAccuracy else { return next }
            return best
        }
    }
}
