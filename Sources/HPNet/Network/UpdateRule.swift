import CKernels

/// The optimizer's numbers of every member, laid out by column of each product, so that one
/// product may update weights of several members.
final class UpdateRule {
    private let layout: BundleLayout
    private let optimizer: Optimizer
    private let rates: UnsafeMutableBufferPointer<Float>
    private let strengths: UnsafeMutableBufferPointer<Float>
    private let momenta: UnsafeMutableBufferPointer<Float>
    private var memberRates: [Float]
    private let memberMomenta: [Float]

    /// - Precondition: members share an optimizer, as those of a bundle do.
    init(_ layout: BundleLayout, members: [TrainingConfiguration]) {
        self.layout = layout
        optimizer = members[0].optimizer
        memberRates = members.map { Float($0.learningRate) }
        memberMomenta = members.map { Float($0.momentum) }
        rates = .zeros(layout.columnCount)
        strengths = .zeros(layout.columnCount)
        momenta = .zeros(layout.columnCount)
        for (member, configuration) in members.enumerated() {
            fill(strengths, Float(configuration.regularization), of: member)
            fill(momenta, Float(configuration.momentum), of: member)
            fill(rates, Float(configuration.learningRate), of: member)
        }
    }

    deinit {
        for buffer in [rates, strengths, momenta] { buffer.deallocate() }
    }

    /// From the next minibatch on.
    func setLearningRate(_ rate: Double, of member: Int) {
        memberRates[member] = Float(rate)
        fill(rates, Float(rate), of: member)
    }

    /// What a product's weight gradient does.
    func weights(
        _ product: BundleLayout.Product, _ parameters: UnsafeMutablePointer<Float>,
        _ velocity: UnsafeMutablePointer<Float>
    ) -> hpk_update {
        hpk_update(
            w: parameters + product.weights,
            v: optimizer == .momentum ? velocity + product.weights : nil,
            rate: column(rates, product), reg: column(strengths, product),
            momentum: column(momenta, product))
    }

    /// Updates a member's biases, which aren't regularized.
    func updateBiases(
        of member: Int, count: Int, _ b: UnsafeMutablePointer<Float>,
        _ v: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        switch optimizer {
        case .sgd: hpk_sgd_update(count, b, gradient, memberRates[member], 0)
        case .momentum:
            hpk_momentum_update(
                count, b, v, gradient, memberRates[member], 0, memberMomenta[member])
        }
    }

    private func column(
        _ numbers: UnsafeMutableBufferPointer<Float>, _ product: BundleLayout.Product
    ) -> UnsafePointer<Float>? {
        numbers.baseAddress.map { UnsafePointer($0 + product.columnOffset) }
    }

    private func fill(
        _ numbers: UnsafeMutableBufferPointer<Float>, _ number: Float, of member: Int
    ) {
        for layer in layout.layers {
            for product in layer.products where product.members.contains(member) {
                let position = member - product.members.lowerBound
                let start = product.columnOffset + position * layer.outputs
                for index in start..<start + layer.outputs { numbers[index] = number }
            }
        }
    }
}
