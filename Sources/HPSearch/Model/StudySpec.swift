/// A search as its author asked for it, validated, with every default resolved.
package struct StudySpec: Sendable, Hashable {
    package var name: String
    package var seed: UInt64
    package var objective: Objective
    package var data: DataSpec
    package var model: ModelSpec
    package var train: TrainSpec
    /// Sorted by name: the order in which values are drawn and in which trials list them.
    package var parameters: [ParameterSpec]
    package var sampler: SamplerSpec
    package var stages: [StageSpec]
    package var stopTrial: StopTrialSpec
    package var limits: LimitsSpec

    package init(
        name: String, seed: UInt64, objective: Objective, data: DataSpec, model: ModelSpec,
        train: TrainSpec, parameters: [ParameterSpec], sampler: SamplerSpec, stages: [StageSpec],
        stopTrial: StopTrialSpec, limits: LimitsSpec
    ) {
        self.name = name
        self.seed = seed
        self.objective = objective
        self.data = data
        self.model = model
        self.train = train
        self.parameters = parameters
        self.sampler = sampler
        self.stages = stages
        self.stopTrial = stopTrial
        self.limits = limits
    }
}

/// The metric that ranks trials, and whether more of it is better.
package struct Objective: Sendable, Hashable {
    package enum Metric: String, Sendable, CaseIterable {
        case validationAccuracy = "val_accuracy"
        case validationLoss = "val_loss"
    }

    package enum Goal: String, Sendable, CaseIterable {
        case maximize
        case minimize
    }

    /// Which of a trial's evaluations gives its value.
    package enum Evaluation: String, Sendable, CaseIterable {
        case best
        case last
    }

    package var metric: Metric
    package var goal: Goal
    package var at: Evaluation
    /// The study ends at the lowest trial number whose value is at least this good.
    package var target: Double?

    package init(
        metric: Metric, goal: Goal, at: Evaluation = .best, target: Double? = nil
    ) {
        self.metric = metric
        self.goal = goal
        self.at = at
        self.target = target
    }

    /// The evaluation that gives a trial its value: the best one, the earliest of equals, or the
    /// last one; nil when there are none.
    ///
    /// - Parameter curve: the metric at each evaluation.
    package func index(ofValueIn curve: [Double]) -> Int? {
        switch at {
        case .last: curve.indices.last
        case .best:
            curve.indices.reduce(nil as Int?) { best, next in
                guard let best, !isBetter(curve[next], than: curve[best]) else { return next }
                return best
            }
        }
    }

    /// Whether `value` is strictly better than `other`.
    package func isBetter(_ value: Double, than other: Double) -> Bool {
        switch goal {
        case .maximize: value > other
        case .minimize: value < other
        }
    }
}

/// Which examples are trained on and how they are prepared.
package struct DataSpec: Sendable, Hashable {
    package enum Dataset: Sendable, Hashable {
        /// The embedded 8×8 handwritten digits.
        case digits
        /// The CIFAR-10 binary layout, a folder below the worker's data root.
        case cifar10(path: String)
        /// MNIST's format, a folder below the worker's data root.
        case idx(path: String)
        /// A table, a file below the worker's data root.
        case csv(TableSpec)
        /// Generated from the study's seed: that many arms of that many points, with the standard
        /// deviation of their angles.
        case spiral(classes: Int, points: Int, noise: Double)
    }

    package enum Amount: Sendable, Hashable {
        case count(Int)
        case fraction(Double)
    }

    package enum Preprocessing: Sendable, Hashable {
        case zeroMean
        case normalize
        /// Principal components; nil for all.
        case pca(components: Int?)
        case whiten(components: Int?, epsilon: Double)
    }

    package var dataset: Dataset
    package var training: Amount
    package var validation: Amount
    package var preprocessing: [Preprocessing]

    package init(
        dataset: Dataset, training: Amount, validation: Amount, preprocessing: [Preprocessing]
    ) {
        self.dataset = dataset
        self.training = training
        self.validation = validation
        self.preprocessing = preprocessing
    }
}

/// The network, before a trial's parameters override it.
package struct ModelSpec: Sendable, Hashable {
    package enum Activation: String, Sendable, CaseIterable {
        case sigmoid
        case tanh
        case relu
        case leakyReLU = "leaky_relu"
        case prelu
        case elu
        case maxout
    }

    package enum Initialization: Sendable, Hashable {
        case zero
        case small
        case large
        case xavier
        case he
        /// The standard deviation of the first weights.
        case scale(Double)
    }

    /// Units of each hidden layer, from the input on; empty for a linear classifier.
    package var hidden: [Int]
    package var activation: Activation
    /// Of a leaky ReLU, for inputs below 0.
    package var slope: Double
    /// Affine maps of a maxout unit.
    package var pieces: Int
    package var initialization: Initialization
    /// Whether hidden layers are normalized over the minibatch.
    package var batchNormalization: Bool
    /// The probability that a hidden unit's output is dropped in training.
    package var dropout: Double

    package init(
        hidden: [Int], activation: Activation, slope: Double = 0.01, pieces: Int = 2,
        initialization: Initialization, batchNormalization: Bool = false, dropout: Double
    ) {
        self.hidden = hidden
        self.activation = activation
        self.slope = slope
        self.pieces = pieces
        self.initialization = initialization
        self.batchNormalization = batchNormalization
        self.dropout = dropout
    }
}

/// The optimization, before a trial's parameters override it.
package struct TrainSpec: Sendable, Hashable {
    package enum Optimizer: String, Sendable, CaseIterable {
        case sgd
        case momentum
        case nesterov
        case rmsprop
        case adam
    }

    /// How the learning rate falls after epochs; `learningRateDecay` says how far.
    package enum Schedule: String, Sendable, CaseIterable {
        case exponential
        case step
        case inverse = "1/t"
    }

    package var optimizer: Optimizer
    package var learningRate: Double
    /// The strength of L2: the loss has 0.5 · reg · Σ‖W‖² over weights without biases.
    package var regularization: Double
    /// Of the optimizers momentum and nesterov.
    package var momentum: Double
    /// Of the optimizer rmsprop.
    package var rmspropDecay: Double
    /// Of the optimizer adam.
    package var beta1: Double
    /// Of the optimizer adam.
    package var beta2: Double
    /// Of the optimizers rmsprop and adam.
    package var epsilon: Double
    /// The learning rate after the first decay, as a share of the first.
    package var learningRateDecay: Double
    package var schedule: Schedule
    /// Epochs of a step of the schedule.
    package var decayEpochs: Int
    package var batchSize: Int

    package init(
        optimizer: Optimizer, learningRate: Double, regularization: Double, momentum: Double,
        rmspropDecay: Double = 0.99, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Double = 1e-8, learningRateDecay: Double, schedule: Schedule = .exponential,
        decayEpochs: Int = 5, batchSize: Int
    ) {
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.regularization = regularization
        self.momentum = momentum
        self.rmspropDecay = rmspropDecay
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.learningRateDecay = learningRateDecay
        self.schedule = schedule
        self.decayEpochs = decayEpochs
        self.batchSize = batchSize
    }
}

/// A searched parameter: the engine setting that it overrides, and where its values come from.
package struct ParameterSpec: Sendable, Hashable {
    package var name: String
    package var domain: ParameterDomain
    /// All must hold for the parameter to be active in a trial, in the order of their names;
    /// empty for one that always is.
    package var conditions: [ParameterCondition]
    /// No stage's range leaves these bounds, however the range moves; nil for what the engine
    /// can train with.
    package var limits: ClosedRange<Double>?

    package init(
        name: String, domain: ParameterDomain, conditions: [ParameterCondition] = [],
        limits: ClosedRange<Double>? = nil
    ) {
        self.name = name
        self.domain = domain
        self.conditions = conditions
        self.limits = limits
    }
}

/// What another parameter must be for a conditional one to be active.
package struct ParameterCondition: Sendable, Hashable {
    /// The name of the other parameter.
    package var parameter: String
    /// It must have one of these values.
    package var values: [ParameterValue]

    package init(parameter: String, values: [ParameterValue]) {
        self.parameter = parameter
        self.values = values
    }
}

/// What draws configurations.
package enum SamplerSpec: String, Sendable, CaseIterable {
    /// Every configuration drawn by itself.
    case random
    /// A scrambled Sobol sequence: a stage's configurations spread evenly over the space.
    case sobol
    /// The same few values of every parameter, in all combinations.
    case grid
}

/// One phase of a study.
package struct StageSpec: Sendable, Hashable {
    package enum Narrowing: Sendable, Hashable {
        /// By the project's rule, from the trials of the stage before.
        case auto
        /// By the project's rule, once an operator has accepted what it proposes.
        case confirm
        /// The ranges of the stage before.
        case off
        /// The named parameters take these domains, the others keep theirs.
        case explicit([ParameterSpec])
    }

    package enum Source: Sendable, Hashable {
        /// New configurations, drawn by the sampler.
        case sampler
        /// The best configurations so far, refitted.
        case top
    }

    package var name: String
    /// Configurations in this stage; each is trained `replicates` times.
    package var configurations: Int
    package var epochs: Double
    package var narrowing: Narrowing
    package var source: Source
    /// Trials per configuration: 1, or the `seeds` of a `from: top` stage.
    package var replicates: Int

    package init(
        name: String, configurations: Int, epochs: Double, narrowing: Narrowing = .auto,
        source: Source = .sampler, replicates: Int = 1
    ) {
        self.name = name
        self.configurations = configurations
        self.epochs = epochs
        self.narrowing = narrowing
        self.source = source
        self.replicates = replicates
    }

    /// The trials that the spec plans for this stage.
    package var trialCount: Int { configurations * replicates }
}

/// What ends a trial before its last epoch.
package struct StopTrialSpec: Sendable, Hashable {
    /// A trial has diverged when the mean data loss of its last examples is above this many times
    /// the larger of its initial data loss and ln(classes).
    package var lossFactor: Double

    package init(lossFactor: Double) {
        self.lossFactor = lossFactor
    }
}

/// What ends a trial or a study for want of success.
package struct LimitsSpec: Sendable, Hashable {
    /// Attempts that may crash before the trial is FAIL.
    package var attempts: Int
    /// The study fails at the lowest trial number with more FAIL trials than this up to it.
    package var maximumFailed: Int?

    package init(attempts: Int, maximumFailed: Int?) {
        self.attempts = attempts
        self.maximumFailed = maximumFailed
    }
}
