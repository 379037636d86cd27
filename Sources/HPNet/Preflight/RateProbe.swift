/// What a learning rate does within an epoch on a part of the data: whether an end of a range is
/// where it should be.
///
/// A loss that barely changes says that the rate is too low, a loss that explodes that it is too
/// high. A range to search should reach from one to the other.
///
/// Source: Stanford CS231n, lecture 6, "Babysitting the learning process".
public struct RateProbe: Sendable, Hashable {
    /// Training examples that are looked at, at most.
    public static let examples = 4000
    /// A loss that falls by less than this share within the epoch barely changes.
    public static let fallShare = 0.01

    /// The rate that was tried.
    public var learningRate: Double
    /// Before the first update.
    public var initialLoss: Double
    /// After the epoch; nil when training diverged or was stopped.
    public var loss: Double?
    /// Whether training diverged.
    public var hasDiverged: Bool
    /// Whether it was stopped before it had ended.
    public var wasInterrupted: Bool

    /// Whether the loss barely changes.
    public var isTooLow: Bool {
        loss.map { ($0 - initialLoss).magnitude < Self.fallShare * initialLoss } ?? false
    }

    /// Whether training diverged, or left the loss higher than it was.
    public var isTooHigh: Bool {
        hasDiverged || (loss.map { $0 > (1 + Self.fallShare) * initialLoss } ?? false)
    }

    /// Trains an epoch at each rate, all else as the configuration says.
    public static func probes(
        network: NetworkConfiguration, training: TrainingConfiguration, learningRates: [Double],
        data: PreparedData, shouldStop: () -> Bool = { false }
    ) -> [RateProbe] {
        let sample = data.trainingSample(count: examples, seed: training.seed)
        let members = learningRates.map { rate in
            var member = training
            member.learningRate = rate
            member.epochs = 1
            return member
        }
        var probes = learningRates.map {
            RateProbe(
                learningRate: $0, initialLoss: 0, loss: nil, hasDiverged: false,
                wasInterrupted: false)
        }
        BundleTrainer(
            network: network, members: members, data: sample, withDiagnostics: false
        ).train(
            shouldStop: { _ in shouldStop() },
            onEnd: { member, outcome in
                probes[member].initialLoss = outcome.initialLoss
                probes[member].loss = outcome.evaluations.last?.trainingLoss
                switch outcome.end {
                case .completed: break
                case .diverged: probes[member].hasDiverged = true
                case .stopped: probes[member].wasInterrupted = true
                }
            })
        return probes
    }
}
