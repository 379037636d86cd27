/// Collects the diagnostics of the members of a bundle while they are trained.
final class DiagnosticsRecorder {
    private let members: [TrainingConfiguration]
    private let probe: LayerProbe
    /// Watches the last minibatch of each epoch.
    let ratios: UpdateRatios
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
        probe = LayerProbe(of: network, data: data)
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

    /// Begins a look at some members: at their layers on what the network has just seen.
    ///
    /// - Parameter examples: of the training sample, from its beginning.
    func probe(_ network: Network, _ places: [Int], examples: Int, withHistograms: Bool) {
        probe.look(
            at: network, places, afterSample: examples, withHistograms: withHistograms)
    }

    /// Completes a look at members that were probed.
    ///
    /// - Parameters:
    ///   - epoch: 0 before the first update, else a minibatch was watched.
    ///   - places: of the members in the network.
    ///   - dataLosses: on the training sample, by place.
    func look(
        at network: Network, epoch: Double, places: [(place: Int, member: Int)],
        dataLosses: [Double]
    ) {
        guard !places.isEmpty else { return }
        let isUpdated = epoch > 0
        if !isUpdated { ratios.measureWeights(network) }
        for (place, member) in places {
            var layers = probe.takeLayers(of: place)
            if isUpdated { ratios.compare(network, place, into: &layers) }
            diagnostics[member].epochs.append(
                TrainingDiagnostics.Epoch(
                    epoch: epoch, dataLoss: dataLosses[place],
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
        return canonical(0.5 * strength * ratios.squaredWeights(of: place, network))
    }
}
