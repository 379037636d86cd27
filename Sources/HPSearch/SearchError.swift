/// What is wrong with a search spec, where, and what to do about it.
package enum SearchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no YAML or JSON.
    case syntax(file: String, place: SpecPlace, problem: String)
    /// The text is readable, but it isn't a spec.
    case invalid(file: String, place: SpecPlace, problem: String, fix: String)

    /// One line: `file:line:column: what was wrong; what to do`.
    package var description: String {
        switch self {
        case .syntax(let file, let place, let problem):
            "\(file):\(place.line):\(place.column): not YAML or JSON: \(oneLine(problem)); "
                + "check indentation, brackets and quotes"
        case .invalid(let file, let place, let problem, let fix):
            "\(file):\(place.line):\(place.column): \(oneLine(problem)); \(oneLine(fix))"
        }
    }

    /// Texts of the user end up in messages: they must not break the line, nor the terminal.
    private func oneLine(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(400).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(shown))
    }
}

/// A place in a spec, from 1.
package struct SpecPlace: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
