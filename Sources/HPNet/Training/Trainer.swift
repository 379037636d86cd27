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

    /// Trains to the end.
    ///
    /// - Parameters:
    ///   - shouldStop: asked between minibatches; true ends training.
    ///   - onEvaluation: told of each evaluation as it is made.
    public func train(
        shouldStop: () -> Bool = { false }, onEvaluation: (Evaluation) -> Void = { _ in }
    ) -> TrainingOutcome {
        let initialLoss = evaluator.trainingSample().loss
        var outcome = TrainingOutcome(
            end: .completed, initialLoss: initialLoss, evaluations: [], epochsTrained: 0)
        let lossLimit =
            configuration.lossFactor * max(initialLoss, log(Double(data.dataset.classCount)))
        var epoch = 0
        while outcome.epochsTrained < configuration.epochs {
            let share = min(1, configuration.epochs - Double(epoch))
            let end = trainEpoch(
                epoch, share: share, lossLimit: lossLimit, shouldStop: shouldStop)
            if let end {
                outcome.end = end
                return outcome
            }
            epoch += 1
            outcome.epochsTrained = min(Double(epoch), configuration.epochs)
            if let reason = weightsDivergence() {
                outcome.end = .diverged(
                    Divergence(reason: reason, epoch: epoch, loss: .nan))
                return outcome
            }
            let evaluation = evaluator.evaluate(
                epoch: outcome.epochsTrained, learningRate: learningRate)
            outcome.evaluations.append(evaluation)
            onEvaluation(evaluation)
            if share == 1 { learningRate *= configuration.learningRateDecay }
        }
        return outcome
    }

    /// One pass, or a share of one, over the training split in this epoch's order; returns why
    /// training ends, if it does.
    private func trainEpoch(
        _ epoch: Int, share: Double, lossLimit: Double, shouldStop: () -> Bool
    ) -> TrainingOutcome.End? {
        var order = data.split.training
        var stream = RandomStream(
            seed: configuration.seed, purpose: .shuffle, a: UInt32(epoch),
            b: configuration.replicate)
        stream.shuffle(&order)
        let size = batchLabels.count
        let batchCount = (order.count + size - 1) / size
        let batchesToTrain = Int((share * Double(batchCount)).rounded(.up))
        return order.withUnsafeBufferPointer { order in
            for batch in 0..<batchesToTrain {
                if shouldStop() { return .stopped }
                let start = batch * size
                let rows = UnsafeBufferPointer(
                    rebasing: order[start..<min(start + size, order.count)])
                let loss = step(rows)
                if let reason = divergence(of: loss, limit: lossLimit) {
                    return .diverged(Divergence(reason: reason, epoch: epoch + 1, loss: loss))
                }
            }
            return nil
        }
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
        return lossSum / Double(rows.count)
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

    private func divergence(of loss: Double, limit: Double) -> Divergence.Reason? {
        if loss.isNaN { return .nan }
        if loss.isInfinite { return .infinity }
        return loss > limit ? .lossFactor : nil
    }

    private func weightsDivergence() -> Divergence.Reason? {
        let sum = hpk_sum_of_squares(network.layout.count, network.parameters.baseAddress)
        if sum.isNaN { return .nan }
        return sum.isInfinite ? .infinity : nil
    }
}
