import CKernels
import Testing

@testable import HPNet

/// What is recorded of training, measured again from outside.
@Suite("Diagnostics") struct DiagnosticsTests {
    private static func train(
        _ network: NetworkConfiguration, members: Int, batchSize: Int, _ data: PreparedData
    ) -> (bundle: BundleTrainer, first: [[Float]], outcomes: [TrainingOutcome]) {
        let bundle = BundleTrainer(
            network: network,
            members: (0..<members).map { member in
                TrainingConfiguration(
                    learningRate: 0.01 * Double(member + 1), regularization: 1e-3,
                    batchSize: batchSize, epochs: 1)
            }, data: data)
        let first = (0..<members).map(bundle.parameters)
        var outcomes = [TrainingOutcome?](repeating: nil, count: members)
        bundle.train(onEnd: { outcomes[$0] = $1 })
        return (bundle, first, outcomes.compactMap(\.self))
    }

    @Test(arguments: Activation.usual, [false, true])
    func `layers are those of a forward pass for the first examples alone`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let (bundle, _, outcomes) = Self.train(
            NetworkConfiguration(
                hidden: [19, 10, 5], activation: activation,
                batchNormalization: batchNormalization), members: 3, batchSize: 50, data)
        let looks = try outcomes.map {
            try #require($0.diagnostics?.epochs.last).layers
        }
        let count = min(max(24, data.split.training.count / 64), 64)
        let network = bundle.network
        var labels = [Int32](repeating: 0, count: count)
        let input = try #require(network.input.baseAddress)
        data.split.trainingSample.prefix(count).withUnsafeBufferPointer {
            data.gather($0, into: input, labels: &labels)
        }
        network.forward(examples: count, for: .probing(nil))
        for (member, look) in looks.enumerated() {
            for (layer, seen) in look.enumerated() {
                let summary = Self.summary(
                    network, member, layer, count, network.outputs(ofLayer: layer))
                #expect(summary.mean == seen.activation.mean)
                #expect(summary.standard_deviation == seen.activation.standardDeviation)
            }
            var scores = [Float](repeating: 0, count: count * data.dataset.classCount)
            network.copyScores(of: member, examples: count, to: &scores)
            _ = hpk_softmax_gradient(count, data.dataset.classCount, &scores, labels)
            network.setScoreGradients(of: member, examples: count, from: &scores)
        }
        network.probeGradients(examples: count) { layer, gradients in
            for (member, look) in looks.enumerated() {
                let summary = Self.summary(network, member, layer, count, gradients)
                #expect(summary.mean == look[layer].gradient.mean)
                #expect(summary.standard_deviation == look[layer].gradient.standardDeviation)
            }
        }
    }

    private static func summary(
        _ network: Network, _ member: Int, _ layer: Int, _ count: Int,
        _ all: UnsafeMutablePointer<Float>
    ) -> hpk_summary {
        let view = network.outputs(of: member, layer: layer, examples: count, in: all)
        let numbers = (0..<count).flatMap { row in
            (0..<network.layout.layers[layer].units).map {
                view.start[row * view.rowStride + $0]
            }
        }
        return hpk_summarize(numbers.count, numbers, -.infinity, .infinity)
    }

    @Test(arguments: [Activation.relu, .maxout(pieces: 3), .prelu])
    func `updates and the regularization loss are those of the weights`(
        _ activation: Activation
    ) throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        // One minibatch: the first weights are those before the last one.
        let (bundle, first, outcomes) = Self.train(
            NetworkConfiguration(hidden: [19, 10], activation: activation), members: 3,
            batchSize: data.split.training.count, data)
        for (member, outcome) in outcomes.enumerated() {
            let looks = try #require(outcome.diagnostics).epochs
            let last = bundle.parameters(of: member)
            var (before, after) = (0.0, 0.0)
            for (index, layer) in bundle.network.shape.layers.enumerated() {
                let weights = try #require(layer.tensor(.weights))
                let range = weights.offset..<weights.offset + weights.count
                let (old, new) = (
                    first[member][range].map(Double.init), last[range].map(Double.init)
                )
                let norm = old.reduce(0) { $0 + $1 * $1 }
                let change = zip(new, old).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                before += norm
                after += new.reduce(0) { $0 + $1 * $1 }
                let ratio = try #require(looks[1].layers[index].weightUpdateRatio)
                #expect(Self.isNear(ratio, (change / norm).squareRoot()))
                #expect(looks[0].layers[index].weightUpdateRatio == nil)
                // Biases begin at 0.
                #expect(looks[1].layers[index].biasUpdateRatio == nil)
                #expect(
                    (looks[1].layers[index].slopeUpdateRatio == nil)
                        == (layer.tensor(.slopes) == nil))
            }
            #expect(Self.isNear(looks[0].regularizationLoss, 0.5e-3 * before))
            #expect(Self.isNear(looks[1].regularizationLoss, 0.5e-3 * after))
        }
    }

    private static func isNear(_ number: Double, _ expected: Double) -> Bool {
        (number - expected).magnitude <= 1e-12 * expected.magnitude
    }
}
