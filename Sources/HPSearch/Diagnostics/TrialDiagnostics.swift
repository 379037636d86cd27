/// What looks inside of a trial's training showed; the engine's document says how each number is
/// measured.
package struct TrialDiagnostics: Sendable, Hashable {
    /// Before the first update, then at evaluations.
    package var epochs: [EpochDiagnostics]
    /// What the first layer's units look for; nil where the input is no image.
    package var firstLayer: WeightImages?

    package init(epochs: [EpochDiagnostics], firstLayer: WeightImages? = nil) {
        self.epochs = epochs
        self.firstLayer = firstLayer
    }
}

/// One look.
package struct EpochDiagnostics: Sendable, Hashable {
    /// Epochs trained so far; 0 before the first update.
    package var epoch: Double
    /// The mean cross-entropy on the fixed training sample, in nats.
    package var dataLoss: Double
    /// 0.5·reg·Σ‖W‖²
    package var regularizationLoss: Double
    /// Of the epoch that ended; nil before the first update.
    package var minibatchLoss: MinibatchLoss?
    /// Hidden layers from the input on, then the output layer.
    package var layers: [LayerDiagnostics]

    package init(
        epoch: Double, dataLoss: Double, regularizationLoss: Double,
        minibatchLoss: MinibatchLoss? = nil, layers: [LayerDiagnostics] = []
    ) {
        self.epoch = epoch
        self.dataLoss = dataLoss
        self.regularizationLoss = regularizationLoss
        self.minibatchLoss = minibatchLoss
        self.layers = layers
    }
}

/// Data losses of an epoch's minibatches.
package struct MinibatchLoss: Sendable, Hashable {
    package var mean: Double
    /// Around the mean.
    package var standardDeviation: Double
    /// Of the epoch's first minibatch.
    package var first: Double
    /// Of its last one.
    package var last: Double

    package init(mean: Double, standardDeviation: Double, first: Double, last: Double) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.first = first
        self.last = last
    }
}

/// One layer at one look.
package struct LayerDiagnostics: Sendable, Hashable {
    /// ‖Δw‖/‖w‖ of the epoch's last minibatch for each array of parameters; nil before the first
    /// update, for what the layer doesn't have, and where the norm is 0.
    package var weightUpdateRatio: Double?
    package var biasUpdateRatio: Double?
    /// Of batch normalization's γ.
    package var scaleUpdateRatio: Double?
    /// Of PReLU's slopes.
    package var slopeUpdateRatio: Double?
    /// Outputs on a fixed minibatch.
    package var activation: NumberDistribution
    /// ∂L/∂outputs on the same minibatch.
    package var gradient: NumberDistribution
    /// Nil for an activation that doesn't saturate.
    package var saturatedShare: Double?
    /// Of units; nil but for ReLU.
    package var deadShare: Double?
    /// Whether all units of a hidden layer have the same weights.
    package var isSymmetric: Bool

    package init(
        weightUpdateRatio: Double? = nil, biasUpdateRatio: Double? = nil,
        scaleUpdateRatio: Double? = nil, slopeUpdateRatio: Double? = nil,
        activation: NumberDistribution, gradient: NumberDistribution,
        saturatedShare: Double? = nil, deadShare: Double? = nil, isSymmetric: Bool = false
    ) {
        self.weightUpdateRatio = weightUpdateRatio
        self.biasUpdateRatio = biasUpdateRatio
        self.scaleUpdateRatio = scaleUpdateRatio
        self.slopeUpdateRatio = slopeUpdateRatio
        self.activation = activation
        self.gradient = gradient
        self.saturatedShare = saturatedShare
        self.deadShare = deadShare
        self.isSymmetric = isSymmetric
    }
}

/// Numbers of one kind in a layer.
package struct NumberDistribution: Sendable, Hashable {
    package var mean: Double
    package var standardDeviation: Double
    /// At some looks only.
    package var histogram: Histogram?

    package init(mean: Double, standardDeviation: Double, histogram: Histogram? = nil) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.histogram = histogram
    }
}

/// Counts in bins of equal width between the smallest and the largest number.
package struct Histogram: Sendable, Hashable {
    /// Of every histogram.
    package static let binCount = 32

    package var low: Double
    package var high: Double
    /// From the lowest bin.
    package var counts: [UInt32]

    /// - Precondition: there are `binCount` counts.
    package init(low: Double, high: Double, counts: [UInt32]) {
        precondition(counts.count == Self.binCount, "a histogram has \(Self.binCount) bins")
        self.low = low
        self.high = high
        self.counts = counts
    }
}

/// Weights of the first layer, each unit's as an image.
package struct WeightImages: Sendable, Hashable {
    /// Bounds of what is stored.
    package static let tileMaximum = 25
    package static let sideMaximum = 64
    package static let channelMaximum = 4

    /// Pixels.
    package var rows: Int
    package var columns: Int
    package var channels: Int
    /// One for each unit, channel after channel, row after row; each tile uses all of 0 to 255.
    package var tiles: [[UInt8]]

    package init(rows: Int, columns: Int, channels: Int, tiles: [[UInt8]]) {
        self.rows = rows
        self.columns = columns
        self.channels = channels
        self.tiles = tiles
    }
}

extension TrialDiagnostics {
    /// The name of a layer: `hidden 1`, `output`.
    package static func layerName(_ index: Int, of count: Int) -> String {
        index == count - 1 ? "output" : "hidden \(index + 1)"
    }

    /// Layers of all looks that are stored at most: about half a megabyte.
    package static let layerLookMaximum = 4096

    /// The looks that are kept of a long training: the first two, the last one, and others at
    /// equal distances.
    package var thinned: TrialDiagnostics {
        let layers = max(1, epochs.first?.layers.count ?? 1)
        let maximum = max(4, Self.layerLookMaximum / layers)
        guard epochs.count > maximum else { return self }
        let step = (epochs.count + maximum - 5) / (maximum - 3)
        let kept = epochs.indices.filter { index in
            index <= 1 || index == epochs.count - 1 || index % step == 0
        }
        return TrialDiagnostics(epochs: kept.map { epochs[$0] }, firstLayer: firstLayer)
    }
}

/// What a trial leaves beside its result: for figures and for those who look closer.
package struct TrialRecordings: Sendable, Hashable {
    /// One point for each evaluation.
    package var curve: [EpochMetrics]
    /// Nil where nobody looked inside.
    package var diagnostics: TrialDiagnostics?
    /// The validation rows that were right; nil where that isn't known, as of trials of earlier
    /// releases.
    package var correctness: RowCorrectness?
    /// Nil as `correctness` is.
    package var crossedCorrectness: CrossedCorrectness?

    package init(
        curve: [EpochMetrics] = [], diagnostics: TrialDiagnostics? = nil,
        correctness: RowCorrectness? = nil, crossedCorrectness: CrossedCorrectness? = nil
    ) {
        self.curve = curve
        self.diagnostics = diagnostics
        self.correctness = correctness
        self.crossedCorrectness = crossedCorrectness
    }
}
