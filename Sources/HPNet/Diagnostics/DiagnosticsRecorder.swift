import CKernels

/// Collects the diagnostics of the members of a bundle while they are trained.
final class DiagnosticsRecorder {
    private let members: [TrainingConfiguration]
    private let probe: LayerProbe
    private let ratios: UpdateRatios
    /// Of the features that the network reads; nil where they are no pixels.
    private let imageShape: ImageShape?
    private var losses: [LossSums]
    /// By member.
    private(set) var diagnostics: [TrainingDiagnostics]

    /// Of one member's minibatches in this epoch.
    private struct LossSums {
        var count = 0
        var first = 0.0
        var last = 0.0
        var sum = 0.0
        var squares = 0.0

        mutating func add(_ loss: Double) {
            if count == 0 { first = loss }
            count += 1
            last = loss
            // Differences from the first: losses are alike, and their squares would hide it.
            sum += loss - first
            squares += (loss - first) * (loss - first)
        }

        var minibatchLoss: TrainingDiagnostics.MinibatchLoss? {
            guard count > 0 else { return nil }
            let mean = sum / Double(count)
            let variance = max(0, squares / Double(count) - mean * mean)
            return TrainingDiagnostics.MinibatchLoss(
                mean: canonical(first + mean),
                standardDeviation: canonical(variance.squareRoot()), first: first, last: last)
        }
    }

    init(_ members: [TrainingConfiguration], of network: Network, data: PreparedData) {
        self.members = members
        ratios = UpdateRatios(of: network)
        probe = LayerProbe(data: data)
        imageShape = data.isProjected ? nil : data.dataset.imageShape
        losses = members.map { _ in LossSums() }
        diagnostics = members.map { _ in TrainingDiagnostics() }
    }

    /// Goes on from what was recorded of a member before.
    func resume(_ member: Int, from earlier: TrainingDiagnostics?) {
        if let earlier { diagnostics[member] = earlier }
    }

    /// A minibatch's data loss.
    func add(loss: Double, of member: Int) {
        losses[member].add(loss)
    }

    /// The next minibatch is the last of its epoch.
    func remember(_ network: Network) {
        ratios.remember(network)
    }

    /// Adds a look at some members.
    ///
    /// - Parameters:
    ///   - places: of the members in the network.
    ///   - dataLosses: of the same members, on the training sample.
    ///   - isEpochEnd: whether updates were remembered; else nothing was trained yet.
    func look(
        at network: Network, epoch: Double, places: [(place: Int, member: Int)],
        dataLosses: [Double], isEpochEnd: Bool, withHistograms: Bool
    ) {
        guard !places.isEmpty else { return }
        let looks = probe.look(
            at: network, places.map(\.place), withHistograms: withHistograms)
        for (index, (place, member)) in places.enumerated() {
            var layers = looks[index]
            if isEpochEnd { ratios.compare(network, place, into: &layers) }
            diagnostics[member].epochs.append(
                TrainingDiagnostics.Epoch(
                    epoch: epoch, dataLoss: dataLosses[index],
                    regularizationLoss: regularizationLoss(network, place, member),
                    minibatchLoss: losses[member].minibatchLoss, layers: layers))
            losses[member] = LossSums()
            if epoch == members[member].epochs {
                diagnostics[member].firstLayer = imageShape.flatMap {
                    network.weightImages(of: place, $0)
                }
            }
        }
    }

    /// 0.5·reg·Σ‖W‖² over weights.
    private func regularizationLoss(_ network: Network, _ place: Int, _ member: Int) -> Double {
        let strength = members[member].regularization
        if strength == 0 { return 0 }
        return canonical(0.5 * strength * network.sumOfSquaredWeights(of: place))
    }
}

extension Network {
    fileprivate func sumOfSquaredWeights(of member: Int) -> Double {
        let parameters = parameters(of: member)
        return parameters.withUnsafeBufferPointer { parameters in
            shape.layers.compactMap { $0.tensor(.weights) }.reduce(0) { sum, weights in
                sum
                    + hpk_sum_of_squares(
                        weights.count, parameters.baseAddress.map { $0 + weights.offset })
            }
        }
    }
}
