extension EngineSetting {
    /// What `default` stands for: where to begin a search when nothing is known.
    ///
    /// CS231n's lecture 6 calls 1e-3 to 1e-5 a rough range for learning rates; the two decades
    /// above are what small networks on prepared features take. Its notes search rates and
    /// regularization on a log scale and dropout on a linear one, and name the values of momentum
    /// and of RMSProp's decay ("Neural Networks 3"); the ends for regularization and dropout are
    /// this project's.
    var defaultDomain: ParameterDomain? {
        switch self {
        case .learningRate: .logUniform(low: 1e-5, high: 1e-1)
        case .regularization: .logUniform(low: 1e-6, high: 1e-1)
        case .dropout: .uniform(low: 0, high: 0.5)
        case .momentum: .choice([0.5, 0.9, 0.95, 0.99].map(ParameterValue.number))
        case .rmspropDecay: .choice([0.9, 0.99, 0.999].map(ParameterValue.number))
        case .activation, .batchNormalization, .batchSize, .beta1, .beta2, .decayEpochs, .epsilon,
            .hidden, .initialization, .learningRateDecay, .schedule, .optimizer, .pieces,
            .preprocessing, .slope:
            nil
        }
    }
}
