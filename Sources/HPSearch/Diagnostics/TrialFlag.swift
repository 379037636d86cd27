/// A short mark on a trial: what its training shows, and which setting to move.
package enum TrialFlag: String, Sendable, CaseIterable {
    /// The loss barely changed.
    case learningRateLow = "lr-low"
    /// Training diverged, or ended above the loss that it began with.
    case learningRateHigh = "lr-high"
    /// The loss before the first update is not that of chance.
    case initialLoss = "initial-loss"
    /// All units of a layer are the same.
    case symmetric
    /// Many units give 0 for every example.
    case deadReLU = "dead-relu"
    /// Many outputs lie where the activation is flat.
    case saturated
    /// Activations or gradients shrink layer by layer.
    case vanishing
    /// The loss was flat at first and fell later.
    case lateStart = "late-start"
    /// The loss fell, and then stood still while the weights went on moving.
    case plateau
    /// The loss of the same training examples keeps rising between evaluations.
    case noisy
    /// Updates are large beside the weights.
    case updateHigh = "update-high"
    /// Updates are small beside the weights.
    case updateLow = "update-low"
    /// The regularization loss drowns the data loss.
    case regularizationDominates = "reg-dominates"
    /// Training accuracy is far above validation accuracy.
    case overfit
    /// Training stands still at an accuracy that validation reaches, too.
    case underfit
    /// The objective rose to the end by more than noise.
    case stillImproving = "still-improving"
    /// The best evaluation is out of line with those beside it.
    case luckyEpoch = "lucky-epoch"
}

/// What to do about a flag.
package struct FlagAdvice: Sendable, Hashable {
    package enum Direction: String, Sendable, CaseIterable {
        case raise
        case lower
        case change
    }

    /// A setting of a spec, or `epochs` of its stage.
    package var parameter: String
    package var direction: Direction
    /// A sentence without its full stop.
    package var because: String

    /// `raise learning_rate`
    package var move: String { "\(direction.rawValue) \(parameter)" }
}

extension TrialFlag {
    /// The setting to move, where to, and why.
    package var advice: FlagAdvice {
        switch self {
        case .learningRateLow:
            .init(.raise, "learning_rate", "the loss barely changed: the steps are too short")
        case .learningRateHigh:
            .init(.lower, "learning_rate", "the loss grew or diverged: the steps are too long")
        case .initialLoss:
            .init(
                .change, "init",
                "before the first update the loss is not ln(classes): weights or inputs are too "
                    + "large, or something is wrong")
        case .symmetric:
            .init(
                .change, "init",
                "all units of a layer have the same weights and will keep them: begin with random "
                    + "ones")
        case .deadReLU:
            .init(
                .lower, "learning_rate",
                "many units give 0 for every example: a long step has killed them, or a leaky "
                    + "activation is wanted")
        case .saturated:
            .init(
                .change, "init",
                "most outputs lie where the activation is flat: begin with smaller weights (xavier)"
            )
        case .vanishing:
            .init(
                .change, "init",
                "activations or gradients shrink layer by layer: xavier for tanh, he for relu, or "
                    + "batch_norm")
        case .lateStart:
            .init(
                .change, "init",
                "the loss was flat at first, or still is though the weights move: a bad start")
        case .plateau:
            .init(
                .lower, "learning_rate",
                "the loss fell and then stood still while the weights went on moving")
        case .noisy:
            .init(
                .raise, "batch_size",
                "the loss of the same training examples rises again and again: updates follow "
                    + "single minibatches (a lower learning_rate helps, too)")
        case .updateHigh:
            .init(
                .lower, "learning_rate",
                "each update changes the weights by more than about a hundredth; a thousandth is "
                    + "usual")
        case .updateLow:
            .init(
                .raise, "learning_rate",
                "each update changes the weights by less than about a ten-thousandth; a thousandth "
                    + "is usual")
        case .regularizationDominates:
            .init(.lower, "reg", "the regularization loss drowns the data loss")
        case .overfit:
            .init(.raise, "reg", "training accuracy is far above validation accuracy")
        case .underfit:
            .init(
                .raise, "hidden",
                "training stands still at an accuracy that validation reaches, too: more capacity")
        case .stillImproving:
            .init(
                .raise, "epochs",
                "the objective rose to the end by more than noise: more epochs may give more")
        case .luckyEpoch:
            .init(
                .change, "objective.at",
                "the best epoch is better than both beside it by more than its standard error: "
                    + "part of the value is luck, which the last epoch's has no share in")
        }
    }
}

extension FlagAdvice {
    fileprivate init(_ direction: Direction, _ parameter: String, _ because: String) {
        self.init(parameter: parameter, direction: direction, because: because)
    }
}
