import HPSearch

/// The layers of a trial as the last look found them.
struct LayerTable {
    private let look: EpochDiagnostics

    /// - Returns: nil where nobody looked inside.
    init?(_ diagnostics: TrialDiagnostics?) {
        guard let look = diagnostics?.epochs.last, !look.layers.isEmpty else { return nil }
        self.look = look
    }

    var title: String {
        look.epoch == 0
            ? "Layers before training" : "Layers at epoch \(NumberFormat.short(look.epoch))"
    }

    /// `update` is the last update of the epoch beside the weights.
    var columns: [TextTable.Column] {
        [
            TextTable.Column(
                "layer", .left,
                look.layers.indices.map {
                    TrialDiagnostics.layerName($0, of: look.layers.count)
                }),
            column("update") { short($0.weightUpdateRatio) },
            column("mean") { short($0.activation.mean) },
            column("std") { short($0.activation.standardDeviation) },
            column("gradient_std") { short($0.gradient.standardDeviation) },
            column("saturated") { share($0.saturatedShare) },
            column("dead") { share($0.deadShare) },
            column("units") { $0.isSymmetric ? "all the same" : "" },
        ]
    }

    private func column(
        _ title: String, _ cell: (LayerDiagnostics) -> String
    ) -> TextTable.Column {
        TextTable.Column(title, .right, look.layers.map(cell))
    }

    private func short(_ number: Double?) -> String {
        number.map { NumberFormat.short($0, digits: 3) } ?? ""
    }

    private func share(_ number: Double?) -> String {
        number.map { NumberFormat.fixed(100 * $0, decimals: 1) + "%" } ?? ""
    }
}
