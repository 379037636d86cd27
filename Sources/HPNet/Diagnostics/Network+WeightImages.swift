extension Network {
    private static let tileMaximum = 25
    private static let sideMaximum = 64
    private static let channelMaximum = 4
    /// Of all tiles: what a trial is worth on the wire and on the disk.
    private static let byteMaximum = 48 << 10

    /// A member's first weights as images; nil where there is nothing to see.
    ///
    /// - Parameter shape: of the features.
    func weightImages(of member: Int, _ shape: ImageShape) -> TrainingDiagnostics.WeightImages? {
        let layer = layout.layers[0]
        guard layout.layers.count > 1, shape.featureCount == layer.inputs,
            max(shape.rows, shape.columns) <= Self.sideMaximum,
            shape.channels <= Self.channelMaximum
        else { return nil }
        let count = min(
            Self.tileMaximum, layer.units, max(1, Self.byteMaximum / shape.featureCount))
        return TrainingDiagnostics.WeightImages(
            shape: shape, tiles: (0..<count).map { tile(of: member, unit: $0) })
    }

    private func tile(of member: Int, unit: Int) -> [UInt8] {
        let block = layout.layers[0].weights[member]
        let column = block.column(block.columns.lowerBound + unit)
        let weights = (0..<block.rows).map { row in
            arenas.parameters[column.offset + row * column.rowStride]
        }
        let low = weights.min() ?? 0
        let spread = (weights.max() ?? 0) - low
        guard spread > 0, spread.isFinite else {
            return [UInt8](repeating: 128, count: weights.count)
        }
        return weights.map { UInt8((($0 - low) / spread * 255).rounded()) }
    }
}
