import HPMath

/// Draws the configurations of a stage so that no two are the same, as long as there are others.
///
/// A configuration that came before is drawn again. Spaces in which that can't happen are drawn
/// from as they come.
struct DistinctSampler {
    private let sampler: Sampler
    private let canRepeat: Bool
    private var drawn: Set<[ParameterValue]> = []
    /// The place of the next configuration in the sampler's own order.
    private var place = 0
    /// The configurations that are left, once drawing has become futile.
    private var left: [[ParameterValue]]?

    /// Draws for one trial before what is left is listed.
    private static let drawMaximum = 100
    /// Combinations that are listed at most.
    static let combinationMaximum = 1 << 20

    init(_ sampler: Sampler) {
        self.sampler = sampler
        canRepeat = sampler.spec.canRepeat(sampler.domains)
    }

    /// The parameters of a trial; nil when every configuration was drawn.
    mutating func next(trial: Int) -> [ParameterValue]? {
        var stream = sampler.stream(ofTrial: trial)
        if left == nil {
            for _ in 0..<Self.drawMaximum {
                defer { place += 1 }
                let values = sampler.draw(place: place, from: &stream)
                if !canRepeat || drawn.insert(values).inserted { return values }
            }
            left = sampler.spec.configurations(of: sampler.domains)?.filter { !drawn.contains($0) }
        }
        guard let count = left?.count, count > 0 else { return nil }
        return left?.remove(at: stream.next(below: count))
    }
}

extension StudySpec {
    /// Whether two draws from these domains may be the same configuration: no continuous range is
    /// searched whatever the other parameters are.
    package func canRepeat(_ domains: [ParameterDomain]) -> Bool {
        !zip(parameters, domains).contains { parameter, domain in
            parameter.conditions.isEmpty && domain.size == nil
        }
    }

    /// Every configuration that can be drawn from these domains, each once, in the order of the
    /// parameters' values; nil where there are more than can be listed.
    package func configurations(of domains: [ParameterDomain]) -> [[ParameterValue]]? {
        var count = 1
        for domain in domains {
            guard let size = domain.size else { return nil }
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
            guard !isTooLarge, product <= DistinctSampler.combinationMaximum else { return nil }
            count = product
        }
        var known: Set<[ParameterValue]> = []
        return (0..<count).compactMap { index in
            var rest = index
            var values: [ParameterValue] = []
            for domain in domains.reversed() {
                let size = domain.size ?? 1
                values.append(domain.value(at: rest % size))
                rest /= size
            }
            let configuration = withoutInactive(values.reversed())
            return known.insert(configuration).inserted ? configuration : nil
        }
    }
}

extension ParameterDomain {
    /// The number of values; nil for a continuous range.
    package var size: Int? {
        switch self {
        case .logUniform(let low, let high), .uniform(let low, let high): low < high ? nil : 1
        case .integer(let low, let high), .logInteger(let low, let high): high - low + 1
        case .choice(let values): values.count
        case .value: 1
        }
    }

    /// The value at a place in the domain's order.
    ///
    /// - Precondition: the domain has a size above it.
    fileprivate func value(at place: Int) -> ParameterValue {
        switch self {
        case .logUniform(let low, _), .uniform(let low, _): .number(low)
        case .integer(let low, _), .logInteger(let low, _): .integer(low + place)
        case .choice(let values): values[place]
        case .value(let value): value
        }
    }
}
