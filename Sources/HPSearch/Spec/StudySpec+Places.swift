extension StudySpec {
    /// Where a key's value stands in a spec's text: of the keys on the way to it the last that is
    /// there.
    ///
    /// - Parameter path: the keys from the outermost on.
    /// - Returns: nil when the text is no mapping or has not even the first key.
    package static func place(of path: [String], in text: String) -> SpecPlace? {
        var node = try? SpecParser(file: "spec").parse(text)
        var place: SpecPlace?
        for key in path {
            guard case .mapping(let entries) = node?.content else { break }
            node = entries.first { $0.key == key }?.value
            place = node?.place ?? place
        }
        return place
    }
}
