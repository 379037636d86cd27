import HPDigest

/// Examples with class labels, held as they came: bytes stay bytes.
public struct Dataset: Sendable {
    /// The examples' features, row-major, shape (count, featureCount).
    public enum Features: Sendable {
        /// Each byte times `scale` is the feature.
        case bytes([UInt8], scale: Float)
        case floats([Float])
    }

    /// What the data is called.
    public let name: String
    /// Shape (count, featureCount).
    public let features: Features
    /// Class indices in 0..<classCount, shape (count).
    public let labels: [Int32]
    /// Features of an example.
    public let featureCount: Int
    /// Classes, numbered from 0.
    public let classCount: Int
    /// How an example's features make an image; nil where they don't. Not part of the digest.
    public let imageShape: ImageShape?
    /// What classes are called, in their order; empty where the data doesn't say.
    public let classNames: [String]
    /// How a table was understood; nil for data that came from none.
    public let table: Table?
    /// SHA-256 of shape, features and labels: equal digests are equal examples in equal order.
    public let digest: String

    /// Takes examples in.
    ///
    /// - Precondition: the features have `labels.count` rows, every label is below `classCount`,
    ///   an image has `featureCount` pixels, and each class has a name if one has.
    public init(
        name: String, features: Features, labels: [Int32], featureCount: Int, classCount: Int,
        imageShape: ImageShape? = nil, classNames: [String] = []
    ) {
        self.init(
            name: name, features: features, labels: labels, featureCount: featureCount,
            classCount: classCount, imageShape: imageShape, classNames: classNames, table: nil)
    }

    init(
        name: String, features: Features, labels: [Int32], featureCount: Int, classCount: Int,
        imageShape: ImageShape? = nil, classNames: [String], table: Table?, digest: String? = nil
    ) {
        let valueCount =
            switch features {
            case .bytes(let bytes, _): bytes.count
            case .floats(let floats): floats.count
            }
        precondition(valueCount == labels.count * featureCount, "one row of features per label")
        precondition(
            labels.allSatisfy { $0 >= 0 && $0 < classCount }, "labels are below the class count")
        precondition(
            imageShape == nil || imageShape?.featureCount == featureCount,
            "an image has one pixel per feature")
        precondition(
            classNames.isEmpty || classNames.count == classCount, "each class has a name")
        self.name = name
        self.features = features
        self.labels = labels
        self.featureCount = featureCount
        self.classCount = classCount
        self.imageShape = imageShape
        self.classNames = classNames
        self.table = table
        self.digest =
            digest ?? Self.digest(features, labels, featureCount, classCount, table)
    }

    /// The number of examples.
    public var count: Int { labels.count }

    private static func digest(
        _ features: Features, _ labels: [Int32], _ featureCount: Int, _ classCount: Int,
        _ table: Table?
    ) -> String {
        var digest = SHA256()
        digest.update("hpnet.data/1")
        digest.update(labels.count)
        digest.update(featureCount)
        digest.update(classCount)
        switch features {
        case .bytes(let bytes, let scale):
            digest.update("bytes")
            digest.update(Double(scale))
            digest.update(bytes)
        case .floats(let floats):
            digest.update("floats")
            floats.withUnsafeBytes { digest.update($0) }
        }
        labels.withUnsafeBytes { digest.update($0) }
        table?.update(&digest)
        return digest.finish()
    }
}
