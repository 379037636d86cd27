/// The weights between hidden layers of the largest network that a spec may ask for.
///
/// Those of the first layer depend on the data, which a spec's reader doesn't see.
struct NetworkSize {
    /// A gibibyte of single-precision numbers; the optimizer may keep twice as many more.
    static let weightMaximum = 1 << 28

    private let weightCount: Int

    init(of spec: StudySpec) {
        let values = spec.parameters.flatMap { parameter -> [ParameterValue] in
            parameter.name == EngineSetting.hidden.rawValue ? parameter.domain.listed : []
        }
        let layers = values.compactMap { value -> [Int]? in
            guard case .list(let units) = value else { return nil }
            return units.compactMap { if case .integer(let units) = $0 { units } else { nil } }
        }
        let pieces = Self.pieces(spec)
        weightCount =
            ([spec.model.hidden] + layers).map { hidden in
                zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 * pieces }
            }.max() ?? 0
    }

    func requireTrainable(_ node: SpecNode, _ scalars: SpecScalars) throws(SearchError) {
        guard weightCount > Self.weightMaximum else { return }
        throw scalars.fail(
            node, "the hidden layers would have \(weightCount) weights between them",
            fix: "make them smaller: at most \(Self.weightMaximum) fit")
    }

    private static func pieces(_ spec: StudySpec) -> Int {
        let searched = spec.parameters.flatMap { parameter -> [ParameterValue] in
            switch EngineSetting(rawValue: parameter.name) {
            case .activation, .pieces: parameter.domain.listed
            default: []
            }
        }
        let usesMaxout =
            spec.model.activation == .maxout
            || searched.contains(.text(ModelSpec.Activation.maxout.rawValue))
        guard usesMaxout else { return 1 }
        return searched.reduce(spec.model.pieces) { largest, value in
            if case .integer(let pieces) = value { max(largest, pieces) } else { largest }
        }
    }
}
