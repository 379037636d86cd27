import HPNet

/// A trial whose weights must be the same in every build, with all kernels, alone and in bundles.
struct IdentityCase {
    var name: String
    var network: NetworkConfiguration
    var preprocessing: [Preprocessing]
    var optimizer: Optimizer
    var schedule: LearningRateSchedule
    var learningRate = 0.05

    /// Of bundles; the first is the trial alone.
    static let sizes = [1, 2, 3, 8, 16]

    /// Each activation once, and a linear classifier: all that the engine has is in one of them.
    static let all = [
        IdentityCase(
            name: "linear", network: NetworkConfiguration(hidden: [], initialization: .zero),
            preprocessing: [], optimizer: .sgd, schedule: .exponential),
        IdentityCase(
            name: "sigmoid", network: net(.sigmoid, .large), preprocessing: [.zeroMean],
            optimizer: .nesterov, schedule: .step(epochs: 1)),
        IdentityCase(
            name: "tanh", network: net(.tanh, .xavier), preprocessing: [.normalize],
            optimizer: .momentum, schedule: .exponential),
        IdentityCase(
            name: "relu", network: net(.relu, .he, batchNormalization: true),
            preprocessing: [.normalize], optimizer: .momentum, schedule: .inverse),
        IdentityCase(
            name: "leaky relu", network: net(.leakyReLU(slope: 0.1), .small),
            preprocessing: [.pca(components: 20)], optimizer: .rmsprop, schedule: .inverse,
            learningRate: 0.005),
        IdentityCase(
            name: "prelu", network: net(.prelu, .he, batchNormalization: true),
            preprocessing: [.zeroMean, .whiten(components: 30, epsilon: 1e-3)], optimizer: .adam,
            schedule: .step(epochs: 2), learningRate: 0.005),
        IdentityCase(
            name: "elu", network: net(.elu, .scale(0.05)), preprocessing: [.zeroMean],
            optimizer: .adam, schedule: .exponential, learningRate: 0.005),
        IdentityCase(
            name: "maxout", network: net(.maxout(pieces: 3), .he, batchNormalization: true),
            preprocessing: [.normalize], optimizer: .nesterov, schedule: .exponential),
    ]

    private static func net(
        _ activation: Activation, _ initialization: Initialization,
        batchNormalization: Bool = false
    ) -> NetworkConfiguration {
        NetworkConfiguration(
            hidden: [20, 10], activation: activation, initialization: initialization,
            batchNormalization: batchNormalization)
    }

    /// Of the trial's weights after training in a bundle of some size.
    func digest(inBundleOf size: Int) throws -> String {
        let split = try DataSplit(
            of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 7)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: preprocessing)
        // Its neighbours differ in everything that members may differ in, and its place does.
        let place = size / 2
        let bundle = BundleTrainer(
            network: network, members: (0..<size).map { member($0 - place) }, data: data)
        bundle.train(onEnd: { _, _ in })
        return bundle.weightsDigests[place]
    }

    /// The trial is number 0.
    private func member(_ number: Int) -> TrainingConfiguration {
        TrainingConfiguration(
            optimizer: optimizer, learningRate: learningRate * (1 + 0.04 * Double(number)),
            regularization: 1e-3 + 1e-4 * Double(number),
            momentum: 0.9 + 0.005 * Double(number), dropout: 0.1 + 0.01 * Double(number),
            learningRateDecay: 0.9 + 0.01 * Double(number), schedule: schedule, batchSize: 33,
            epochs: 2.5, lossFactor: .infinity, seed: 7)
    }
}
