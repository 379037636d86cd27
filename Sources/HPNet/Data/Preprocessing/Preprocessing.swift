/// A step of preprocessing; its statistics come from the training split alone.
///
/// Sources: CS231n notes, "Neural Networks 2", data preprocessing.
public enum Preprocessing: Sendable, Hashable {
    /// Subtracts each feature's mean.
    case zeroMean
    /// Subtracts each feature's mean and divides by its standard deviation.
    case normalize
    /// Subtracts the mean and turns to the leading principal components: their covariance is
    /// diagonal. Nil for as many as there may be.
    case pca(components: Int?)
    /// As `pca`, and divides each component by √(λ + ε), λ its variance: the covariance is the
    /// identity, where λ is well above ε.
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
        let most = Self.componentMaximum(dataset.featureCount, split.training.count)
        guard let asked = projection?.components, asked > most else { return }
        throw .preprocessing(
            problem:
                "preprocessing asks for \(asked) principal components; \(dataset.featureCount) "
                + "features and \(split.training.count) training examples have \(most)",
            fix: "ask for at most \(most)")
    }
}
