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
        return (
            TrialRecordings(
                curve: recordings.curve, diagnostics: recordings.diagnostics?.thinned),
            observation.flags
        )
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
