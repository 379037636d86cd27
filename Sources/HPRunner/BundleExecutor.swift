import HPCluster
import HPNet
import HPSearch

/// Trains the members of a bundle and reports them as they end.
struct BundleExecutor: Sendable {
    let loader: DataLoader
    /// Where interrupted trials go on from; nil to train from the beginning.
    var checkpoints: CheckpointStore?
    /// Seconds of work that are worth a checkpoint.
    var checkpointWorthSeconds = CheckpointKeeper.usualWorthSeconds
    var clock: @Sendable () -> Instant = { RunnerClock.now }

    /// Runs on a slot's thread until every member has ended or was canceled.
    ///
    /// - Parameter onEvaluation: told of a trainer's member and its evaluations as they are made.
    func execute(
        _ order: WorkerSession.Order, shouldStop: (Lease) -> Bool,
        onEvaluation: (BundleTrainer, Int, Evaluation) -> Void = { _, _, _ in },
        emit: (WorkerSession.Event) -> Void
    ) {
        for members in membersByPreprocessing(order) {
            var order = order
            order.members = members.members
            let data: PreparedData
            do {
                data = try loader.load(order.spec, preprocessing: members.preprocessing)
            } catch {
                return emit(
                    .declined(study: order.study, code: "data-unusable", detail: "\(error)"))
            }
            if let mismatch = mismatch(order, data) {
                return emit(
                    .declined(study: order.study, code: "data-differs", detail: mismatch))
            }
            train(order, on: data, shouldStop: shouldStop, onEvaluation: onEvaluation, emit: emit)
        }
    }

    private typealias PreparedMembers = (
        preprocessing: [DataSpec.Preprocessing], members: [Assignment.Member]
    )

    /// The members that see the same features, in the order they came.
    private func membersByPreprocessing(_ order: WorkerSession.Order) -> [PreparedMembers] {
        var groups: [PreparedMembers] = []
        for member in order.members {
            let wanted = order.spec.settings(for: member.parameters).preprocessing
            if let group = groups.firstIndex(where: { $0.preprocessing == wanted }) {
                groups[group].members.append(member)
            } else {
                groups.append((wanted, [member]))
            }
        }
        return groups
    }

    private func train(
        _ order: WorkerSession.Order, on data: PreparedData, shouldStop: (Lease) -> Bool,
        onEvaluation: (BundleTrainer, Int, Evaluation) -> Void,
        emit: (WorkerSession.Event) -> Void
    ) {
        let gathering = Gathering(clock: clock)
        for trainings in trainings(order, data, shouldStop, emit) {
            let keeper = CheckpointKeeper(
                store: checkpoints, worthSeconds: checkpointWorthSeconds, clock: clock)
            BundleTraining(trainings: trainings, data: data, keeper: keeper).run(
                shouldStop: { lease in
                    gathering.emitWhatIsDue(emit)
                    return shouldStop(lease)
                }, onEvaluation: onEvaluation
            ) { report in
                gathering.add(report)
                gathering.emitWhatIsDue(emit)
            }
        }
        gathering.emitAll(emit)
    }

    /// The members in groups that can be trained as one, in the order they came; those that are
    /// too large for any machine are reported at once.
    private func trainings(
        _ order: WorkerSession.Order, _ data: PreparedData, _ shouldStop: (Lease) -> Bool,
        _ emit: (WorkerSession.Event) -> Void
    ) -> [[TrialTraining]] {
        var groups: [[TrialTraining]] = []
        for member in order.members where !shouldStop(member.lease) {
            var training = TrialTraining(order: order, member: member, data: data)
            guard training.floatCount <= BundleMemory.floatMaximum else {
                emit(.finished([training.tooLarge]))
                continue
            }
            training.resumption = checkpoints?.begin(training).map(Resumption.init)
            // Nobody says again that it is to be forgotten.
            guard !shouldStop(member.lease) else {
                checkpoints?.release(member.lease)
                continue
            }
            if let group = groups.firstIndex(where: { training.canJoin($0) }) {
                groups[group].append(training)
            } else {
                groups.append([training])
            }
        }
        return groups
    }

    private func mismatch(_ order: WorkerSession.Order, _ data: PreparedData) -> String? {
        guard !order.dataDigest.isEmpty, order.dataDigest != data.dataset.digest else { return nil }
        return """
            the data here has SHA-256 \(data.dataset.digest.prefix(12))..., the study was begun \
            on \(order.dataDigest.prefix(12))...: give every worker the same files, or, if they \
            were changed, restore them or submit the spec under another name
            """
    }
}

/// Results on their way to the disk and the session: those that come one soon after the other go
/// together, because each write to the disk costs a wait.
private final class Gathering {
    /// Results of shorter training are gathered for this long before they are sent.
    private static let seconds = 0.2

    private let clock: @Sendable () -> Instant
    private var reports: [TrialReport] = []
    private var emittedAt: Instant

    init(clock: @escaping @Sendable () -> Instant) {
        self.clock = clock
        emittedAt = clock()
    }

    func add(_ report: TrialReport) {
        reports.append(report)
    }

    /// Called before every minibatch, too: the next member may end an hour later.
    func emitWhatIsDue(_ emit: (WorkerSession.Event) -> Void) {
        guard !reports.isEmpty, clock().seconds(since: emittedAt) >= Self.seconds else { return }
        emitAll(emit)
    }

    func emitAll(_ emit: (WorkerSession.Event) -> Void) {
        guard !reports.isEmpty else { return }
        emit(.finished(reports))
        reports = []
        emittedAt = clock()
    }
}

/// Attempts whose networks are trained as one.
struct BundleTraining {
    let trainings: [TrialTraining]
    let data: PreparedData
    let keeper: CheckpointKeeper

    /// Trains all members; those that were stopped have no report.
    func run(
        shouldStop: (Lease) -> Bool, onEvaluation: (BundleTrainer, Int, Evaluation) -> Void,
        report: (TrialReport) -> Void
    ) {
        let trainings = trainings.filter { !shouldStop($0.member.lease) }
        guard let first = trainings.first else { return }
        var share = TimeShare(members: trainings.count)
        var keeper = keeper
        let trainer = BundleTrainer(
            network: first.network, members: trainings.map(\.configuration), data: data,
            resuming: trainings.compactMap { $0.resumption?.take() })
        trainer.train(
            shouldStop: { shouldStop(trainings[$0].member.lease) },
            onEvaluation: { onEvaluation(trainer, $0, $1) },
            onEpochEnd: { keeper.epochEnded($0, of: trainings, in: trainer) },
            onEnd: { member, outcome in
                let seconds = share.end()
                if let ended = trainings[member].report(outcome, seconds) { report(ended) }
            })
    }
}

/// A member's part of the time that a bundle takes: while n are trained, an n-th of it.
private struct TimeShare {
    private var members: Int
    private var seconds = 0.0
    private var since = RunnerClock.now

    init(members: Int) {
        self.members = members
    }

    /// The part of the member that ends now.
    mutating func end() -> Double {
        let now = RunnerClock.now
        seconds += now.seconds(since: since) / Double(members)
        since = now
        members -= 1
        return seconds
    }
}

/// A checkpoint until the network has its numbers: a second copy for the whole training would take
/// memory that beginning anew doesn't.
final class Resumption {
    let epoch: Int
    private var checkpoint: TrainingCheckpoint?

    init(_ checkpoint: TrainingCheckpoint) {
        epoch = checkpoint.epoch
        self.checkpoint = checkpoint
    }

    /// Once; nil from then on.
    func take() -> TrainingCheckpoint? {
        defer { checkpoint = nil }
        return checkpoint
    }
}

/// One attempt: from a trial's parameters to its report.
struct TrialTraining {
    let order: WorkerSession.Order
    let member: Assignment.Member
    let data: PreparedData
    let network: NetworkConfiguration
    let configuration: TrainingConfiguration
    /// Where it goes on from; nil to begin.
    var resumption: Resumption?

    init(order: WorkerSession.Order, member: Assignment.Member, data: PreparedData) {
        self.order = order
        self.member = member
        self.data = data
        let settings = order.spec.settings(for: member.parameters)
        network = settings.model.engine
        configuration = settings.training(order, member)
    }

    /// Numbers of the engine that training takes, about.
    var floatCount: Int {
        BundleMemory.floatCount(network: network, training: configuration, data: data)
    }

    func canJoin(_ bundle: [TrialTraining]) -> Bool {
        network == bundle[0].network
            && BundleTrainer.canShareBundle(configuration, bundle[0].configuration)
            && resumption?.epoch == bundle[0].resumption?.epoch
            && (bundle.count + 1) * floatCount <= BundleMemory.floatMaximum
    }

    /// The report of a trial that no machine is asked to train.
    var tooLarge: TrialReport {
        TrialReport(
            lease: member.lease, studyDigest: order.studyDigest,
            dataDigest: data.dataset.digest, engineRevision: Engine.revision,
            outcome: .failed(
                reason: "too-large",
                detail: "its network and minibatch would take about \(floatCount) numbers, more "
                    + "than \(BundleMemory.floatMaximum): ask for fewer units or smaller batches"))
    }

    /// Nil when training was stopped.
    func report(_ outcome: TrainingOutcome, _ seconds: Double) -> TrialReport? {
        switch outcome.end {
        case .stopped: nil
        case .completed: report(complete(outcome, seconds), outcome)
        case .diverged(let divergence):
            report(diverged(outcome, divergence, seconds), outcome)
        }
    }

    private typealias Trained = (
        state: Trial.State, reason: String, detail: String, result: TrialResult, best: Int?
    )

    private func report(_ trained: Trained, _ outcome: TrainingOutcome) -> TrialReport {
        let observed = observed(outcome, trained.state, best: trained.best)
        var result = trained.result
        result.flags = observed.flags
        return TrialReport(
            lease: member.lease, studyDigest: order.studyDigest,
            dataDigest: data.dataset.digest, dataSummary: dataSummary,
            engineRevision: Engine.revision,
            outcome: .trained(
                state: trained.state, reason: trained.reason, detail: trained.detail,
                result: result, recordings: observed.recordings))
    }

    private func complete(_ outcome: TrainingOutcome, _ seconds: Double) -> Trained {
        let curve = outcome.evaluations.map { value(of: $0) }
        guard let measured = order.spec.objective.index(ofValueIn: curve) else {
            preconditionFailure("a training that completes is evaluated")
        }
        let evaluation = outcome.evaluations[measured]
        let result = TrialResult(
            objectiveCurve: curve, value: curve[measured], standardError: error(of: evaluation),
            bestEpoch: evaluation.epoch, epochs: outcome.epochsTrained,
            metrics: metrics(outcome, at: evaluation), seconds: seconds)
        return (.complete, "", "", result, measured)
    }

    private func diverged(
        _ outcome: TrainingOutcome, _ divergence: Divergence, _ seconds: Double
    ) -> Trained {
        let result = TrialResult(
            objectiveCurve: outcome.evaluations.map { value(of: $0) }, value: nil,
            standardError: nil, bestEpoch: 0, epochs: outcome.epochsTrained,
            metrics: metrics(outcome, at: nil), seconds: seconds)
        let what =
            switch divergence.reason {
            case .nan: "the loss or a weight became NaN"
            case .infinity: "the loss or a weight became infinite"
            case .lossFactor:
                "the mean loss of the last \(divergence.examples) examples rose from "
                    + "\(NumberText.short(divergence.initialLoss)) to "
                    + NumberText.short(divergence.loss)
            }
        return (
            .diverged, divergence.reason.rawValue, "\(what) in epoch \(divergence.epoch)", result,
            nil
        )
    }

    /// What a checkpoint must be of to be gone on from.
    var checkpointKey: String {
        """
        \(order.studyDigest) trial \(member.lease.trial) replicate \(member.replicate) data \
        \(data.dataset.digest) \(Engine.revision) \(network) \(configuration)
        """
    }

    /// The objective's value where a checkpoint was taken.
    func value(at checkpoint: TrainingCheckpoint) -> Double {
        checkpoint.evaluations.last.map { value(of: $0) } ?? 0
    }

    private func value(of evaluation: Evaluation) -> Double {
        switch order.spec.objective.metric {
        case .validationAccuracy: evaluation.validationAccuracy
        case .validationLoss: evaluation.validationLoss
        }
    }

    private func error(of evaluation: Evaluation) -> Double {
        switch order.spec.objective.metric {
        case .validationAccuracy: evaluation.validationAccuracyStandardError
        case .validationLoss: evaluation.validationLossStandardError
        }
    }

    private func metrics(_ outcome: TrainingOutcome, at best: Evaluation?) -> TrialMetrics {
        TrialMetrics(
            validationAccuracy: best?.validationAccuracy, validationLoss: best?.validationLoss,
            trainingAccuracy: best?.trainingAccuracy, trainingLoss: best?.trainingLoss,
            initialLoss: outcome.initialLoss)
    }
}
