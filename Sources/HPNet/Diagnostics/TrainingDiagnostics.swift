/// What a look inside of training shows: how each layer fares before the first update and after
/// each epoch.
public struct TrainingDiagnostics: Sendable, Hashable, Codable {
    /// Before the first update, then at each evaluation.
    public var epochs: [Epoch] = []
    /// After the last epoch, of networks with a hidden layer whose features are pixels; else nil.
    public var firstLayer: WeightImages?

    /// Weights of units of the first layer, drawn as what they look for.
    public struct WeightImages: Sendable, Hashable, Codable {
        /// Of each tile.
        public var shape: ImageShape
        /// One for each of the first units, planes of rows as in `shape`; from a unit's smallest
        /// weight, 0, to its largest, 255. Of maxout it is each unit's first piece.
        public var tiles: [[UInt8]]
    }

    /// One look.
    public struct Epoch: Sendable, Hashable, Codable {
        /// Epochs trained so far; 0 before the first update.
        public var epoch: Double
        /// The mean cross-entropy on the fixed training sample.
        public var dataLoss: Double
        /// 0.5·reg·Σ‖W‖²
        public var regularizationLoss: Double
        /// Of the minibatches of the epoch that ended; nil before the first update.
        public var minibatchLoss: MinibatchLoss?
        /// Hidden layers from the input on, then the output layer.
        public var layers: [Layer]
    }

    /// Data losses of an epoch's minibatches.
    public struct MinibatchLoss: Sendable, Hashable, Codable {
        /// Of all.
        public var mean: Double
        /// Around the mean.
        public var standardDeviation: Double
        /// Of the epoch's first minibatch.
        public var first: Double
        /// Of its last one.
        public var last: Double
    }

    /// One layer.
    public struct Layer: Sendable, Hashable, Codable {
        /// ‖ΔW‖/‖W‖ of the epoch's last minibatch; nil before the first update, and where the
        /// norm is 0. The lecture wants it near 1e-3.
        public var weightUpdateRatio: Double?
        /// The same of the biases, or of batch normalization's β.
        public var biasUpdateRatio: Double?
        /// The same of batch normalization's γ.
        public var scaleUpdateRatio: Double?
        /// The same of PReLU's slopes.
        public var slopeUpdateRatio: Double?
        /// What the layer gives to the next on the probe, a fixed minibatch; of the output layer,
        /// scores.
        public var activation: Distribution
        /// ∂L/∂outputs on the same minibatch, L its mean data loss.
        public var gradient: Distribution
        /// The share of outputs where the activation's slope is below a twentieth of its largest;
        /// nil for an activation that doesn't saturate.
        public var saturatedShare: Double?
        /// The share of units that are 0 on the whole probe; nil but for ReLU.
        public var deadShare: Double?
        /// Whether all units of a hidden layer of several have the same weights.
        public var isSymmetric: Bool
    }

    /// Numbers of one kind.
    public struct Distribution: Sendable, Hashable, Codable {
        /// Of all.
        public var mean: Double
        /// Around the mean.
        public var standardDeviation: Double
        /// Before the first update, at the first evaluation and at the last one.
        public var histogram: Histogram?
    }

    /// Counts in 32 bins of equal width.
    public struct Histogram: Sendable, Hashable, Codable {
        /// Of every histogram.
        public static let binCount = 32

        /// The smallest number.
        public var low: Double
        /// The largest.
        public var high: Double
        /// Numbers in each bin, from the lowest.
        public var counts: [UInt32]
    }
}
