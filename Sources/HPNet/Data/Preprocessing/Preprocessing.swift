/// A step of preprocessing; its statistics come from the training split alone.
///
/// Shapes: x (N, I), examples before the step; μ, σ (I), mean and standard deviation of each
/// feature over the N examples of the training split. Validation examples are prepared by the same
/// numbers: what is fitted on them, too, has seen what it is judged by.
///
/// Sources: CS231n notes, "Neural Networks 2", data preprocessing; LeCun, Bottou, Orr and Müller
/// 1998, "Efficient BackProp", section 4.3.
public enum Preprocessing: Sendable, Hashable {
    /// Subtracts each feature's mean.
    ///
    ///     x' = x − μ
    ///
    /// Watch: without it features that are all positive make the updates of a unit's weights
    /// zig-zag (see ``Affine``), and `lr-low` comes at rates that would do.
    case zeroMean
    /// Subtracts each feature's mean and divides by its standard deviation.
    ///
    ///     x' = (x − μ)/σ        σ² = 1/N·Σₙ (xₙ − μ)²
    ///
    /// A feature that is constant over the training split is not divided. Watch: one that is nearly
    /// constant, as a pixel at the border, becomes very large where it isn't.
    case normalize
    /// Subtracts the mean and turns to the leading principal components, whose covariance is
    /// diagonal (Pearson 1901).
    ///
    ///     x' = (x − μ)·U        1/N·Σₙ (xₙ − μ)ᵀ·(xₙ − μ) = U·diag(λ)·Uᵀ
    ///
    /// U (I, K) has the K eigenvectors with the largest λ (K), descending; x' (N, K). Nil for as
    /// many as there may be: I, or one less than training examples. After `normalize` they are
    /// those of normalized features. Watch: the variance that is lost may be what tells classes
    /// apart.
    case pca(components: Int?)
    /// As `pca`, and divides each component by its standard deviation: the covariance is the
    /// identity, where λ is well above ε.
    ///
    ///     x' = (x − μ)·U/√(λ + ε)
    ///
    /// Components in which nothing varies but by rounding, as where features depend on each other,
    /// are left out. Watch: noise in the trailing components becomes as loud as what matters, and
    /// is overfitted. Fewer components or a larger ε hold it back; 1e-5 is usual.
    case whiten(components: Int?, epsilon: Double)

    /// Nil for a step that keeps the features.
    var projection: (components: Int?, epsilon: Double?)? {
        switch self {
        case .zeroMean, .normalize: nil
        case .pca(let components): (components, nil)
        case .whiten(let components, let epsilon): (components, epsilon)
        }
    }
}

extension [Preprocessing] {
    /// Whether features are divided by their deviations before anything else is done with them.
    var hasNormalization: Bool { contains(.normalize) }

    var projection: (components: Int?, epsilon: Double?)? { lazy.compactMap(\.projection).first }

    /// The components that a projection keeps; nil without one.
    func componentCount(features: Int, examples: Int) -> Int? {
        projection.map { $0.components ?? Self.componentMaximum(features, examples) }
    }

    private static func componentMaximum(_ features: Int, _ examples: Int) -> Int {
        Swift.max(1, Swift.min(features, examples - 1))
    }

    /// Refuses steps that these data can't be prepared by.
    ///
    /// - Throws: `NetError.preprocessing`.
    public func require(_ dataset: Dataset, _ split: DataSplit) throws(NetError) {
        let projections = filter { $0.projection != nil }
        guard projections.count <= 1, projections.isEmpty || last?.projection != nil else {
            throw .preprocessing(
                problem: "preprocessing projects twice, or goes on after it",
                fix: "end with one of pca and whiten")
        }
        var featureCount = dataset.featureCount
        if let table = dataset.table {
            try TableEncoding.require(dataset, table, rows: split.training)
            let encoding = TableEncoding(of: dataset, table, split.training, isCentered: true)
            featureCount = encoding?.inputs.count ?? featureCount
        }
        guard featureCount > 0 else {
            throw .preprocessing(
                problem: "no column has a value in the training split", fix: "drop fewer rows")
        }
        let most = Self.componentMaximum(featureCount, split.training.count)
        guard let asked = projection?.components, asked > most else { return }
        throw .preprocessing(
            problem:
                "preprocessing asks for \(asked) principal components; \(featureCount) "
                + "features and \(split.training.count) training examples have \(most)",
            fix: "ask for at most \(most)")
    }
}
