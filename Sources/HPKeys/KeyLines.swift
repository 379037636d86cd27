/// The lines of a file of keys: words between single blanks. Empty lines and those that begin
/// with `#` say nothing.
struct KeyLines {
    struct Line {
        /// From 1.
        var number: Int
        var words: [Substring]
    }

    let path: String
    let lines: [Line]

    init(_ text: String, path: String) {
        self.path = path
        // Scalars, since a carriage return and a newline are one character.
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated().compactMap { index, line in
                let line = Substring(line.last == "\r" ? line.dropLast() : line)
                guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
                return Line(number: index + 1, words: line.split(separator: " "))
            }
    }

    /// An error at a line. Its words are not repeated: they may be secret.
    func malformed(_ line: Line, _ complaint: String) -> KeyError {
        .malformed(path: path, line: line.number, complaint: complaint)
    }
}
