/// Text for a terminal.
enum TextLayout {
    /// Sentences are broken at this column.
    static let lineWidth = 120

    /// `text` without control characters: what a worker or a spec says never steers a terminal.
    static func printable(_ text: String) -> String {
        let isClean = text.unicodeScalars.allSatisfy { !isControl($0) }
        if isClean { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isControl(scalar) ? " " : scalar) }
        return String(result)
    }

    static func pad(
        _ text: String, to width: Int, _ alignment: TextTable.Alignment = .left
    ) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return alignment == .left ? text + padding : padding + text
    }

    static func trimmingEnd(_ text: String) -> String {
        var kept = Substring(text)
        while kept.last == " " { kept.removeLast() }
        return String(kept)
    }

    /// `text` in lines of at most `lineWidth` columns, the first after `prefix`, the others as far
    /// in; a word longer than a line stays whole.
    static func wrap(_ text: String, after prefix: String) -> [String] {
        let indent = String(repeating: " ", count: prefix.count)
        var lines: [String] = []
        var line = ""
        for word in printable(text).split(separator: " ") {
            if !line.isEmpty, indent.count + line.count + 1 + word.count > lineWidth {
                lines.append((lines.isEmpty ? prefix : indent) + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        lines.append(trimmingEnd((lines.isEmpty ? prefix : indent) + line))
        return lines
    }

    /// `1 trial`, `2 trials`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
            || scalar.properties.generalCategory == .format
    }
}
