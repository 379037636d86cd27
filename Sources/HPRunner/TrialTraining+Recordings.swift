import HPCluster
import HPNet
import HPSearch

extension TrialTraining {
    /// What the trial leaves beside its result, and its flags.
    func observed(
        _ outcome: TrainingOutcome, _ state: Trial.State, best: Int?
    ) -> (recordings: TrialRecordings, flags: [TrialFlag]) {
        let recordings = TrialRecordings(
            curve: outcome.evaluations.map(\.point),
            diagnostics: outcome.diagnostics.map(TrialDiagnostics.init))
        let observation = TrialObservation(
            state: state, classCount: data.dataset.classCount, initialLoss: outcome.initialLoss,
            best: best, recordings: recordings)
        let rows = state == .complete ? outcome.validationRows.flatMap(correctness) : nil
        return (
            TrialRecordings(
                curve: recordings.curve, diagnostics: recordings.diagnostics?.thinned,
                correctness: rows?.value, crossedCorrectness: rows?.crossed),
            observation.flags
        )
    }

    /// The rows that are right where the trial's value was taken, and at evaluations that were
    /// chosen without them; nil for a loss, and for the lowest accuracy, which the engine doesn't
    /// follow.
    private func correctness(
        of rows: ValidationRows
    ) -> (value: RowCorrectness, crossed: CrossedCorrectness?)? {
        let objective = order.spec.objective
        guard objective.metric == .validationAccuracy, rows.count <= RowCorrectness.countMaximum
        else { return nil }
        func bits(_ bytes: [UInt8]) -> RowCorrectness? {
            RowCorrectness(count: rows.count, bytes: bytes)
        }
        switch (objective.at, objective.goal) {
        case (.last, _):
            return bits(rows.last).map { ($0, CrossedCorrectness(atOneEpoch: $0)) }
        case (.best, .maximize):
            let crossed = bits(rows.crossed).flatMap {
                CrossedCorrectness(rows: $0, rightOutside: rows.rightOutside)
            }
            return bits(rows.best).map { ($0, crossed) }
        case (.best, .minimize): return nil
        }
    }
}

extension Evaluation {
    fileprivate var point: EpochMetrics {
        EpochMetrics(
            epoch: epoch, learningRate: learningRate, validationAccuracy: validationAccuracy,
            validationLoss: validationLoss, trainingAccuracy: trainingAccuracy,
            trainingLoss: trainingLoss)
    }
}

extension TrialDiagnostics {
    fileprivate init(_ diagnostics: TrainingDiagnostics) {
        self.init(
            epochs: diagnostics.epochs.map(EpochDiagnostics.init),
            firstLayer: diagnostics.firstLayer.map { images in
                WeightImages(
                    rows: images.shape.rows, columns: images.shape.columns,
                    channels: images.shape.channels, tiles: images.tiles)
            })
    }
}

extension EpochDiagnostics {
    fileprivate init(_ look: TrainingDiagnostics.Epoch) {
        self.init(
            epoch: look.epoch, dataLoss: look.dataLoss,
            regularizationLoss: look.regularizationLoss,
            minibatchLoss: look.minibatchLoss.map { loss in
                MinibatchLoss(
                    mean: loss.mean, standardDeviation: loss.standardDeviation, first: loss.first,
                    last: loss.last)
            },
            layers: look.layers.map(LayerDiagnostics.init))
    }
}

extension LayerDiagnostics {
    fileprivate init(_ layer: TrainingDiagnostics.Layer) {
        self.init(
            weightUpdateRatio: layer.weightUpdateRatio, biasUpdateRatio: layer.biasUpdateRatio,
            scaleUpdateRatio: layer.scaleUpdateRatio, slopeUpdateRatio: layer.slopeUpdateRatio,
            activation: NumberDistribution(layer.activation),
            gradient: NumberDistribution(layer.gradient), saturatedShare: layer.saturatedShare,
            deadShare: layer.deadShare, isSymmetric: layer.isSymmetric)
    }
}

extension NumberDistribution {
    fileprivate init(_ numbers: TrainingDiagnostics.Distribution) {
        self.init(
            mean: numbers.mean, standardDeviation: numbers.standardDeviation,
            histogram: numbers.histogram.map { bins in
                Histogram(low: bins.low, high: bins.high, counts: bins.counts)
            })
    }
}
