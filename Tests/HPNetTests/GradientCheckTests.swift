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

    /// The deepest that `hpcoord check` asks for; `hpbench gradients` has the others.
    @Test(arguments: Activation.usual)
    func `four layers are not beyond the check`(_ activation: Activation) {
        for batchNormalization in [false, true] {
            for (regularization, dropout) in [(0, 0), (0.1, 0), (0.1, 0.4)] {
                let check = GradientCheck.ofSmallNetwork(
                    activation: activation, batchNormalization: batchNormalization, depth: 4,
                    regularization: regularization, dropout: dropout)
                #expect(check.isPassed, "\(batchNormalization) \(regularization) \(check)")
            }
        }
    }

    /// Its step moves the unit's input across 0, or lets another piece win.
    @Test(
        arguments: Activation.usual.filter(\.isJoined) + [.maxout(pieces: 3)], [false, true])
    func `a number whose step crosses a kink is passed over`(
        _ activation: Activation, _ batchNormalization: Bool
    ) throws {
        var (network, batch) = GradientCheck.smallNetwork(
            activation: activation, batchNormalization: batchNormalization, depth: 2,
            regularization: 0, dropout: 0)
        #expect(GradientCheck(of: network, on: batch).rows.allSatisfy { $0.kinks == 0 })
        let step = 1e-5
        network.moveToKink(batch, distance: step / 4)
        let check = GradientCheck(of: network, on: batch)
        #expect(check.isPassed, "\(check)")
        let shift = batchNormalization ? "beta" : "biases"
        // Of maxout the biases of the two leading pieces.
        let expected = activation.pieces > 1 ? 2 : 1
        let row = try #require(check.rows.first { $0.name == "hidden 1 \(shift)" })
        #expect(row.kinks == expected)
        #expect(row.compared + row.kinks == 7 * activation.pieces)
        for name in ["hidden 1 weights", "examples"] {
            let row = try #require(check.rows.first { $0.name == name })
            #expect(row.kinks > 0 && row.compared > row.kinks, "\(row)")
        }
        #expect(check.rows.allSatisfy { !$0.name.hasPrefix("hidden 2") || $0.kinks == 0 })

        // Compared all the same, the right gradient would be called wrong.
        let layer = network.layout.layers[0]
        let index = try #require(layer.tensor(batchNormalization ? .beta : .biases)).offset
        let gradient = network.gradient(batch).parameters[index]
        func slope(_ step: Double) -> Double {
            let losses = [step, -step].map { change in
                var moved = network
                moved.parameters[index] += change
                return moved.loss(batch).data
            }
            return (losses[0] - losses[1]) / (2 * step)
        }
        func error(_ slope: Double) -> Double {
            (slope - gradient).magnitude / max(slope.magnitude, gradient.magnitude)
        }
        if activation.hasKink {
            #expect(error(slope(step)) > 100 * check.limit)
        } else if !batchNormalization {
            // With it, the bend is little beside what the other examples add.
            #expect(error(slope(step)) > 2 * check.limit)
        }
        // A smaller step stays on one side.
        #expect(error(slope(step / 5)) < check.limit)
    }

    @Test(arguments: [Activation.sigmoid, .tanh], [false, true])
    func `one smooth function has nothing to pass over`(
        _ activation: Activation, _ batchNormalization: Bool
    ) {
        let check = GradientCheck.ofSmallNetwork(
            activation: activation, batchNormalization: batchNormalization, isAtKink: true)
        #expect(check.rows.allSatisfy { $0.kinks == 0 })
        #expect(check.isPassed, "\(check)")
    }

    @Test func `a gradient that is no number is caught`() {
        let network = ReferenceNetwork(
            NetworkConfiguration(hidden: []), features: 2, classes: 2,
            parameters: [0.5, -0.25, 1, 0, 0, 0])
        let batch = ReferenceNetwork.Batch(
            examples: Matrix(rows: 2, columns: 2, [1, 2, -1, 0.5]), labels: [0, 1])
        var gradient = network.gradient(batch)
        #expect(GradientCheck(of: network, on: batch, gradient: gradient).isPassed)
        gradient.parameters[0] = .nan
        #expect(!GradientCheck(of: network, on: batch, gradient: gradient).isPassed)
    }
}
