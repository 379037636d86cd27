import CKernels

/// A split data set with the preprocessing that was fitted on its training split. Many trainers
/// share one.
public final class PreparedData: Sendable {
    /// The examples as they came.
    public let dataset: Dataset
    /// Which of them are for what.
    public let split: DataSplit
    /// Features of a prepared example.
    public let featureCount: Int
    /// Components that whitening leaves out since they are lost in rounding.
    public let droppedComponentCount: Int
    /// The examples with missing values filled in and a feature for each category: what is
    /// prepared.
    let encoded: Dataset
    /// Describes the features of `encoded`; nil where they are those of `dataset`.
    let encoding: TableEncoding?
    /// Subtracted from each feature, shape (encoded.featureCount); nil for nothing.
    let subtract: [Float]?
    /// Multiplies each feature after that, shape (encoded.featureCount); nil for nothing.
    let multiply: [Float]?
    /// Nil without a projection.
    let projection: Projection?

    /// Bytes that it takes beside those of the data set.
    public var byteCount: Int {
        let encodedCount = encoding == nil ? 0 : encoded.count * encoded.featureCount
        return MemoryLayout<Float>.stride
            * (encodedCount + (subtract?.count ?? 0) + (multiply?.count ?? 0)
                + (projection.map { $0.matrix.count + $0.examples.count } ?? 0))
    }

    /// Features of an example before any projection: those of the data, with one for each category.
    public var inputCount: Int { encoded.featureCount }

    /// Whether the network reads principal components instead of features.
    var isProjected: Bool { projection != nil }

    /// All examples turned to principal components.
    struct Projection: Sendable {
        var components: PrincipalComponents
        /// What features are multiplied by, shape (features, components): the components, scaled
        /// where they are whitened.
        var matrix: [Float]
        /// Shape (dataset.count, components).
        var examples: [Float]
    }

    /// Fits the preprocessing.
    ///
    /// - Parameters:
    ///   - dataset: all examples, as they came.
    ///   - split: whose training rows the steps are fitted on.
    ///   - preprocessing: the steps, in their order.
    ///   - cache: where principal components are kept; nil for nowhere.
    /// - Precondition: the steps suit the data, see `require`.
    public init(
        dataset: Dataset, split: DataSplit, preprocessing: [Preprocessing] = [],
        cache: ComponentCache? = nil
    ) {
        self.dataset = dataset
        self.split = split
        encoding = dataset.table.flatMap { table in
            TableEncoding(of: dataset, table, split.training, isCentered: !preprocessing.isEmpty)
        }
        encoded = encoding?.encode(dataset) ?? dataset
        guard !preprocessing.isEmpty else {
            (subtract, multiply, projection) = (nil, nil, nil)
            featureCount = encoded.featureCount
            droppedComponentCount = 0
            return
        }
        let moments = FeatureMoments(of: encoded, rows: split.training)
        subtract = moments.mean.map { Float($0) }
        multiply = preprocessing.hasNormalization ? moments.scale.map { Float($0) } : nil
        guard
            let count = preprocessing.componentCount(
                features: encoded.featureCount, examples: split.training.count),
            let asked = preprocessing.projection
        else {
            projection = nil
            featureCount = encoded.featureCount
            droppedComponentCount = 0
            return
        }
        precondition(count <= encoded.featureCount, "there are no more components than features")
        var components = PrincipalComponents.of(
            encoded, rows: split.training, moments: moments,
            isNormalized: preprocessing.hasNormalization, count: count, cache: cache)
        if asked.epsilon != nil {
            components.keepPrecise(
                of: encoded,
                deviations: preprocessing.hasNormalization
                    ? zip(moments.deviation, moments.scale).map(*) : moments.deviation)
        }
        featureCount = components.variances.count
        droppedComponentCount = count - featureCount
        projection = Self.project(
            encoded, subtract, multiply, components, epsilon: asked.epsilon)
    }

    private static let blockRows = 500

    /// (x − mean)·U, divided by √(λ + ε) where there is an ε.
    private static func project(
        _ dataset: Dataset, _ subtract: [Float]?, _ multiply: [Float]?,
        _ components: PrincipalComponents, epsilon: Double?
    ) -> Projection {
        let (features, count) = (dataset.featureCount, components.variances.count)
        let scale = components.variances.map { variance in
            epsilon.map { 1 / (variance + $0).squareRoot() } ?? 1
        }
        // U, shape (features, components).
        var turned = [Float](repeating: 0, count: features * count)
        for component in 0..<count {
            for feature in 0..<features {
                turned[feature * count + component] = Float(
                    components.vectors[component * features + feature] * scale[component])
            }
        }
        var panels = [Float](repeating: 0, count: features * hpk_padded_columns(count))
        packInPanels(turned, rows: features, columns: count, to: &panels)
        var block = [Float](repeating: 0, count: blockRows * features)
        var scratch = [Float](
            repeating: 0, count: hpk_product_scratch_floats(blockRows, count, features))
        var examples = [Float](repeating: 0, count: dataset.count * count)
        for start in stride(from: 0, to: dataset.count, by: blockRows) {
            let rows = (start..<min(start + blockRows, dataset.count)).map(UInt32.init)
            gather(rows, of: dataset, subtract, multiply, into: &block)
            examples.withUnsafeMutableBufferPointer { examples in
                guard let base = examples.baseAddress else { return }
                hpk_product(
                    rows.count, count, features, block, features, panels, base + start * count,
                    count, &scratch)
            }
        }
        return Projection(components: components, matrix: turned, examples: examples)
    }

    private static func gather(
        _ rows: [UInt32], of dataset: Dataset, _ subtract: [Float]?, _ multiply: [Float]?,
        into destination: UnsafeMutablePointer<Float>
    ) {
        withOptional(subtract) { subtract in
            withOptional(multiply) { multiply in
                switch dataset.features {
                case .bytes(let bytes, let scale):
                    hpk_gather_u8(
                        rows.count, dataset.featureCount, bytes, rows, scale, subtract, multiply,
                        destination)
                case .floats(let floats):
                    hpk_gather_f32(
                        rows.count, dataset.featureCount, floats, rows, subtract, multiply,
                        destination)
                }
            }
        }
    }

    /// Writes prepared examples, row-major, shape (rows.count, featureCount), and their labels,
    /// shape (rows.count).
    ///
    /// - Precondition: both destinations have room for them.
    func gather(
        _ rows: UnsafeBufferPointer<UInt32>, into destination: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Int32>
    ) {
        gather(rows, into: destination)
        for (position, row) in rows.enumerated() { labels[position] = dataset.labels[Int(row)] }
    }

    /// Writes prepared examples alone.
    ///
    /// - Precondition: `destination` has room for them.
    func gather(_ rows: UnsafeBufferPointer<UInt32>, into destination: UnsafeMutablePointer<Float>)
    {
        if let projection {
            return hpk_gather_f32(
                rows.count, featureCount, projection.examples, rows.baseAddress, nil, nil,
                destination)
        }
        let columns = encoded.featureCount
        Self.withOptional(subtract) { subtract in
            Self.withOptional(multiply) { multiply in
                switch encoded.features {
                case .bytes(let bytes, let scale):
                    hpk_gather_u8(
                        rows.count, columns, bytes, rows.baseAddress, scale, subtract, multiply,
                        destination)
                case .floats(let floats):
                    hpk_gather_f32(
                        rows.count, columns, floats, rows.baseAddress, subtract, multiply,
                        destination)
                }
            }
        }
    }

    private static func withOptional(
        _ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void
    ) {
        guard let values else { return body(nil) }
        values.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
