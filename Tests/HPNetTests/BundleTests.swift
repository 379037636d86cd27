import CKernels
import HPNet
import Testing

@Suite("Bundles")
struct BundleTests {
    static func configuration(_ index: Int, _ optimizer: Optimizer = .momentum)
        -> TrainingConfiguration
    {
        TrainingConfiguration(
            optimizer: optimizer, learningRate: 0.01 * Double(index + 1),
            regularization: 1e-4 * Double(index), momentum: 0.9 - 0.03 * Double(index),
            dropout: index.isMultiple(of: 2) ? 0 : 0.04 * Double(index),
            learningRateDecay: 1 - 0.02 * Double(index), batchSize: 33, epochs: 2.5, seed: 7)
    }

    /// Digest of a member's weights and its outcome.
    struct Trained: Equatable {
        var parameters: [UInt32]
        var outcome: TrainingOutcome
    }

    static func train(
        _ hidden: [Int], _ activation: Activation, _ members: [TrainingConfiguration],
        _ data: PreparedData
    ) -> [Trained] {
        let bundle = BundleTrainer(
            network: NetworkConfiguration(hidden: hidden, activation: activation),
            members: members, data: data)
        var outcomes: [Int: TrainingOutcome] = [:]
        bundle.train(onEnd: { outcomes[$0] = $1 })
        return members.indices.compactMap { member in
            outcomes[member].map {
                Trained(parameters: bundle.parameters(of: member).map(\.bitPattern), outcome: $0)
            }
        }
    }

    @Test(arguments: [2, 3, 8, 16], Optimizer.allCases)
    func `a member of a bundle gets the bits that it gets alone`(
        _ size: Int, _ optimizer: Optimizer
    ) throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        let members = (0..<size).map { Self.configuration($0, optimizer) }
        for (hidden, activation) in [([20, 10], Activation.tanh), ([33], .relu), ([], .relu)] {
            let together = Self.train(hidden, activation, members, data)
            let alone = members.flatMap { Self.train(hidden, activation, [$0], data) }
            #expect(together.count == size)
            for (member, (a, b)) in zip(together, alone).enumerated() {
                #expect(a == b, "hidden \(hidden), member \(member)")
            }
        }
    }

    @Test func `those that end early leave, the others go on with the same bits`() throws {
        let data = try TrainingTests.digits(preprocessing: [.normalize])
        var members = (0..<5).map { Self.configuration($0) }
        for member in members.indices { members[member].epochs = 4 }
        members[1].learningRate = 1e6
        members[3].learningRate = 1e-3
        members[3].learningRateDecay = 1e5
        let bundle = BundleTrainer(
            network: NetworkConfiguration(hidden: [20]), members: members, data: data)
        var outcomes = [TrainingOutcome?](repeating: nil, count: members.count)
        bundle.train(
            shouldStop: { $0 == 4 && outcomes[1] != nil }, onEnd: { outcomes[$0] = $1 })
        for member in [0, 2] {
            let alone = Trainer(
                network: NetworkConfiguration(hidden: [20]), training: members[member],
                data: data)
            #expect(alone.train() == outcomes[member])
            #expect(alone.parameters == bundle.parameters(of: member))
        }
        for member in [1, 3] {
            let alone = Trainer(
                network: NetworkConfiguration(hidden: [20]), training: members[member],
                data: data)
            #expect(alone.train() == outcomes[member])
        }
        #expect(outcomes[4]?.end == .stopped)
    }

    @Test func `every member is told of its own evaluations and its end`() throws {
        let data = try TrainingTests.digits()
        let members = (0..<3).map { Self.configuration($0) }
        let bundle = BundleTrainer(
            network: NetworkConfiguration(hidden: [8]), members: members, data: data)
        var told = [[Evaluation]](repeating: [], count: 3)
        var outcomes = [TrainingOutcome?](repeating: nil, count: 3)
        bundle.train(
            onEvaluation: { told[$0].append($1) },
            onEnd: {
                #expect(outcomes[$0] == nil, "an end is told once")
                outcomes[$0] = $1
            })
        #expect(outcomes.map { $0?.evaluations } == told)
        #expect(
            told.map { $0.map(\.learningRate)[1] }
                == members.map {
                    $0.learningRate * $0.learningRateDecay
                })
    }

    @Test(arguments: [
        (1, 1, 1), (8, 48, 7), (15, 33, 40), (64, 16, 33), (31, 50, 500), (9, 100, 3), (4, 5, 0),
    ])
    func `an update in the product has the bits of a gradient and an update`(
        _ m: Int, _ n: Int, _ k: Int
    ) throws {
        for name in Kernels.variants {
            let kernels = try Kernels.table(name)
            let padded = kernels.padded_columns(n)
            for hasMomentum in [true, false] {
                let a = numbers(k * m, 1)
                let b = numbers(k * n, 2)
                let (rate, reg, momentum) = (
                    numbers(padded, 5), numbers(padded, 6), numbers(padded, 7)
                )
                var expectedW = numbers(m * n, 3)
                var expectedV = numbers(m * n, 4)
                var w = Kernels.panels(expectedW, rows: m, columns: n, kernels)
                var v = Kernels.panels(expectedV, rows: m, columns: n, kernels)
                for i in 0..<m {
                    for j in 0..<n {
                        var g: Float = 0
                        for l in 0..<k { g.addProduct(a[l * m + i], b[l * n + j]) }
                        let at = i * n + j
                        let change = rate[j] * (g + reg[j] * expectedW[at])
                        if hasMomentum {
                            expectedV[at] = momentum[j] * expectedV[at] - change
                            expectedW[at] += expectedV[at]
                        } else {
                            expectedW[at] -= change
                        }
                    }
                }
                var scratch = [Float](
                    repeating: .nan, count: hpk_product_update_scratch_floats(m, n, k))
                w.withUnsafeMutableBufferPointer { w in
                    v.withUnsafeMutableBufferPointer { v in
                        rate.withUnsafeBufferPointer { rate in
                            reg.withUnsafeBufferPointer { reg in
                                momentum.withUnsafeBufferPointer { momentum in
                                    var update = hpk_update(
                                        w: w.baseAddress,
                                        v: hasMomentum ? v.baseAddress : nil,
                                        rate: rate.baseAddress, reg: reg.baseAddress,
                                        momentum: momentum.baseAddress)
                                    kernels.product_update(
                                        m, n, k, a, m, b, n, &update, &scratch)
                                }
                            }
                        }
                    }
                }
                func isSame(_ panels: [Float], _ expected: [Float]) -> Bool {
                    let ordered = (0..<m * n).map { at in
                        panels[
                            Kernels.panelOffset(
                                at / n, at % n, rows: m, columns: n, kernels)]
                    }
                    return ordered.map(\.bitPattern) == expected.map(\.bitPattern)
                }
                #expect(isSame(w, expectedW), "\(name)")
                #expect(isSame(v, expectedV), "\(name)")
            }
        }
    }

    private func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int64(state >> 40) - (1 << 23)) / Float(1 << 23)
        }
    }
}
