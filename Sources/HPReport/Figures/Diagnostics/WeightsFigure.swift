import HPSearch

/// What units of the first layer look for: their weights as images.
struct WeightsFigure: Figure {
    private let trial: Int
    private let images: WeightImages

    private static let columnCounts = 4...8

    /// - Returns: nil where the input is no image.
    init?(of recorded: RecordedTrial) {
        guard let images = recorded.recordings.diagnostics?.firstLayer, !images.tiles.isEmpty,
            images.rows > 0, images.columns > 0, images.channels > 0,
            images.tiles.allSatisfy({
                $0.count == images.rows * images.columns * images.channels
            })
        else { return nil }
        self.images = images
        trial = recorded.trial
    }

    var name: String { "weights-\(trial)" }
    let title = "Weights of the first layer"
    let layouts = [FigureLayout.single]

    var caption: String {
        "Each tile shows the weights of one of the first "
            + "\(TextLayout.count(images.tiles.count, "unit")) of the first hidden layer, from its "
            + "smallest (dark) to its largest (bright). Smooth patterns are features; noise means "
            + "that training has not converged, or that the regularization is too weak."
    }

    func drawing(in layout: FigureLayout) -> Drawing {
        let image = tiled
        let scale = layout.width / Double(image.width)
        let height = scale * Double(image.height)
        return Drawing(
            content: [
                SVG.image(image.dataAddress, width: layout.width, height: height)
            ], height: height)
    }

    /// That which leaves the fewest places empty, and of such the one nearest to a square.
    static func columnCount(of tileCount: Int) -> Int {
        guard tileCount > columnCounts.lowerBound else { return tileCount }
        func cost(_ columns: Int) -> (empty: Int, fromSquare: Int) {
            let rows = (tileCount + columns - 1) / columns
            return (rows * columns - tileCount, abs(rows - columns))
        }
        return columnCounts.min { cost($0) < cost($1) } ?? columnCounts.lowerBound
    }

    /// Tiles in rows, a white line between them.
    private var tiled: PNGImage {
        let columnCount = Self.columnCount(of: images.tiles.count)
        let rowCount = (images.tiles.count + columnCount - 1) / columnCount
        let isColored = images.channels == 3
        var image = PNGImage(
            width: columnCount * (images.columns + 1) - 1, height: rowCount * (images.rows + 1) - 1,
            isColored: isColored)
        let size = images.rows * images.columns
        for (index, tile) in images.tiles.enumerated() {
            let left = index % columnCount * (images.columns + 1)
            let top = index / columnCount * (images.rows + 1)
            for pixel in 0..<size {
                for channel in 0..<(isColored ? 3 : 1) {
                    image.set(
                        tile[channel * size + pixel], x: left + pixel % images.columns,
                        y: top + pixel / images.columns, channel: channel)
                }
            }
        }
        return image
    }
}
