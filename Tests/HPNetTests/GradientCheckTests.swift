import Testing

@testable import HPNet

@Suite("Gradient checks")
struct GradientCheckTests {
    static let strengths = [0, 0.1]

    @Test(arguments: Activation.usual + [.maxout(pieces: 3)], [false, true])
    func `every gradient is what the loss does`(
        _ activation: Activation, _ batchNormalization: Bool
    ) {
        for regularization in Self.strengths {
            for dropout in [0, 0.4] {
                let check = GradientCheck.ofSmallNetwork(
                    activation: activation, batchNormalization: batchNormalization, depth: 3,
                    regularization: regularization, dropout: dropout)
                #expect(check.limit == (activation.hasKink ? 1e-4 : 1e-7))
                #expect(check.largestError <= check.limit, "\(check)")
                #expect(check.isPassed)
                #expect(check.rows.allSatisfy { $0.compared >= 4 }, "\(check)")
            }
        }
    }

    @Test func `a linear classifier is checked too`() {
        let check = GradientCheck.ofSmallNetwork(
            activation: .tanh, batchNormalization: false, depth: 0, regularization: 0.1)
        #expect(check.rows.map(\.name) == ["output weights", "output biases", "examples"])
        #expect(check.isPassed)
    }

    @Test(arguments: Activation.usual, [false, true])
    func `a gradient with one wrong number is caught`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        let configuration = NetworkConfiguration(
            hidden: [6], activation: activation, batchNormalization: batchNormalization)
        let layout = ParameterLayout(features: 4, network: configuration, classes: 3)
        let parameters = layout.initialParameters(.he, seed: 3, replicate: 0).map(Double.init)
        let network = ReferenceNetwork(
            configuration, features: 4, classes: 3, parameters: parameters)
        let batch = ReferenceNetwork.Batch(
            examples: Matrix(
                rows: 5, columns: 4, (0..<20).map { Double($0 * 7 % 11) / 5 - 1 }),
            labels: [0, 1, 2, 1, 0])
        let gradient = network.gradient(batch)
        #expect(GradientCheck(of: network, on: batch, gradient: gradient).isPassed)
        for tensor in layout.layers.flatMap(\.tensors) {
            for wrong in [{ -$0 }, { $0 * 1.01 + 1e-4 }] as [(Double) -> Double] {
                var changed = gradient
                let index = try #require(
                    tensor.range.max {
                        gradient.parameters[$0].magnitude < gradient.parameters[$1].magnitude
                    })
                changed.parameters[index] = wrong(changed.parameters[index])
                let check = GradientCheck(of: network, on: batch, gradient: changed)
                #expect(!check.isPassed, "\(tensor.role)")
            }
        }
    }
}
