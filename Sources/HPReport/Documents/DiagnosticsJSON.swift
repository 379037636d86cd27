import HPSearch

/// What looks inside of a trial's training showed, as the document of the trial has it.
enum DiagnosticsJSON {
    /// What a trial's flags advise.
    static func diagnosis(of flags: [TrialFlag]) -> JSONValue {
        .array(
            flags.map { flag in
                .object([
                    "flag": .text(flag.rawValue),
                    "parameter": .text(flag.advice.parameter),
                    "direction": .text(flag.advice.direction.rawValue),
                    "because": .text(flag.advice.because),
                ])
            })
    }

    /// One element for each look.
    static func looks(_ diagnostics: TrialDiagnostics?) -> JSONValue {
        .array((diagnostics?.epochs ?? []).map(look))
    }

    private static func look(_ look: EpochDiagnostics) -> JSONValue {
        .object([
            "epoch": .number(look.epoch),
            "data_loss": .number(look.dataLoss),
            "regularization_loss": .number(look.regularizationLoss),
            "minibatch_loss": look.minibatchLoss.map(minibatchLoss) ?? .null,
            "layers": .array(
                look.layers.enumerated().map { index, layer in
                    self.layer(layer, TrialDiagnostics.layerName(index, of: look.layers.count))
                }),
        ])
    }

    private static func minibatchLoss(_ loss: MinibatchLoss) -> JSONValue {
        .object([
            "mean": .number(loss.mean),
            "standard_deviation": .number(loss.standardDeviation),
            "first": .number(loss.first),
            "last": .number(loss.last),
        ])
    }

    private static func layer(_ layer: LayerDiagnostics, _ name: String) -> JSONValue {
        .object([
            "name": .text(name),
            "update_ratio": .object([
                "weights": .optional(layer.weightUpdateRatio),
                "biases": .optional(layer.biasUpdateRatio),
                "scales": .optional(layer.scaleUpdateRatio),
                "slopes": .optional(layer.slopeUpdateRatio),
            ]),
            "activation": distribution(layer.activation),
            "gradient": distribution(layer.gradient),
            "saturated_share": .optional(layer.saturatedShare),
            "dead_share": .optional(layer.deadShare),
            "is_symmetric": .boolean(layer.isSymmetric),
        ])
    }

    private static func distribution(_ numbers: NumberDistribution) -> JSONValue {
        .object([
            "mean": .number(numbers.mean),
            "standard_deviation": .number(numbers.standardDeviation),
            "histogram": numbers.histogram.map { histogram in
                .object([
                    "low": .number(histogram.low),
                    "high": .number(histogram.high),
                    "counts": .array(histogram.counts.map { .integer(Int($0)) }),
                ])
            } ?? .null,
        ])
    }
}
