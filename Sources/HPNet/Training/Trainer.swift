import CKernels
import HPMath

/// Trains one network on prepared data; a function of the configuration and the data alone.
public final class Trainer {
    private let configuration: TrainingConfiguration
    private let data: PreparedData
    private let network: Network
    private let velocity: UnsafeMutableBufferPointer<Float>
    private let evaluator: Evaluator
    private let batchLabels: UnsafeMutableBufferPointer<Int32>
    private var learningRate: Double
    private var hasBegun = false
    /// The data loss of the last minibatch; before the first, of the training sample.
    private var minibatchLoss = 0.0

    /// Allocates everything that training needs, and draws the first weights.
    public init(
        network configuration: NetworkConfiguration, training: TrainingConfiguration,
        data: PreparedData
    ) {
        self.configuration = training
        self.data = data
        learningRate = training.learningRate
        let batch = min(training.batchSize, data.split.training.count)
        network = Network(
            configuration, features: data.dataset.featureCount,
            classes: data.dataset.classCount, batchMaximum: max(batch, Evaluator.batchSize))
        network.layout.initialize(
            network.parameters, configuration.initialization, seed: training.seed,
            replicate: training.replicate)
        velocity = .allocate(capacity: network.layout.count)
        velocity.initialize(repeating: 0)
        batchLabels = .allocate(capacity: batch)
        batchLabels.initialize(repeating: 0)
        evaluator = Evaluator(data: data, network: network)
    }

    deinit {
        velocity.deallocate()
        batchLabels.deallocate()
    }

    /// SHA-256 of all weights and biases.
    public var weightsDigest: String { network.digest }

    /// The weights and biases as they are: per layer W, shape (inputs, outputs) row-major, then b,
    /// shape (outputs).
    public var parameters: [Float] { Array(network.parameters) }

    /// Trains to the end.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each minibatch; true ends training.
    ///   - onEvaluation: told of each evaluation as it is made.
    /// - Precondition: it is called once.
    public func train(
        shouldStop: () -> Bool = { false }, onEvaluation: (Evaluation) -> Void = { _ in }
    ) -> TrainingOutcome {
        precondition(!hasBegun, "a trainer trains once: make another")
        hasBegun = true
        minibatchLoss = evaluator.trainingSample().loss
        var outcome = TrainingOutcome(
            end: .completed, initialLoss: minibatchLoss, evaluations: [], epochsTrained: 0)
        if let reason = Divergence.Reason(nonFinite: minibatchLoss) {
            outcome.end = diverged(reason, epoch: 0)
            return outcome
        }
        let chance = HPMath.log(Double(data.dataset.classCount))
        let lossLimit = configuration.lossFactor * max(outcome.initialLoss, chance)
        var epoch = 0
        while outcome.epochsTrained < configuration.epochs {
            let share = min(1, configuration.epochs - Double(epoch))
            if let end = trainEpoch(
                epoch, share: share, lossLimit: lossLimit, shouldStop: shouldStop)
            {
                outcome.end = end
                return outcome
            }
            outcome.epochsTrained = min(Double(epoch + 1), configuration.epochs)
            let evaluation = evaluator.evaluate(
                epoch: outcome.epochsTrained, learningRate: learningRate)
            if let reason = divergence(at: evaluation) {
                outcome.end = diverged(reason, epoch: epoch)
                return outcome
            }
            outcome.evaluations.append(evaluation)
            onEvaluation(evaluation)
            epoch += 1
            if share == 1 { learningRate *= configuration.learningRateDecay }
        }
        return outcome
    }

    /// One pass, or a share of one, over the training split in this epoch's order; returns why
    /// training ends, if it does.
    ///
    /// - Parameter epoch: from 0.
    private func trainEpoch(
        _ epoch: Int, share: Double, lossLimit: Double, shouldStop: () -> Bool
    ) -> TrainingOutcome.End? {
        var order = data.split.training
        var stream = RandomStream(
            seed: configuration.seed, purpose: .shuffle, a: UInt32(epoch),
            b: configuration.replicate)
        stream.shuffle(&order)
        let size = batchLabels.count
        return order.withUnsafeBufferPointer { order in
            for batch in 0..<Self.minibatches(of: order.count, size: size, share: share) {
                if shouldStop() { return .stopped }
                let start = batch * size
                let rows = UnsafeBufferPointer(
                    rebasing: order[start..<min(start + size, order.count)])
                minibatchLoss = step(rows)
                if let reason = divergence(of: minibatchLoss, limit: lossLimit) {
                    return diverged(reason, epoch: epoch)
                }
            }
            return nil
        }
    }

    /// The number of minibatches in a share of an epoch, rounded up.
    static func minibatches(of examples: Int, size: Int, share: Double) -> Int {
        let whole = (examples + size - 1) / size
        // 2.2 − 2 is a little above 0.2: of ten minibatches that is two, not three.
        return max(1, Int((share * Double(whole) - 1e-6).rounded(.up)))
    }

    /// One minibatch: forward, loss, backward, update. Returns the mean data loss.
    private func step(_ rows: UnsafeBufferPointer<UInt32>) -> Double {
        guard let input = network.input.baseAddress, let labels = batchLabels.baseAddress else {
            preconditionFailure("buffers are never empty")
        }
        data.gather(rows, into: input)
        for (position, row) in rows.enumerated() {
            labels[position] = data.dataset.labels[Int(row)]
        }
        let scores = network.forward(examples: rows.count)
        let lossSum = hpk_softmax_gradient(
            rows.count, data.dataset.classCount, scores, labels)
        network.backward(examples: rows.count, dScores: scores)
        update()
        return canonical(lossSum / Double(rows.count))
    }

    private func update() {
        guard let w = network.parameters.baseAddress, let g = network.gradients.baseAddress,
            let v = velocity.baseAddress
        else { preconditionFailure("buffers are never empty") }
        let rate = Float(learningRate)
        let strength = Float(configuration.regularization)
        for layer in network.layout.layers {
            update(w, v, g, at: layer.weights, count: layer.weightCount, rate, strength)
            update(w, v, g, at: layer.biases, count: layer.outputs, rate, 0)
        }
    }

    private func update(
        _ w: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>,
        _ g: UnsafeMutablePointer<Float>, at offset: Int, count: Int, _ rate: Float,
        _ strength: Float
    ) {
        switch configuration.optimizer {
        case .sgd: hpk_sgd_update(count, w + offset, g + offset, rate, strength)
        case .momentum:
            hpk_momentum_update(
                count, w + offset, v + offset, g + offset, rate, strength,
                Float(configuration.momentum))
        }
    }

    private func diverged(
        _ reason: Divergence.Reason, epoch: Int
    ) -> TrainingOutcome.End {
        .diverged(Divergence(reason: reason, epoch: epoch + 1, loss: minibatchLoss))
    }

    private func divergence(of loss: Double, limit: Double) -> Divergence.Reason? {
        Divergence.Reason(nonFinite: loss) ?? (loss > limit ? .lossFactor : nil)
    }

    /// Weights, and losses of finite weights, may have left the range since the last minibatch.
    private func divergence(at evaluation: Evaluation) -> Divergence.Reason? {
        let weights = hpk_sum_of_squares(network.layout.count, network.parameters.baseAddress)
        return Divergence.Reason(nonFinite: weights)
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
