/// Identifies a study on its coordinator; numbered from 1 in the order of submission.
package typealias StudyID = Int

/// One search: its spec, and all that came of it so far.
package struct Study: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case queued = "QUEUED"
        case running = "RUNNING"
        case paused = "PAUSED"
        case stopping = "STOPPING"
        case complete = "COMPLETE"
        case failed = "FAILED"
        case canceled = "CANCELED"

        /// Whether nothing more will happen to the study.
        package var isTerminal: Bool {
            switch self {
            case .complete, .failed, .canceled: true
            case .queued, .running, .paused, .stopping: false
            }
        }
    }

    package var id: StudyID
    package var spec: StudySpec
    /// SHA-256 of the parsed content without `study`, `data.path` and `limits`.
    package var specDigest: String
    /// SHA-256 of the whole resolved content: what decides whether a submission attaches.
    package var contentDigest: String
    package var state: State
    /// A short code that says why a terminal study ended as it did; empty while it runs and when
    /// it ended by its own rules.
    package var reason: String
    package var detail: String
    /// Digest of the examples, pinned by the first result.
    package var dataDigest: String?
    /// One line that says what the data were understood to be; nil where it isn't known.
    package var dataSummary: String?
    /// The engine revision, pinned by the first result.
    package var engineRevision: String?
    /// The stages that have begun.
    package var stages: [Stage]
    /// Every trial that exists, trial number `n` at index `n - 1`.
    package var trials: [Trial]

    package init(id: StudyID, spec: StudySpec, specDigest: String, contentDigest: String) {
        self.id = id
        self.spec = spec
        self.specDigest = specDigest
        self.contentDigest = contentDigest
        self.state = .queued
        self.reason = ""
        self.detail = ""
        self.dataDigest = nil
        self.dataSummary = nil
        self.engineRevision = nil
        self.stages = []
        self.trials = []
    }
}

extension Study {
    /// The reason of a PAUSED study whose next stage has `narrow: confirm`.
    package static let confirmationReason = "confirm"

    /// Whether the next stage begins only once an operator has accepted its ranges.
    package var nextStageNeedsConfirmation: Bool {
        guard stages.count < spec.stages.count else { return false }
        let next = spec.stages[stages.count]
        return !stages.isEmpty && next.source == .sampler && next.narrowing == .confirm
    }

    /// Whether the study stands still until then.
    package var awaitsConfirmation: Bool {
        state == .paused && reason == Self.confirmationReason
    }
}

/// A stage that has begun: where its trials were drawn and why there.
package struct Stage: Sendable, Hashable {
    package var index: Int
    package var name: String
    package var epochs: Double
    /// The domains that this stage drew from, in the order of the spec's parameters.
    package var domains: [ParameterDomain]
    /// What led from the ranges of the stage before to these; empty for the first stage.
    package var moves: [Move]
    /// The number of this stage's first trial.
    package var firstTrial: Int
    package var trialCount: Int

    package init(
        index: Int, name: String, epochs: Double, domains: [ParameterDomain], moves: [Move],
        firstTrial: Int, trialCount: Int
    ) {
        self.index = index
        self.name = name
        self.epochs = epochs
        self.domains = domains
        self.moves = moves
        self.firstTrial = firstTrial
        self.trialCount = trialCount
    }

    /// The numbers of this stage's trials.
    package var trialNumbers: Range<Int> { firstTrial..<(firstTrial + trialCount) }
}

/// How one range changed from a stage to the next, and why.
package struct Move: Sendable, Hashable {
    package enum Action: String, Sendable, CaseIterable {
        case narrow
        case keep
        case widen
        case shift
    }

    package var parameter: String
    package var action: Action
    package var from: ParameterDomain
    package var to: ParameterDomain
    /// A sentence.
    package var because: String
    /// Numbers of the trials that justify the move, the best first.
    package var evidence: [Int]

    package init(
        parameter: String, action: Action, from: ParameterDomain, to: ParameterDomain,
        because: String, evidence: [Int]
    ) {
        self.parameter = parameter
        self.action = action
        self.from = from
        self.to = to
        self.because = because
        self.evidence = evidence
    }
}

/// One configuration, to be trained once.
package struct Trial: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case waiting = "WAITING"
        case running = "RUNNING"
        case complete = "COMPLETE"
        case pruned = "PRUNED"
        case diverged = "DIVERGED"
        case fail = "FAIL"
        case canceled = "CANCELED"

        /// Whether the trial will never run again.
        package var isTerminal: Bool {
            switch self {
            case .waiting, .running: false
            case .complete, .pruned, .diverged, .fail, .canceled: true
            }
        }
    }

    /// From 1 across the study.
    package var number: Int
    package var stage: Int
    /// The number of the trial that first had these parameters.
    package var configuration: Int
    /// 0 in a search; 1 to n for the refitted trials of a `from: top` stage.
    package var replicate: Int
    /// In the order of the spec's parameters.
    package var parameters: [ParameterValue]
    package var state: State
    /// A short code; empty for COMPLETE.
    package var reason: String
    package var detail: String
    package var result: TrialResult?
    /// Attempts begun so far.
    package var attempts: Int
    /// The name of the worker that produced the result, or that runs the trial now.
    package var worker: String

    package init(
        number: Int, stage: Int, configuration: Int, replicate: Int, parameters: [ParameterValue]
    ) {
        self.number = number
        self.stage = stage
        self.configuration = configuration
        self.replicate = replicate
        self.parameters = parameters
        self.state = .waiting
        self.reason = ""
        self.detail = ""
        self.result = nil
        self.attempts = 0
        self.worker = ""
    }
}

/// What came of a trial that trained: COMPLETE, PRUNED or DIVERGED.
package struct TrialResult: Sendable, Hashable {
    /// The objective at each evaluation: after every whole epoch, and at the end.
    package var objectiveCurve: [Double]
    /// The best of the curve, or its last, as the objective says; nil when the trial diverged.
    package var value: Double?
    /// The standard error of `value` on the validation split; nil when there is no value.
    package var standardError: Double?
    /// The epoch of the evaluation that `value` is of, a fraction where the stage's epochs are one.
    package var bestEpoch: Double
    /// Epochs trained; fewer than the stage's when the trial diverged.
    package var epochs: Double
    package var metrics: TrialMetrics
    /// What training showed, as the worker saw it, in the order of their kinds.
    package var flags: [TrialFlag]
    /// Seconds of training on the worker's monotonic clock: an annotation, never compared.
    package var seconds: Double

    package init(
        objectiveCurve: [Double], value: Double?, standardError: Double?, bestEpoch: Double,
        epochs: Double, metrics: TrialMetrics, flags: [TrialFlag] = [], seconds: Double
    ) {
        self.objectiveCurve = objectiveCurve
        self.value = value
        self.standardError = standardError
        self.bestEpoch = bestEpoch
        self.epochs = epochs
        self.metrics = metrics
        self.flags = flags
        self.seconds = seconds
    }
}

/// Metrics at the evaluation that a trial's value is of; losses are data losses, without
/// regularization, in nats.
package struct TrialMetrics: Sendable, Hashable {
    package var validationAccuracy: Double?
    package var validationLoss: Double?
    /// On a fixed sample of at most 1,000 training examples.
    package var trainingAccuracy: Double?
    package var trainingLoss: Double?
    /// Before the first update, on the same sample.
    package var initialLoss: Double?

    package init(
        validationAccuracy: Double? = nil, validationLoss: Double? = nil,
        trainingAccuracy: Double? = nil, trainingLoss: Double? = nil, initialLoss: Double? = nil
    ) {
        self.validationAccuracy = validationAccuracy
        self.validationLoss = validationLoss
        self.trainingAccuracy = trainingAccuracy
        self.trainingLoss = trainingLoss
        self.initialLoss = initialLoss
    }
}

/// Metrics at one evaluation of a trial: what its learning curves are made of.
package struct EpochMetrics: Sendable, Hashable {
    /// Epochs trained so far, a fraction where the stage's epochs are one.
    package var epoch: Double
    package var learningRate: Double
    package var validationAccuracy: Double
    package var validationLoss: Double
    package var trainingAccuracy: Double
    package var trainingLoss: Double

    package init(
        epoch: Double, learningRate: Double, validationAccuracy: Double, validationLoss: Double,
        trainingAccuracy: Double, trainingLoss: Double
    ) {
        self.epoch = epoch
        self.learningRate = learningRate
        self.validationAccuracy = validationAccuracy
        self.validationLoss = validationLoss
        self.trainingAccuracy = trainingAccuracy
        self.trainingLoss = trainingLoss
    }
}
