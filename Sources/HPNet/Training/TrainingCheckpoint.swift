/// Everything that the training of one member goes on from at the end of an epoch: what comes of
/// it has the same bits as if training had not been interrupted.
public struct TrainingCheckpoint: Sendable, Hashable {
    /// Whole epochs trained.
    public let epoch: Int
    /// Minibatches that the parameters have followed.
    let minibatches: Int
    /// The data loss of the last minibatch.
    let minibatchLoss: Double
    /// The losses of the last minibatches.
    let window: LossWindow
    /// As far as it is known.
    let outcome: TrainingOutcome
    let state: MemberState

    /// So far.
    public var evaluations: [Evaluation] { outcome.evaluations }

    /// Whether a training can go on from here: the numbers are those of its network, optimizer
    /// and length, with diagnostics or without.
    public func fits(
        network: NetworkConfiguration, training: TrainingConfiguration, data: PreparedData,
        withDiagnostics: Bool = true
    ) -> Bool {
        let shape = ParameterLayout(
            features: data.featureCount, network: network,
            classes: data.dataset.classCount)
        let columns =
            network.batchNormalization ? shape.layers.dropLast().map(\.columns) : []
        let perEpoch = BundleTrainer.minibatches(
            of: data.split.training.count,
            size: min(training.batchSize, data.split.training.count), share: 1)
        return epoch >= 1 && Double(epoch) < training.epochs && minibatches == epoch * perEpoch
            && state.arenas.map(\.count)
                == Array(repeating: shape.count, count: training.optimizer.arenaCount)
            && state.runningMeans.map(\.count) == columns
            && state.runningVariances.map(\.count) == columns
            && window.fits(LossWindow(training, trainingExamples: data.split.training.count))
            && outcome.evaluations.count == epoch
            && outcome.validationRows?.fits(rows: data.split.validation.count) == true
            && (outcome.diagnostics != nil) == withDiagnostics
    }
}
