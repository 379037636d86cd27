/// What training takes of a machine's memory, in single-precision numbers.
public enum BundleMemory {
    /// 4 GiB: what is larger is not trained, on any machine, lest a trial's state depend on where
    /// it ran.
    public static let floatMaximum = 1 << 30

    /// An upper bound for one member: parameters, the optimizer's memory of them, and a minibatch
    /// with its gradients; without the data.
    public static func floatCount(
        network: NetworkConfiguration, training: TrainingConfiguration, data: PreparedData
    ) -> Int {
        let shape = ParameterLayout(
            features: data.featureCount, network: network,
            classes: data.dataset.classCount)
        let batch = max(min(training.batchSize, data.split.training.count), Evaluator.batchSize)
        let layers = shape.layers.reduce(0) { $0 + 3 * $1.columns + 3 * $1.units }
        return 3 * shape.count + batch * (shape.layers[0].inputs + layers)
    }
}
