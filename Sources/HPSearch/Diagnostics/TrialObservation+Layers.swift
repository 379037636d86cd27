extension TrialObservation {
    /// The last look at which all numbers were finite: after divergence layers tell nothing.
    private var lastLook: EpochDiagnostics? {
        recordings.diagnostics?.epochs.last { look in
            look.layers.allSatisfy {
                $0.activation.standardDeviation.isFinite && $0.gradient.standardDeviation.isFinite
            }
        }
    }

    private var hiddenLayers: ArraySlice<LayerDiagnostics> { lastLook?.layers.dropLast() ?? [] }

    var isSymmetric: Bool { hiddenLayers.contains(where: \.isSymmetric) }

    var hasDeadLayer: Bool {
        hiddenLayers.contains { ($0.deadShare ?? 0) >= FlagThresholds.deadShare }
    }

    var hasSaturatedLayer: Bool {
        hiddenLayers.contains { ($0.saturatedShare ?? 0) > FlagThresholds.saturatedShare }
    }

    var vanishes: Bool {
        guard hiddenLayers.count >= FlagThresholds.vanishingLayerMinimum,
            let first = hiddenLayers.first, let last = hiddenLayers.last
        else { return false }
        let ratio =
            isFlat ? FlagThresholds.vanishingFlatRatio : FlagThresholds.vanishingRatio
        let bound = (1..<hiddenLayers.count).reduce(1) { bound, _ in
            max(ratio, bound * FlagThresholds.vanishingLayerRatio)
        }
        return last.activation.standardDeviation < bound * first.activation.standardDeviation
            || first.gradient.standardDeviation < bound * last.gradient.standardDeviation
    }

    var regularizationDrowns: Bool {
        guard let looks = recordings.diagnostics?.epochs, let first = looks.first,
            let last = looks.last
        else { return false }
        let isLarger = last.regularizationLoss > last.dataLoss
        let wasLarger = first.regularizationLoss > first.dataLoss
        return isLarger && last.dataLoss > FlagThresholds.drownedShare * initialLoss
            || wasLarger && last.dataLoss > FlagThresholds.shrunkShare * initialLoss
    }

    /// Whether regularization has left next to nothing of the weights: what else their layers show
    /// follows from that.
    var hasShrunk: Bool {
        guard let looks = recordings.diagnostics?.epochs, let first = looks.first,
            let last = looks.last
        else { return false }
        return regularizationDrowns
            && last.regularizationLoss < FlagThresholds.shrunkWeights * first.regularizationLoss
    }

    // MARK: - Updates

    var updatesAreHigh: Bool { (typicalUpdate ?? 0) > FlagThresholds.updateHigh }
    var updatesAreLow: Bool { (typicalUpdate ?? .infinity) < FlagThresholds.updateLow }

    /// The update ratio of weights: of each look the middle layer's, of these the middle one.
    private var typicalUpdate: Double? {
        median((recordings.diagnostics?.epochs ?? []).compactMap(update))
    }

    /// Whether weights still moved in the last epoch.
    var moves: Bool { (lastLook.flatMap(update) ?? 0) > FlagThresholds.updateUsual }

    private func update(at look: EpochDiagnostics) -> Double? {
        median(look.layers.compactMap(\.weightUpdateRatio))
    }

    /// The lower of two in the middle.
    private func median(_ numbers: [Double]) -> Double? {
        let sorted = numbers.filter(\.isFinite).sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
}
