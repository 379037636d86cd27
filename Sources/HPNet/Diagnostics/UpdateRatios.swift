import CKernels

/// How far one minibatch moves each array of parameters, as a share of its norm.
final class UpdateRatios {
    private var before: [Float] = []
    /// One array of parameters of one member before the minibatch and after it.
    private var numbers: [Float]

    /// Allocates all memory.
    init(of network: Network) {
        before.reserveCapacity(network.layout.count)
        let largest = network.shape.layers.flatMap(\.tensors).map(\.count).max() ?? 0
        numbers = [Float](repeating: 0, count: 2 * largest)
    }

    /// Remembers the parameters of all members.
    func remember(_ network: Network) {
        before.removeAll(keepingCapacity: true)
        before.append(contentsOf: network.arenas.parameters)
    }

    /// Compares a member's parameters with those remembered, layer by layer.
    func compare(_ network: Network, _ member: Int, into layers: inout [TrainingDiagnostics.Layer])
    {
        for (index, layer) in network.layout.layers.enumerated() {
            layers[index].weightUpdateRatio = ratio(network) { body in
                layer.weights[member].forEachRun(body)
            }
            for vector in layer.vectors {
                let vectorRatio = ratio(network) { body in
                    body(vector.offset(of: member), vector.count)
                }
                switch vector.role {
                case .weights: preconditionFailure("a matrix is no vector")
                case .biases, .beta: layers[index].biasUpdateRatio = vectorRatio
                case .gamma: layers[index].scaleUpdateRatio = vectorRatio
                case .slopes: layers[index].slopeUpdateRatio = vectorRatio
                }
            }
        }
    }

    /// ‖Δw‖/‖w‖, w before the minibatch; nil where that is nothing.
    private func ratio(
        _ network: Network, _ forEachRun: ((Int, Int) -> Void) -> Void
    ) -> Double? {
        var count = 0
        before.withUnsafeBufferPointer { before in
            numbers.withUnsafeMutableBufferPointer { numbers in
                guard let old = numbers.baseAddress, let remembered = before.baseAddress,
                    let parameters = network.arenas.parameters.baseAddress
                else { return }
                let new = old + numbers.count / 2
                forEachRun { offset, length in
                    (old + count).update(from: remembered + offset, count: length)
                    (new + count).update(from: parameters + offset, count: length)
                    count += length
                }
            }
        }
        return numbers.withUnsafeBufferPointer { numbers in
            guard let old = numbers.baseAddress else { return nil }
            let norm = hpk_sum_of_squares(count, old).squareRoot()
            guard norm > 0 else { return nil }
            let change = hpk_sum_of_squared_differences(
                count, old + numbers.count / 2, old
            ).squareRoot()
            return canonical(change / norm)
        }
    }
}
