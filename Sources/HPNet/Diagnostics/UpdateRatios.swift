import CKernels

/// How large each array of parameters is, and how far one minibatch moves it, as a share of its
/// norm.
///
/// It watches a backward pass product by product: weights are copied just before their update and
/// compared just after it, while the processor's caches hold them.
final class UpdateRatios {
    /// The weights of one product before their update.
    private let weightsBefore: UnsafeMutableBufferPointer<Float>
    /// The vectors of all members before the minibatch, in the order of the layout.
    private let vectorsBefore: UnsafeMutableBufferPointer<Float>
    /// Of the columns of every product.
    private let squares: UnsafeMutableBufferPointer<hpk_squares>

    /// Allocates all memory.
    init(of network: Network) {
        let layers = network.layout.layers
        let largest = layers.flatMap { layer in
            layer.products.map { layer.weightCount(of: $0) }
        }.max()
        weightsBefore = .zeros(largest ?? 0)
        vectorsBefore = .zeros(
            layers.flatMap(\.vectors).reduce(0) { $0 + network.members * $1.count })
        squares = .allocate(capacity: network.layout.columnCount)
        squares.initialize(repeating: hpk_squares())
    }

    deinit {
        weightsBefore.deallocate()
        vectorsBefore.deallocate()
        squares.deallocate()
    }

    /// A minibatch begins: its backward pass is told.
    func beginMinibatch(_ network: Network) {
        var copy = vectorsBefore.baseAddress
        for vector in network.layout.layers.lazy.flatMap(\.vectors) {
            let count = network.members * vector.count
            if let parameters = network.arenas.parameters.baseAddress {
                copy?.update(from: parameters + vector.start, count: count)
            }
            copy = copy.map { $0 + count }
        }
    }

    /// The weights of a product are about to follow their gradient.
    func willUpdate(
        _ product: BundleLayout.Product, of layer: BundleLayout.Layer,
        _ weights: UnsafePointer<Float>
    ) {
        weightsBefore.baseAddress?.update(from: weights, count: layer.weightCount(of: product))
    }

    /// They have.
    func didUpdate(
        _ product: BundleLayout.Product, of layer: BundleLayout.Layer,
        _ weights: UnsafePointer<Float>
    ) {
        measure(product, of: layer, weights, before: weightsBefore.baseAddress)
    }

    /// Sums up the weights of all members where there was no update.
    func measureWeights(_ network: Network) {
        guard let parameters = network.arenas.parameters.baseAddress else { return }
        for layer in network.layout.layers {
            for product in layer.products {
                measure(product, of: layer, parameters + product.weights, before: nil)
            }
        }
    }

    private func measure(
        _ product: BundleLayout.Product, of layer: BundleLayout.Layer,
        _ weights: UnsafePointer<Float>, before: UnsafePointer<Float>?
    ) {
        hpk_column_squares(
            layer.inputs, product.columns, weights, before,
            squares.baseAddress.map { $0 + product.columnOffset })
    }

    /// Σ‖W‖² of a member, after what was measured last.
    func squaredWeights(of member: Int, _ network: Network) -> Double {
        network.layout.layers.reduce(0) { $0 + weights(of: member, in: $1).now }
    }

    /// Sets the ratios of a member's layers in the minibatch that was watched last.
    func compare(_ network: Network, _ member: Int, into layers: inout [TrainingDiagnostics.Layer])
    {
        var start = 0
        for index in network.layout.layers.indices {
            let layer = network.layout.layers[index]
            let sums = weights(of: member, in: layer)
            layers[index].weightUpdateRatio = Self.ratio(sums.change, sums.before)
            for vector in layer.vectors {
                let vectorRatio = ratio(of: vector, member, network, copiedTo: start)
                start += network.members * vector.count
                switch vector.role {
                case .weights: preconditionFailure("a matrix is no vector")
                case .biases, .beta: layers[index].biasUpdateRatio = vectorRatio
                case .gamma: layers[index].scaleUpdateRatio = vectorRatio
                case .slopes: layers[index].slopeUpdateRatio = vectorRatio
                }
            }
        }
    }

    /// The sums of a member's columns, in their order.
    private func weights(of member: Int, in layer: BundleLayout.Layer) -> hpk_squares {
        // The first layer's members are columns of one product, later ones have one each.
        let isTogether = layer.products.count == 1
        let product = layer.products[isTogether ? 0 : member]
        let first = product.columnOffset + (isTogether ? member * layer.columns : 0)
        var sums = hpk_squares()
        for column in first..<first + layer.columns {
            sums.now += squares[column].now
            sums.before += squares[column].before
            sums.change += squares[column].change
        }
        return sums
    }

    private func ratio(
        of vector: BundleLayout.Vector, _ member: Int, _ network: Network, copiedTo start: Int
    ) -> Double? {
        guard let copies = vectorsBefore.baseAddress,
            let parameters = network.arenas.parameters.baseAddress
        else { return nil }
        let before = copies + start + member * vector.count
        return Self.ratio(
            hpk_sum_of_squared_differences(
                vector.count, parameters + vector.offset(of: member), before),
            hpk_sum_of_squares(vector.count, before))
    }

    /// ‖Δw‖/‖w‖, w before the minibatch; nil where that is nothing.
    private static func ratio(_ change: Double, _ before: Double) -> Double? {
        let norm = before.squareRoot()
        guard norm > 0 else { return nil }
        return canonical(change.squareRoot() / norm)
    }
}
