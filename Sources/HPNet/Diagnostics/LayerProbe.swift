import CKernels

/// Looks at every layer of the members of a bundle on a fixed minibatch: a part of the sample on
/// which training metrics are measured.
///
/// It costs a forward pass and the gradients of the layers' outputs for few examples: a sixtieth of
/// a large training split, once in an epoch.
final class LayerProbe {
    private static let exampleMaximum = 64
    private static let shareOfTraining = 64
    private static let exampleMinimum = 24

    private let data: PreparedData
    private let rows: [UInt32]
    private var labels: [Int32]
    private var scores: [Float]
    private var numbers: [Float] = []

    init(data: PreparedData) {
        self.data = data
        let share = max(
            Self.exampleMinimum, data.split.training.count / Self.shareOfTraining)
        rows = Array(data.split.trainingSample.prefix(min(share, Self.exampleMaximum)))
        labels = [Int32](repeating: 0, count: rows.count)
        scores = [Float](repeating: 0, count: rows.count * data.dataset.classCount)
    }

    /// The layers of each of these members, without what updates tell.
    func look(
        at network: Network, _ members: [Int], withHistograms: Bool
    ) -> [[TrainingDiagnostics.Layer]] {
        guard let input = network.input.baseAddress else { return [] }
        rows.withUnsafeBufferPointer { rows in
            labels.withUnsafeMutableBufferPointer { labels in
                guard let labels = labels.baseAddress else { return }
                data.gather(rows, into: input, labels: labels)
            }
        }
        network.forward(examples: rows.count, for: .probing)
        var layers = members.map { member in
            network.layout.layers.indices.map { layer in
                outputs(of: member, layer, network, withHistograms)
            }
        }
        setScoreGradients(of: members, network)
        network.probeGradients(examples: rows.count) { layer, gradients in
            for (place, member) in members.enumerated() {
                copy(layer, member, network, gradients)
                layers[place][layer].gradient = distribution(
                    summary(nil), withHistograms)
            }
        }
        return layers
    }

    private func setScoreGradients(of members: [Int], _ network: Network) {
        scores.withUnsafeMutableBufferPointer { scores in
            guard let scores = scores.baseAddress else { return }
            for member in members {
                network.copyScores(of: member, examples: rows.count, to: scores)
                _ = hpk_softmax_gradient(
                    rows.count, data.dataset.classCount, scores, labels)
                network.setScoreGradients(of: member, examples: rows.count, from: scores)
            }
        }
    }

    private func outputs(
        of member: Int, _ layer: Int, _ network: Network, _ withHistograms: Bool
    ) -> TrainingDiagnostics.Layer {
        copy(layer, member, network, network.outputs(ofLayer: layer))
        let units = network.layout.layers[layer].units
        let isHidden = layer < network.layout.layers.count - 1
        let activation = network.configuration.activation
        let bounds = isHidden ? activation.saturationBounds : nil
        let summary = summary(bounds)
        return TrainingDiagnostics.Layer(
            activation: distribution(summary, withHistograms),
            gradient: .init(mean: 0, standardDeviation: 0),
            saturatedShare: bounds.map { _ in Double(summary.outside) / Double(numbers.count) },
            deadShare: isHidden && activation == .relu
                ? Double(hpk_count_dead_columns(rows.count, units, numbers)) / Double(units)
                : nil,
            isSymmetric: isHidden && network.isSymmetric(member, layer: layer))
    }

    /// Puts a member's numbers of a layer side by side.
    private func copy(
        _ layer: Int, _ member: Int, _ network: Network, _ all: UnsafeMutablePointer<Float>
    ) {
        let view = network.outputs(
            of: member, layer: layer, examples: rows.count, in: all)
        let units = network.layout.layers[layer].units
        numbers.removeAll(keepingCapacity: true)
        for row in 0..<rows.count {
            numbers.append(
                contentsOf: UnsafeBufferPointer(
                    start: view.start + row * view.rowStride, count: units))
        }
    }

    private func summary(_ bounds: (below: Float, above: Float)?) -> hpk_summary {
        hpk_summarize(
            numbers.count, numbers, bounds?.below ?? -.infinity, bounds?.above ?? .infinity)
    }

    private func distribution(
        _ summary: hpk_summary, _ withHistogram: Bool
    ) -> TrainingDiagnostics.Distribution {
        TrainingDiagnostics.Distribution(
            mean: canonical(summary.mean),
            standardDeviation: canonical(summary.standard_deviation),
            histogram: withHistogram ? histogram(summary) : nil)
    }

    /// Nil where a number isn't finite.
    private func histogram(_ summary: hpk_summary) -> TrainingDiagnostics.Histogram? {
        guard summary.mean.isFinite, summary.low.isFinite, summary.high.isFinite else { return nil }
        var counts = [UInt32](repeating: 0, count: TrainingDiagnostics.Histogram.binCount)
        hpk_histogram(
            numbers.count, numbers, summary.low, summary.high, counts.count, &counts)
        return TrainingDiagnostics.Histogram(
            low: Double(summary.low), high: Double(summary.high), counts: counts)
    }
}

extension Network {
    /// Whether all units of a layer of several have the same weights, to the bit.
    func isSymmetric(_ member: Int, layer index: Int) -> Bool {
        let layer = layout.layers[index]
        guard layer.units > 1 else { return false }
        let block = layer.weights[member]
        let first = block.columns.lowerBound
        for row in 0..<block.rows {
            for column in 0..<layer.columns {
                let weight = block.offset(row: row, column: first + column)
                let firstUnit = column - column % layer.units
                let other = block.offset(row: row, column: first + firstUnit)
                if arenas.parameters[weight] != arenas.parameters[other] { return false }
            }
        }
        return true
    }
}
