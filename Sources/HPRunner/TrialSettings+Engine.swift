import HPCluster
package import HPNet
package import HPSearch

extension TrialSettings {
    /// How the engine trains a member of an order.
    func training(
        _ order: WorkerSession.Order, _ member: Assignment.Member
    ) -> TrainingConfiguration {
        training(
            of: order.spec, epochs: order.epochs, replicate: UInt32(member.replicate))
    }

    /// How the engine trains a trial with these settings.
    func training(
        of spec: StudySpec, epochs: Double, replicate: UInt32
    ) -> TrainingConfiguration {
        TrainingConfiguration(
            optimizer: train.optimizer.engine, learningRate: train.learningRate,
            regularization: train.regularization, momentum: train.momentum,
            rmspropDecay: train.rmspropDecay, beta1: train.beta1, beta2: train.beta2,
            epsilon: train.epsilon, dropout: model.dropout,
            learningRateDecay: train.learningRateDecay, schedule: train.engineSchedule,
            batchSize: train.batchSize, epochs: epochs,
            lossFactor: spec.stopTrial.lossFactor, seed: spec.seed, replicate: replicate)
    }
}

extension ModelSpec {
    /// What the engine trains.
    package var engine: NetworkConfiguration {
        NetworkConfiguration(
            hidden: hidden, activation: engineActivation, initialization: initialization.engine,
            batchNormalization: batchNormalization)
    }

    private var engineActivation: HPNet.Activation {
        switch activation {
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        case .relu: .relu
        case .leakyReLU: .leakyReLU(slope: slope)
        case .prelu: .prelu
        case .elu: .elu
        case .maxout: .maxout(pieces: pieces)
        }
    }
}

extension ModelSpec.Initialization {
    fileprivate var engine: HPNet.Initialization {
        switch self {
        case .zero: .zero
        case .small: .small
        case .large: .large
        case .xavier: .xavier
        case .he: .he
        case .scale(let scale): .scale(scale)
        }
    }
}

extension TrainSpec {
    fileprivate var engineSchedule: LearningRateSchedule {
        switch schedule {
        case .exponential: .exponential
        case .step: .step(epochs: decayEpochs)
        case .inverse: .inverse
        }
    }
}

extension TrainSpec.Optimizer {
    fileprivate var engine: HPNet.Optimizer {
        switch self {
        case .sgd: .sgd
        case .momentum: .momentum
        case .nesterov: .nesterov
        case .rmsprop: .rmsprop
        case .adam: .adam
        }
    }
}
