import HPSearch

/// Recordings made by hand.
extension Fixtures {
    /// Activations lose a part of their spread in each layer; looks before training and after each
    /// of the epochs, histograms as the engine keeps them.
    static func diagnostics(
        hidden: Int = 2, epochs: Int = 5, saturated: Double? = 0.1, dead: Double? = nil,
        firstLayer: WeightImages? = nil
    ) -> TrialDiagnostics {
        let looks = (0...epochs).map { epoch in
            let layers = (0...hidden).map { layer in
                self.layer(
                    layer, epoch, isOutput: layer == hidden,
                    hasHistogram: [0, 1, epochs].contains(epoch), saturated, dead)
            }
            return look(epoch, layers)
        }
        return TrialDiagnostics(epochs: looks, firstLayer: firstLayer)
    }

    private static func look(_ epoch: Int, _ layers: [LayerDiagnostics]) -> EpochDiagnostics {
        var look = EpochDiagnostics(
            epoch: Double(epoch), dataLoss: 2.3 / Double(epoch + 1),
            regularizationLoss: 0.05 + Double(epoch) / 100, layers: layers)
        if epoch > 0 {
            look.minibatchLoss = MinibatchLoss(
                mean: 1.5, standardDeviation: 0.1, first: 2, last: 1.2)
        }
        return look
    }

    private static func layer(
        _ layer: Int, _ epoch: Int, isOutput: Bool, hasHistogram: Bool, _ saturated: Double?,
        _ dead: Double?
    ) -> LayerDiagnostics {
        var spread = 1.0
        for _ in 0..<layer { spread *= 0.5 }
        let size = spread * Double(epoch + 1)
        return LayerDiagnostics(
            weightUpdateRatio: epoch == 0 ? nil : 1e-3 * size,
            biasUpdateRatio: epoch == 0 ? nil : 2e-3,
            activation: distribution(spread, hasHistogram),
            gradient: distribution(1e-4 / spread, hasHistogram),
            saturatedShare: isOutput ? nil : saturated, deadShare: isOutput ? nil : dead,
            isSymmetric: layer == 1 && dead != nil)
    }

    private static func distribution(
        _ spread: Double, _ hasHistogram: Bool
    ) -> NumberDistribution {
        let counts = (0..<Histogram.binCount).map { UInt32($0 * (Histogram.binCount - 1 - $0)) }
        return NumberDistribution(
            mean: spread / 16, standardDeviation: spread,
            histogram: hasHistogram
                ? Histogram(low: -2 * spread, high: 3 * spread, counts: counts) : nil)
    }

    /// Tiles of a gradient each.
    static func images(count: Int = 7, side: Int = 8, channels: Int = 3) -> WeightImages {
        WeightImages(
            rows: side, columns: side, channels: channels,
            tiles: (0..<count).map { tile in
                (0..<side * side * channels).map { UInt8(truncatingIfNeeded: $0 * (tile + 1)) }
            })
    }

    static func curve(epochs: Int = 5) -> [EpochMetrics] {
        (1...epochs).map { epoch in
            EpochMetrics(
                epoch: Double(epoch), learningRate: 1e-3,
                validationAccuracy: 0.3 + Double(epoch) / 50, validationLoss: 2 / Double(epoch),
                trainingAccuracy: 0.35 + Double(epoch) / 40, trainingLoss: 1.8 / Double(epoch))
        }
    }
}
