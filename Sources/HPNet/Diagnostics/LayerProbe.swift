import CKernels

/// Looks at every layer of the members of a bundle on a fixed minibatch: the first examples of the
/// sample on which training metrics are measured.
///
/// It costs the gradients of the layers' outputs for few examples: a sixtieth of a large training
/// split, once in an epoch. Outputs are those of the measurement of training metrics; with batch
/// normalization, which works differently there, the probe has a forward pass of its own.
final class LayerProbe {
    private static let exampleMaximum = 64
    private static let shareOfTraining = 64
    private static let exampleMinimum = 24

    private let data: PreparedData
    private let rows: [UInt32]
    private var labels: [Int32]
    private var scores: [Float]
    /// Of one member and layer, where they don't lie side by side.
    private var numbers: [Float]
    /// What the last look showed, by place; empty where it was taken.
    private var layers: [[TrainingDiagnostics.Layer]]

    /// Allocates all memory but for what is recorded.
    init(of network: Network, data: PreparedData) {
        self.data = data
        let share = max(
            Self.exampleMinimum, data.split.training.count / Self.shareOfTraining)
        let count = min(share, Self.exampleMaximum, Evaluator.batchSize)
        rows = Array(data.split.trainingSample.prefix(count))
        labels = rows.map { data.dataset.labels[Int($0)] }
        scores = [Float](repeating: 0, count: rows.count * data.dataset.classCount)
        numbers = [Float](repeating: 0, count: rows.count * network.layout.layers[0].units)
        layers = Array(repeating: [], count: network.members)
    }

    /// Looks at the layers of members, without what updates tell.
    ///
    /// - Parameters:
    ///   - members: by place.
    ///   - count: examples of the training sample, from its beginning, that the network has just
    ///     evaluated.
    func look(
        at network: Network, _ members: [Int], afterSample count: Int, withHistograms: Bool
    ) {
        forward(network, afterSample: count)
        for member in members {
            layers[member] = network.layout.layers.indices.map { layer in
                outputs(of: member, layer, network, withHistograms)
            }
        }
        setScoreGradients(of: members, network)
        network.probeGradients(examples: rows.count) { layer, gradients in
            for member in members {
                layers[member][layer].gradient = withNumbers(
                    of: member, layer, network, in: gradients
                ) { distribution($0, Self.summary($0, nil), withHistograms) }
            }
        }
    }

    /// What the last look showed of a member, once.
    func takeLayers(of member: Int) -> [TrainingDiagnostics.Layer] {
        var taken: [TrainingDiagnostics.Layer] = []
        swap(&taken, &layers[member])
        return taken
    }

    private func forward(_ network: Network, afterSample count: Int) {
        if network.normalizers.isEmpty {
            network.keepFirst(rows.count, of: count)
            return
        }
        guard let input = network.input.baseAddress else { return }
        rows.withUnsafeBufferPointer { rows in
            labels.withUnsafeMutableBufferPointer { labels in
                guard let labels = labels.baseAddress else { return }
                data.gather(rows, into: input, labels: labels)
            }
        }
        network.forward(examples: rows.count, for: .probing(nil))
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
        let units = network.layout.layers[layer].units
        let isHidden = layer < network.layout.layers.count - 1
        let activation = network.configuration.activation
        let bounds = isHidden ? activation.saturationBounds : nil
        return withNumbers(of: member, layer, network, in: network.outputs(ofLayer: layer)) {
            numbers in
            let summary = Self.summary(numbers, bounds)
            return TrainingDiagnostics.Layer(
                activation: distribution(numbers, summary, withHistograms),
                gradient: .init(mean: 0, standardDeviation: 0),
                saturatedShare: bounds.map { _ in
                    Double(summary.outside) / Double(numbers.count)
                },
                deadShare: isHidden && activation == .relu
                    ? Double(hpk_count_dead_columns(rows.count, units, numbers.baseAddress))
                        / Double(units)
                    : nil,
                isSymmetric: isHidden && network.isSymmetric(member, layer: layer))
        }
    }

    /// Calls `body` with a member's numbers of a layer, side by side.
    private func withNumbers<Result>(
        of member: Int, _ layer: Int, _ network: Network, in all: UnsafeMutablePointer<Float>,
        _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        let view = network.outputs(of: member, layer: layer, examples: rows.count, in: all)
        let units = network.layout.layers[layer].units
        let count = rows.count * units
        if view.rowStride == units {
            return body(UnsafeBufferPointer(start: view.start, count: count))
        }
        return numbers.withUnsafeMutableBufferPointer { numbers in
            for row in 0..<rows.count {
                numbers.baseAddress.map { $0 + row * units }?.update(
                    from: view.start + row * view.rowStride, count: units)
            }
            return body(UnsafeBufferPointer(rebasing: numbers[..<count]))
        }
    }

    private static func summary(
        _ numbers: UnsafeBufferPointer<Float>, _ bounds: (below: Float, above: Float)?
    ) -> hpk_summary {
        hpk_summarize(
            numbers.count, numbers.baseAddress, bounds?.below ?? -.infinity,
            bounds?.above ?? .infinity)
    }

    private func distribution(
        _ numbers: UnsafeBufferPointer<Float>, _ summary: hpk_summary, _ withHistogram: Bool
    ) -> TrainingDiagnostics.Distribution {
        TrainingDiagnostics.Distribution(
            mean: canonical(summary.mean),
            standardDeviation: canonical(summary.standard_deviation),
            histogram: withHistogram ? Self.histogram(numbers, summary) : nil)
    }

    /// Nil where a number isn't finite.
    private static func histogram(
        _ numbers: UnsafeBufferPointer<Float>, _ summary: hpk_summary
    ) -> TrainingDiagnostics.Histogram? {
        guard summary.mean.isFinite, summary.low.isFinite, summary.high.isFinite else { return nil }
        var counts = [UInt32](repeating: 0, count: TrainingDiagnostics.Histogram.binCount)
        hpk_histogram(
            numbers.count, numbers.baseAddress, summary.low, summary.high, counts.count, &counts)
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
