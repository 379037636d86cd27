import HPMath

/// The loss of the first weights, before anything is trained.
///
/// A network that knows nothing yet gives every class the same probability, so its data loss is
/// ln C, 2.302 for ten classes. Another number means that the first weights or the data are off.
/// And more regularization must cost more: else it regularizes nothing.
///
/// Source: Stanford CS231n, "Neural Networks 3: Sanity checks".
public struct InitialLoss: Sendable, Hashable {
    /// How far from chance the loss may be, as a share of it.
    public static let toleranceShare = 0.1

    /// The mean cross-entropy before the first update as ``TrainingOutcome/initialLoss`` has it;
    /// regularization is no part of it.
    public var dataLoss: Double
    /// ln C
    public var chance: Double
    /// What regularization adds, in the order of `strengths`; empty where the loss is no number.
    public var regularizationLosses: [Double]

    /// Asks the engine, with the parameters that a training of this seed begins with.
    ///
    /// - Parameters:
    ///   - network: whose loss it is.
    ///   - training: seed of the first weights, and minibatches as batch normalization sees them.
    ///   - data: on whose training split it is measured.
    ///   - strengths: of L2, ascending, at least one.
    ///   - bundleMaximum: how many networks there may be in memory, at least 1.
    public init(
        network: NetworkConfiguration, training: TrainingConfiguration, data: PreparedData,
        strengths: [Double], bundleMaximum: Int = .max
    ) {
        let members = strengths.map { strength in
            var member = training
            member.regularization = strength
            member.lossFactor = .infinity
            return member
        }
        var outcomes: [TrainingOutcome] = []
        let size = min(bundleMaximum, members.count)
        for start in stride(from: 0, to: members.count, by: size) {
            let bundle = Array(members[start..<min(start + size, members.count)])
            BundleTrainer(network: network, members: bundle, data: data).train(
                shouldStop: { _ in true }, onEnd: { outcomes.append($1) })
        }
        dataLoss = outcomes[0].initialLoss
        chance = HPMath.log(Double(data.dataset.classCount))
        regularizationLosses = outcomes.compactMap {
            $0.diagnostics?.epochs.first?.regularizationLoss
        }
    }

    /// Whether the loss is that of a network that knows nothing.
    public var isAtChance: Bool {
        (dataLoss - chance).magnitude <= Self.toleranceShare * chance
    }

    /// Whether each strength costs more than the one before.
    public var risesWithRegularization: Bool {
        regularizationLosses.count > 1
            && zip(regularizationLosses, regularizationLosses.dropFirst()).allSatisfy { $0 < $1 }
    }
}
