import HPDigest

/// The leading principal components of the training split: eigenvectors of its covariance.
struct PrincipalComponents: Sendable, Hashable {
    /// λ, the variance along each component, descending; shape (components).
    var variances: [Double]
    /// One after the other, shape (components, features).
    var vectors: [Double]

    /// Fits them, or takes them from a cache.
    ///
    /// - Parameters:
    ///   - moments: of the training split.
    ///   - isNormalized: whether features are divided by their deviations first.
    static func of(
        _ dataset: Dataset, rows: [UInt32], moments: FeatureMoments, isNormalized: Bool,
        count: Int, cache: ComponentCache?
    ) -> PrincipalComponents {
        let key = key(dataset, rows, isNormalized, count)
        let features = dataset.featureCount
        if let cached = cache?.read(key, features: features, components: count) { return cached }
        let scale = isNormalized ? moments.scale : [Double](repeating: 1, count: features)
        let covariance = Covariance(
            of: dataset, rows: rows, mean: moments.mean, scale: scale)
        let leading = SymmetricEigenvectors(
            of: covariance.numbers, width: features, count: count)
        let fitted = PrincipalComponents(
            variances: leading.values.map { max(0, $0) },
            vectors: leading.vectors.flatMap(\.self))
        cache?.write(fitted, key)
        return fitted
    }

    /// Leaves out components whose variance is lost in rounding: divided by its root, they would
    /// be noise of any size.
    ///
    /// With columns that depend on each other, one the double of another, there are directions u in
    /// which nothing varies; what their variance comes to is the rounding of sums over
    /// (Σ|uᵢ|·σᵢ)². Features of one scale or of many make no difference to that, and a constant
    /// feature, which is exact, is no such direction.
    ///
    /// - Parameter deviations: σ of each feature as it is projected.
    mutating func keepPrecise(of dataset: Dataset, deviations: [Double]) {
        let precision = dataset.covariancePrecision
        let features = deviations.count
        let kept = variances.indices.filter { component in
            var reach = 0.0
            for feature in 0..<features {
                reach += vectors[component * features + feature].magnitude * deviations[feature]
            }
            return component == 0 || variances[component] >= precision * reach * reach
        }
        guard kept.count < variances.count else { return }
        vectors = kept.flatMap { vectors[$0 * features..<($0 + 1) * features] }
        variances = kept.map { variances[$0] }
    }

    /// What the components depend on.
    private static func key(
        _ dataset: Dataset, _ rows: [UInt32], _ isNormalized: Bool, _ count: Int
    ) -> String {
        var digest = SHA256()
        digest.update("hpnet.components/1")
        digest.update(dataset.digest)
        digest.update(rows.count)
        rows.withUnsafeBytes { digest.update($0) }
        digest.update(isNormalized ? 1 : 0)
        digest.update(count)
        return digest.finish()
    }
}

extension Dataset {
    /// How far a variance may be wrong, as a share of the variances that it is made of.
    fileprivate var covariancePrecision: Double {
        switch features {
        // Covariances of bytes are exact sums; examples are projected in single precision, whose
        // rounding has the square of 2⁻²⁰ as its variance.
        case .bytes: 0x1p-40
        // Sums of 64 products in single precision, each rounded to 24 bits.
        case .floats: 0x1p-20
        }
    }
}
