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
