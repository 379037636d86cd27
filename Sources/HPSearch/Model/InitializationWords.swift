extension ModelSpec.Initialization {
    private static let named: [(word: String, value: Self)] = [
        ("zero", .zero), ("small", .small), ("large", .large), ("xavier", .xavier), ("he", .he),
    ]

    /// The words of a spec; a scale has none.
    package static let words = named.map(\.word)

    /// - Returns: nil for an unknown word.
    package init?(word: String) {
        guard let found = Self.named.first(where: { $0.word == word }) else { return nil }
        self = found.value
    }

    /// Nil for a scale.
    package var word: String? { Self.named.first { $0.value == self }?.word }
}
