/// Finds the columns of a table of trials by the names that people have for them.
struct TrialColumns {
    private let file: String
    private let header: CommaSeparated.Row
    private let names: [String]

    /// Put before a parameter's name by Optuna, Ray Tune, Weights & Biases and scikit-learn.
    private static let prefixes = ["", "params_", "config/", "config.", "param_"]

    /// - Throws: `SearchError.invalid` for a name that is there twice.
    init(_ header: CommaSeparated.Row, file: String) throws(SearchError) {
        self.header = header
        self.file = file
        names = header.cells.map(\.text)
        var known: Set<String> = []
        for cell in header.cells where !cell.text.isEmpty && !known.insert(cell.text).inserted {
            throw .invalid(
                file: file, place: cell.place,
                problem: "the table has two columns `\(cell.text.prefix(40))`",
                fix: "keep the one that is meant")
        }
    }

    var count: Int { names.count }

    /// The first of these names, in small or large letters, that a column has.
    func index(of candidates: String...) -> Int? {
        for name in candidates {
            let index =
                names.firstIndex(of: name) ?? names.firstIndex { $0.lowercased() == name }
            if let index { return index }
        }
        return nil
    }

    /// The column of a parameter.
    func index(ofParameter name: String) -> Int? {
        Self.prefixes.lazy.compactMap { names.firstIndex(of: $0 + name) }.first
    }

    func missing(_ name: String) -> SearchError {
        .invalid(
            file: file, place: SpecPlace(line: header.line, column: 1),
            problem: "the table has no column \(name)",
            fix: nearest(to: name, of: names).map { "rename the column \($0), if it is that" }
                ?? "add one; its columns are \(names.joined(separator: ", "))")
    }
}
