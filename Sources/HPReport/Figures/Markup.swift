/// HTML or SVG, built of elements and of text that is always escaped: what a spec or a worker says
/// never becomes an element.
struct Markup: Sendable, Hashable {
    let source: String

    private init(source: String) {
        self.source = source
    }

    /// Text without control characters, escaped.
    static func text(_ text: String) -> Markup {
        Markup(source: escaped(TextLayout.printable(text)))
    }

    /// Lines that keep their breaks, escaped.
    static func lines(_ lines: [String]) -> Markup {
        Markup(source: lines.map { escaped(TextLayout.printable($0)) + "\n" }.joined())
    }

    /// An element; `meta`, `input` and the shapes of SVG close themselves.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
        _ children: [Markup] = []
    ) -> Markup {
        let list = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
        if ["meta", "input"].contains(name) { return Markup(source: "<\(name)\(list)>") }
        if children.isEmpty, shapes.contains(name) { return Markup(source: "<\(name)\(list)/>") }
        let content = children.map(\.source).joined()
        return Markup(source: "<\(name)\(list)>\(content)</\(name)>")
    }

    /// A style sheet of the project's own.
    static func style(_ rules: StaticString) -> Markup {
        Markup(source: "<style>\n\(rules)\n</style>")
    }

    private static let shapes = ["circle", "image", "line", "path", "rect"]

    private static func escaped(_ text: String) -> String {
        let special = Array("&<>\"'".utf8)
        guard text.utf8.contains(where: special.contains) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
