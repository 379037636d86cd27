/// Steps as a parameter's value: a list of texts such as `zero-mean` and `whiten 40 epsilon 0.01`,
/// which reports show and a table of trials may have.
extension [DataSpec.Preprocessing] {
    package var asValue: ParameterValue { .list(map { .text($0.text) }) }
}

extension DataSpec.Preprocessing {
    /// The step in one line: its word, the components that it keeps, an unusual epsilon.
    package var text: String {
        switch self {
        case .zeroMean, .normalize: word
        case .pca(let components): ([word] + Self.text(components)).joined(separator: " ")
        case .whiten(let components, let epsilon):
            ([word] + Self.text(components)
                + (epsilon == DataSpec.whiteningEpsilon ? [] : ["epsilon", "\(epsilon)"]))
                .joined(separator: " ")
        }
    }

    private static func text(_ components: Int?) -> [String] { components.map { ["\($0)"] } ?? [] }

    /// - Returns: nil for a value that is no step's text.
    package init?(value: ParameterValue) {
        guard case .text(let text) = value else { return nil }
        var words = text.split(separator: " ")[...]
        guard let word = words.popFirst() else { return nil }
        var components: Int?
        if let count = words.first.flatMap({ Int($0) }) {
            components = count
            words.removeFirst()
        }
        var epsilon = DataSpec.whiteningEpsilon
        if words.count == 2, words.first == "epsilon",
            let number = Double(words[words.endIndex - 1])
        {
            epsilon = number
            words = []
        }
        guard words.isEmpty else { return nil }
        switch word {
        case "zero-mean": self = .zeroMean
        case "normalize": self = .normalize
        case "pca": self = .pca(components: components)
        case "whiten": self = .whiten(components: components, epsilon: epsilon)
        default: return nil
        }
        guard self.text == text else { return nil }
    }
}
