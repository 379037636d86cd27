import Foundation
package import HPSearch

/// Looks inside of training.
extension Hpcoord_V1_Diagnostics {
    init(_ diagnostics: TrialDiagnostics) {
        epochs = diagnostics.epochs.map { .init($0) }
        if let images = diagnostics.firstLayer { firstLayer = .init(images) }
    }
}

extension TrialDiagnostics {
    /// Above what `thinned` leaves: more would be a claim on memory, not a training.
    private static let layerMaximum = 1 << 16

    init(wire: Hpcoord_V1_Diagnostics) throws(WireError) {
        let layers = wire.epochs.reduce(0) { $0 + max(1, $1.layers.count) }
        guard layers <= Self.layerMaximum else { throw .field("diagnostics") }
        self.init(
            epochs: try converted(wire.epochs) { epoch throws(WireError) in
                try EpochDiagnostics(wire: epoch)
            },
            firstLayer: wire.hasFirstLayer ? try WeightImages(wire: wire.firstLayer) : nil)
    }
}

extension Hpcoord_V1_EpochDiagnostics {
    init(_ look: EpochDiagnostics) {
        epoch = look.epoch
        dataLoss = look.dataLoss
        regularizationLoss = look.regularizationLoss
        if let loss = look.minibatchLoss { minibatchLoss = .init(loss) }
        layers = look.layers.map { .init($0) }
    }
}

extension EpochDiagnostics {
    init(wire: Hpcoord_V1_EpochDiagnostics) throws(WireError) {
        self.init(
            epoch: wire.epoch, dataLoss: wire.dataLoss,
            regularizationLoss: wire.regularizationLoss,
            minibatchLoss: wire.hasMinibatchLoss ? MinibatchLoss(wire: wire.minibatchLoss) : nil,
            layers: try converted(wire.layers) { layer throws(WireError) in
                try LayerDiagnostics(wire: layer)
            })
    }
}

extension Hpcoord_V1_MinibatchLoss {
    init(_ loss: MinibatchLoss) {
        mean = loss.mean
        standardDeviation = loss.standardDeviation
        first = loss.first
        last = loss.last
    }
}

extension MinibatchLoss {
    init(wire: Hpcoord_V1_MinibatchLoss) {
        self.init(
            mean: wire.mean, standardDeviation: wire.standardDeviation, first: wire.first,
            last: wire.last)
    }
}

extension Hpcoord_V1_LayerDiagnostics {
    init(_ layer: LayerDiagnostics) {
        if let ratio = layer.weightUpdateRatio { weightUpdateRatio = ratio }
        if let ratio = layer.biasUpdateRatio { biasUpdateRatio = ratio }
        if let ratio = layer.scaleUpdateRatio { scaleUpdateRatio = ratio }
        if let ratio = layer.slopeUpdateRatio { slopeUpdateRatio = ratio }
        activation = .init(layer.activation)
        gradient = .init(layer.gradient)
        if let share = layer.saturatedShare { saturatedShare = share }
        if let share = layer.deadShare { deadShare = share }
        isSymmetric = layer.isSymmetric
    }
}

extension LayerDiagnostics {
    init(wire: Hpcoord_V1_LayerDiagnostics) throws(WireError) {
        self.init(
            weightUpdateRatio: wire.hasWeightUpdateRatio ? wire.weightUpdateRatio : nil,
            biasUpdateRatio: wire.hasBiasUpdateRatio ? wire.biasUpdateRatio : nil,
            scaleUpdateRatio: wire.hasScaleUpdateRatio ? wire.scaleUpdateRatio : nil,
            slopeUpdateRatio: wire.hasSlopeUpdateRatio ? wire.slopeUpdateRatio : nil,
            activation: try NumberDistribution(wire: wire.activation),
            gradient: try NumberDistribution(wire: wire.gradient),
            saturatedShare: wire.hasSaturatedShare ? wire.saturatedShare : nil,
            deadShare: wire.hasDeadShare ? wire.deadShare : nil, isSymmetric: wire.isSymmetric)
    }
}

extension Hpcoord_V1_Distribution {
    init(_ numbers: NumberDistribution) {
        mean = numbers.mean
        standardDeviation = numbers.standardDeviation
        guard let bins = numbers.histogram else { return }
        histogram.low = bins.low
        histogram.high = bins.high
        histogram.counts = bins.counts
    }
}

extension NumberDistribution {
    init(wire: Hpcoord_V1_Distribution) throws(WireError) {
        self.init(mean: wire.mean, standardDeviation: wire.standardDeviation)
        guard wire.hasHistogram else { return }
        let bins = wire.histogram
        guard bins.counts.count == Histogram.binCount else { throw .field("histogram") }
        histogram = Histogram(low: bins.low, high: bins.high, counts: bins.counts)
    }
}

extension Hpcoord_V1_WeightImages {
    init(_ images: WeightImages) {
        rows = UInt32(images.rows)
        columns = UInt32(images.columns)
        channels = UInt32(images.channels)
        tiles = images.tiles.map { .init($0) }
    }
}

extension WeightImages {
    init(wire: Hpcoord_V1_WeightImages) throws(WireError) {
        let sides = 1...UInt32(Self.sideMaximum)
        guard sides.contains(wire.rows), sides.contains(wire.columns),
            (1...UInt32(Self.channelMaximum)).contains(wire.channels),
            wire.tiles.count <= Self.tileMaximum
        else { throw .field("weight images") }
        let (rows, columns, channels) = (Int(wire.rows), Int(wire.columns), Int(wire.channels))
        guard wire.tiles.allSatisfy({ $0.count == rows * columns * channels }) else {
            throw .field("weight images")
        }
        self.init(
            rows: rows, columns: columns, channels: channels, tiles: wire.tiles.map { .init($0) })
    }
}

/// The diagnostics of a trial as the journal's side table keeps them.
package enum DiagnosticsCodec {
    /// - Precondition: sizes of images are not negative.
    package static func encode(_ diagnostics: TrialDiagnostics) -> [UInt8] {
        WireCodec.bytes(of: Hpcoord_V1_Diagnostics(diagnostics))
    }

    /// - Throws: `WireError` when the bytes are no diagnostics.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> TrialDiagnostics {
        try TrialDiagnostics(wire: try WireCodec.parse(Hpcoord_V1_Diagnostics.self, bytes))
    }
}
