package import HPSearch

extension StudySpec {
    /// A random search for the largest validation accuracy whose trials nobody trains: their
    /// values are made up.
    package init(seed: Int, parameters: [ParameterSpec], stages: [StageSpec]) {
        self.init(
            name: "untrained", seed: UInt64(seed),
            objective: Objective(metric: .validationAccuracy, goal: .maximize),
            data: DataSpec(
                dataset: .digits, training: .fraction(0.7), validation: .fraction(0.15),
                preprocessing: []),
            model: ModelSpec(hidden: [8], activation: .relu, initialization: .he, dropout: 0),
            train: TrainSpec(
                optimizer: .momentum, learningRate: 0.01, regularization: 0, momentum: 0.9,
                learningRateDecay: 1, batchSize: 32),
            parameters: parameters, sampler: .random, stages: stages,
            stopTrial: StopTrialSpec(lossFactor: 3),
            limits: LimitsSpec(attempts: 3, maximumFailed: nil))
    }
}
