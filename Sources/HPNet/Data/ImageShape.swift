/// How an example's features make an image: planes of rows, one plane after another.
public struct ImageShape: Sendable, Hashable, Codable {
    /// Pixels from top to bottom.
    public let rows: Int
    /// Pixels from left to right.
    public let columns: Int
    /// Planes: 1 for gray, 3 for red, green and blue.
    public let channels: Int

    /// - Precondition: each is at least 1.
    public init(rows: Int, columns: Int, channels: Int) {
        precondition(rows >= 1 && columns >= 1 && channels >= 1, "an image has pixels")
        self.rows = rows
        self.columns = columns
        self.channels = channels
    }

    /// Features of an example: channels · rows · columns.
    public var featureCount: Int { channels * rows * columns }
}
