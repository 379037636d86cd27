/// Trains one network on prepared data; a function of the configuration and the data alone.
public final class Trainer {
    let bundle: BundleTrainer

    /// Allocates everything that training needs, and draws the first weights.
    public init(
        network configuration: NetworkConfiguration, training: TrainingConfiguration,
        data: PreparedData
    ) {
        bundle = BundleTrainer(network: configuration, members: [training], data: data)
    }

    /// SHA-256 of all weights and biases.
    public var weightsDigest: String { bundle.weightsDigests[0] }

    /// The weights and biases as they are: per layer W, shape (inputs, outputs) row-major, then b,
    /// shape (outputs).
    public var parameters: [Float] { bundle.parameters(of: 0) }

    /// Trains to the end.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each minibatch; true ends training.
    ///   - onEvaluation: told of each evaluation as it is made.
    /// - Precondition: it is called once.
    public func train(
        shouldStop: () -> Bool = { false }, onEvaluation: (Evaluation) -> Void = { _ in }
    ) -> TrainingOutcome {
        var outcome: TrainingOutcome?
        bundle.train(
            shouldStop: { _ in shouldStop() }, onEvaluation: { onEvaluation($1) },
            onEnd: { outcome = $1 })
        guard let outcome else { preconditionFailure("every member of a bundle ends") }
        return outcome
    }
}
