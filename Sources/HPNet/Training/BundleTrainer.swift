import CKernels
import HPMath

/// Trains several networks of one shape together: each minibatch is gathered once, and first
/// layers are one product. What each member gets has the same bits as if it were trained alone.
public final class BundleTrainer {
    private let members: [TrainingConfiguration]
    let data: PreparedData
    private let configuration: NetworkConfiguration
    private let batchSize: Int
    let evaluator: Evaluator
    private let labels: UnsafeMutableBufferPointer<Int32>
    private let scores: UnsafeMutableBufferPointer<Float>
    private(set) var network: Network
    private var rule: UpdateRule
    private let dropout: Dropout?
    private let recorder: DiagnosticsRecorder?
    /// Members that are still in the network, by their place in it.
    private var places: [Int]
    private var progress: [Progress]
    private var hasBegun = false
    /// Epochs that were trained before.
    private let firstEpoch: Int

    private struct Progress {
        var learningRate: Double
        /// The data loss of the last minibatch; before the first, the initial one.
        var minibatchLoss = 0.0
        var window: LossWindow
        /// The limit of the window's mean.
        var lossLimit = 0.0
        var hasEnded = false
        var outcome = TrainingOutcome(
            end: .completed, initialLoss: 0, evaluations: [], epochsTrained: 0)
    }

    /// Whether two trainings can be members of one bundle: they read the same minibatches and
    /// follow the gradient by the same rule.
    public static func canShareBundle(
        _ a: TrainingConfiguration, _ b: TrainingConfiguration
    ) -> Bool {
        a.optimizer == b.optimizer && a.batchSize == b.batchSize && a.epochs == b.epochs
            && a.seed == b.seed && a.replicate == b.replicate
    }

    /// Allocates everything that training needs, and draws the first weights.
    ///
    /// - Parameters:
    ///   - configuration: of every member's network.
    ///   - members: how each is trained.
    ///   - data: that all train on.
    ///   - withDiagnostics: whether outcomes have them. They change no other bit.
    ///   - checkpoints: where each member's training goes on from; none to begin.
    /// - Precondition: there is a member, and all can share a bundle; checkpoints are of one epoch,
    ///   one for each member, and fit.
    public init(
        network configuration: NetworkConfiguration, members: [TrainingConfiguration],
        data: PreparedData, withDiagnostics: Bool = true,
        resuming checkpoints: [TrainingCheckpoint] = []
    ) {
        precondition(
            !members.isEmpty && members.allSatisfy { Self.canShareBundle($0, members[0]) },
            "members of a bundle share optimizer, minibatches, epochs, seed and replicate")
        precondition(
            checkpoints.isEmpty
                || checkpoints.count == members.count
                    && checkpoints.allSatisfy { $0.epoch == checkpoints[0].epoch },
            "members go on from the same epoch")
        self.members = members
        self.data = data
        self.configuration = configuration
        batchSize = min(members[0].batchSize, data.split.training.count)
        let shape = ParameterLayout(
            features: data.featureCount, network: configuration,
            classes: data.dataset.classCount)
        network = Network(
            configuration, shape: shape, optimizer: members[0].optimizer, members: members.count,
            batchMaximum: max(batchSize, Evaluator.batchSize),
            minibatches: checkpoints.first?.minibatches ?? 0)
        firstEpoch = checkpoints.first?.epoch ?? 0
        rule = UpdateRule(network.layout, members: members, minibatches: network.minibatches)
        dropout = Dropout(shape, members: members, batchMaximum: batchSize)
        places = Array(members.indices)
        progress = members.map {
            Progress(
                learningRate: $0.learningRate,
                window: LossWindow($0, trainingExamples: data.split.training.count))
        }
        labels = .allocate(capacity: batchSize)
        labels.initialize(repeating: 0)
        scores = .allocate(capacity: batchSize * data.dataset.classCount)
        scores.initialize(repeating: 0)
        evaluator = Evaluator(data: data)
        recorder = withDiagnostics ? DiagnosticsRecorder(members, of: network, data: data) : nil
        if checkpoints.isEmpty {
            let first = shape.initialParameters(
                configuration.initialization, seed: members[0].seed,
                replicate: members[0].replicate)
            for member in members.indices { network.setParameters(of: member, to: first) }
        }
        for (member, checkpoint) in checkpoints.enumerated() { resume(member, from: checkpoint) }
    }

    deinit {
        labels.deallocate()
        scores.deallocate()
    }

    /// SHA-256 of all weights and biases of each member that is in the bundle.
    public var weightsDigests: [String] {
        places.indices.map { network.digest(of: $0) }
    }

    /// A member's weights and biases as they are: per layer W, shape (inputs, outputs) row-major,
    /// then b, shape (outputs).
    ///
    /// - Precondition: the member is in the bundle: others may go on without one that has ended.
    public func parameters(of member: Int) -> [Float] {
        network.parameters(of: place(of: member))
    }

    /// A member's place in the network.
    ///
    /// - Precondition: the member is in the bundle.
    func place(of member: Int) -> Int {
        guard let place = places.firstIndex(of: member) else {
            preconditionFailure("member \(member) has left the bundle")
        }
        return place
    }

    private func resume(_ member: Int, from checkpoint: TrainingCheckpoint) {
        precondition(
            checkpoint.fits(
                network: configuration, training: members[member], data: data,
                withDiagnostics: recorder != nil), "a checkpoint is of the same training")
        network.setState(of: member, to: checkpoint.state)
        progress[member].minibatchLoss = checkpoint.minibatchLoss
        progress[member].window = checkpoint.window
        progress[member].outcome = checkpoint.outcome
        setLossLimit(of: member)
        recorder?.resume(member, from: checkpoint.outcome.diagnostics)
    }

    /// What a member's training can go on from, when `onEpochEnd` names it.
    ///
    /// - Precondition: the member is in the bundle and has trained a whole epoch.
    public func checkpoint(of member: Int) -> TrainingCheckpoint {
        var outcome = progress[member].outcome
        outcome.diagnostics = recorder?.diagnostics[member]
        return TrainingCheckpoint(
            epoch: Int(outcome.epochsTrained), minibatches: network.minibatches,
            minibatchLoss: progress[member].minibatchLoss, window: progress[member].window,
            outcome: outcome, state: network.state(of: place(of: member)))
    }

    /// Trains to the end of every member. One that diverges or is stopped leaves the others at the
    /// end of the epoch.
    ///
    /// - Parameters:
    ///   - shouldStop: asked of each member before each minibatch; true ends its training.
    ///   - onEvaluation: told of each member's evaluations as they are made.
    ///   - onEpochEnd: told of the members that go on after an epoch.
    ///   - onEnd: told how each member's training ended, when it does.
    /// - Precondition: it is called once.
    public func train(
        shouldStop: (Int) -> Bool = { _ in false },
        onEvaluation: (Int, Evaluation) -> Void = { _, _ in },
        onEpochEnd: ([Int]) -> Void = { _ in },
        onEnd: (Int, TrainingOutcome) -> Void
    ) {
        precondition(!hasBegun, "a trainer trains once: make another")
        hasBegun = true
        if firstEpoch == 0 { begin(onEnd) } else { setLearningRates(ofEpoch: firstEpoch) }
        let epochs = members[0].epochs
        var epoch = firstEpoch
        while Double(epoch) < epochs, !removeEnded() {
            let share = min(1, epochs - Double(epoch))
            trainEpoch(epoch, share: share, shouldStop, onEnd)
            if progress.allSatisfy(\.hasEnded) { return }
            evaluate(epoch, min(Double(epoch + 1), epochs), onEvaluation, onEnd)
            epoch += 1
            if share == 1 { setLearningRates(ofEpoch: epoch) }
            if Double(epoch) < epochs { onEpochEnd(places.filter { !progress[$0].hasEnded }) }
        }
        for member in places where !progress[member].hasEnded {
            end(member, .completed, onEnd)
        }
    }

    /// Takes the losses before the first update.
    private func begin(_ onEnd: (Int, TrainingOutcome) -> Void) {
        rehearseFirstWindow()
        let scores = evaluator.trainingSample(network) { probe(atEpoch: 0, examples: $0) }
        for (member, score) in scores.enumerated() {
            let inTraining = progress[member].window.initialLoss
            // Running statistics of nothing say nothing: only minibatches tell the loss then.
            let loss = network.normalizers.isEmpty ? score.loss : inTraining
            progress[member].minibatchLoss = loss
            progress[member].outcome.initialLoss = loss
            setLossLimit(of: member)
            let reason = Divergence.Reason(nonFinite: loss)
            if let reason = reason ?? Divergence.Reason(nonFinite: inTraining) {
                diverge(member, reason, epoch: 0, onEnd)
            }
        }
        look(atEpoch: 0, dataLosses: progress.map(\.outcome.initialLoss))
    }

    /// Takes the losses of the minibatches that training begins with, as training computes them,
    /// and leaves no trace: no update, no running statistics, no random number used up.
    private func rehearseFirstWindow() {
        dropout?.beginEpoch(0)
        let order = order(ofEpoch: 0)
        let examples = progress[0].window.examples
        order.withUnsafeBufferPointer { order in
            for start in stride(from: 0, to: examples, by: batchSize) {
                forward(
                    Self.minibatch(of: order, from: start, size: batchSize), for: .probing(dropout)
                ) {
                    progress[$0].window.add(lossSum: $1, examples: $2)
                }
            }
        }
        for member in members.indices {
            progress[member].window.initialLoss = progress[member].window.mean ?? .nan
            progress[member].window.empty()
        }
    }

    private func setLossLimit(of member: Int) {
        let chance = HPMath.log(Double(data.dataset.classCount))
        progress[member].lossLimit =
            members[member].lossFactor * max(progress[member].window.initialLoss, chance)
    }

    /// - Parameter examples: of the training sample, which the network has just seen.
    private func probe(atEpoch epoch: Double, examples: Int) {
        recorder?.probe(
            network, remainingPlaces, examples: examples,
            withHistograms: epoch <= 1 || epoch == members[0].epochs)
    }

    /// - Parameter dataLosses: on the training sample, by place.
    private func look(atEpoch epoch: Double, dataLosses: [Double]) {
        recorder?.look(
            at: network, epoch: epoch,
            places: remainingPlaces.map { ($0, places[$0]) }, dataLosses: dataLosses)
    }

    /// Of members that have not ended.
    private var remainingPlaces: [Int] {
        places.indices.filter { !progress[places[$0]].hasEnded }
    }

    /// One pass, or a share of one, over the training split in this epoch's order.
    ///
    /// - Parameter epoch: from 0.
    private func trainEpoch(
        _ epoch: Int, share: Double, _ shouldStop: (Int) -> Bool,
        _ onEnd: (Int, TrainingOutcome) -> Void
    ) {
        dropout?.beginEpoch(epoch)
        order(ofEpoch: epoch).withUnsafeBufferPointer { order in
            let minibatches = Self.minibatches(of: order.count, size: batchSize, share: share)
            for batch in 0..<minibatches {
                for member in places where !progress[member].hasEnded && shouldStop(member) {
                    end(member, .stopped, onEnd)
                }
                if progress.allSatisfy(\.hasEnded) { return }
                step(
                    Self.minibatch(of: order, from: batch * batchSize, size: batchSize),
                    isLast: batch == minibatches - 1)
                for member in places where !progress[member].hasEnded {
                    if let reason = divergenceOfMinibatch(member) {
                        diverge(member, reason, epoch: epoch, onEnd)
                    }
                }
            }
        }
    }

    /// Training rows in the order of an epoch, from 0.
    private func order(ofEpoch epoch: Int) -> [UInt32] {
        var order = data.split.training
        var stream = RandomStream(
            seed: members[0].seed, purpose: .shuffle, a: UInt32(epoch), b: members[0].replicate)
        stream.shuffle(&order)
        return order
    }

    private static func minibatch(
        of order: UnsafeBufferPointer<UInt32>, from start: Int, size: Int
    ) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: order[start..<min(start + size, order.count)])
    }

    /// The number of minibatches in a share of an epoch, rounded up.
    static func minibatches(of examples: Int, size: Int, share: Double) -> Int {
        let whole = (examples + size - 1) / size
        // 2.2 − 2 is a little above 0.2: of ten minibatches that is two, not three.
        return max(1, Int((share * Double(whole) - 1e-6).rounded(.up)))
    }

    /// One minibatch: forward, losses, backward with the updates.
    private func step(_ rows: UnsafeBufferPointer<UInt32>, isLast: Bool) {
        forward(rows, for: .training(dropout)) { member, lossSum, examples in
            if progress[member].hasEnded { return }
            let loss = canonical(lossSum / Double(examples))
            progress[member].minibatchLoss = loss
            progress[member].window.add(lossSum: lossSum, examples: examples)
            recorder?.add(loss: loss, of: member)
        }
        network.backward(
            examples: rows.count, rule: rule, dropout: dropout,
            watcher: isLast ? recorder?.ratios : nil)
    }

    /// The forward pass of a minibatch; scores become their gradients.
    ///
    /// - Parameter onLoss: told of each member, the sum of its data losses, and how many they are.
    private func forward(
        _ rows: UnsafeBufferPointer<UInt32>, for purpose: Network.Purpose,
        onLoss: (Int, Double, Int) -> Void
    ) {
        guard let input = network.input.baseAddress, let labels = labels.baseAddress,
            let scores = scores.baseAddress
        else { preconditionFailure("buffers are never empty") }
        data.gather(rows, into: input, labels: labels)
        network.forward(examples: rows.count, for: purpose)
        for place in places.indices {
            network.copyScores(of: place, examples: rows.count, to: scores)
            let lossSum = hpk_softmax_gradient(
                rows.count, data.dataset.classCount, scores, labels)
            network.setScoreGradients(of: place, examples: rows.count, from: scores)
            onLoss(places[place], lossSum, rows.count)
        }
    }

    private func evaluate(
        _ epoch: Int, _ epochsTrained: Double, _ onEvaluation: (Int, Evaluation) -> Void,
        _ onEnd: (Int, TrainingOutcome) -> Void
    ) {
        let measured = evaluator.evaluate(
            network, epoch: epochsTrained,
            learningRates: places.map { progress[$0].learningRate },
            onFirstBatch: { probe(atEpoch: epochsTrained, examples: $0) })
        for (place, measured) in measured.enumerated() {
            let (member, evaluation) = (places[place], measured.evaluation)
            if progress[member].hasEnded { continue }
            progress[member].outcome.epochsTrained = epochsTrained
            if let reason = divergence(place, at: evaluation) {
                diverge(member, reason, epoch: epoch, onEnd)
                continue
            }
            progress[member].outcome.add(measured)
            onEvaluation(member, evaluation)
        }
        look(atEpoch: epochsTrained, dataLosses: measured.map(\.evaluation.trainingLoss))
    }

    private func setLearningRates(ofEpoch epoch: Int) {
        for (place, member) in places.enumerated() {
            progress[member].learningRate = members[member].learningRate(inEpoch: epoch)
            rule.setLearningRate(progress[member].learningRate, of: place)
        }
    }

    /// Goes on with a smaller network when members have ended; returns whether all have.
    private func removeEnded() -> Bool {
        let remaining = places.indices.filter { !progress[places[$0]].hasEnded }
        if remaining.isEmpty { return true }
        if remaining.count == places.count { return false }
        network = network.keeping(remaining)
        places = remaining.map { places[$0] }
        dropout?.keep(remaining)
        rule = UpdateRule(
            network.layout, members: places.map { members[$0] }, minibatches: network.minibatches)
        for (place, member) in places.enumerated() {
            rule.setLearningRate(progress[member].learningRate, of: place)
        }
        return false
    }

    private func diverge(
        _ member: Int, _ reason: Divergence.Reason, epoch: Int,
        _ onEnd: (Int, TrainingOutcome) -> Void
    ) {
        let window = progress[member].window
        let loss = reason == .lossFactor ? window.mean : progress[member].minibatchLoss
        let divergence = Divergence(
            reason: reason, epoch: epoch + 1, loss: loss ?? .nan, initialLoss: window.initialLoss,
            examples: window.held)
        end(member, .diverged(divergence), onEnd)
    }

    private func end(
        _ member: Int, _ how: TrainingOutcome.End, _ onEnd: (Int, TrainingOutcome) -> Void
    ) {
        progress[member].hasEnded = true
        progress[member].outcome.end = how
        progress[member].outcome.diagnostics = recorder?.diagnostics[member]
        onEnd(member, progress[member].outcome)
    }

    private func divergenceOfMinibatch(_ member: Int) -> Divergence.Reason? {
        if let reason = Divergence.Reason(nonFinite: progress[member].minibatchLoss) {
            return reason
        }
        guard let mean = progress[member].window.mean else { return nil }
        return mean > progress[member].lossLimit ? .lossFactor : nil
    }

    /// Weights, and losses of finite weights, may have left the range since the last minibatch.
    private func divergence(_ place: Int, at evaluation: Evaluation) -> Divergence.Reason? {
        Divergence.Reason(nonFinite: network.sumOfSquares(of: place))
            ?? Divergence.Reason(nonFinite: evaluation.validationLoss)
            ?? Divergence.Reason(nonFinite: evaluation.trainingLoss)
    }
}

extension Divergence.Reason {
    /// Nil for a finite number.
    fileprivate init?(nonFinite number: Double) {
        if number.isFinite { return nil }
        self = number.isNaN ? .nan : .infinity
    }
}
