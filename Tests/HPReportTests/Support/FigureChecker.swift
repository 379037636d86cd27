import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads the figures of a page: where their texts stand, and whether any is cut off or touches
/// another. Widths are estimated, for no browser is at hand.
final class FigureChecker: NSObject, XMLParserDelegate {
    struct Text {
        var content: String
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double

        func overlaps(_ other: Text) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    private(set) var texts: [Text] = []
    private(set) var elementCounts: [String: Int] = [:]
    private var origins: [(x: Double, y: Double)] = [(0, 0)]
    private var current: (x: Double, y: Double, anchor: String, content: String)?
    private let fontSize: Double
    private let size: (width: Double, height: Double)

    /// Parses one `svg` element of a page.
    init(_ svg: String) throws {
        fontSize = svg.contains("class=\"narrow\"") ? 11 : 13
        let box = svg.split(separator: "viewBox=\"")[1].prefix { $0 != "\"" }
        let numbers = box.split(separator: " ").compactMap { Double($0) }
        size = (numbers[2], numbers[3])
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    /// All figures of a page.
    static func figures(of page: String) throws -> [FigureChecker] {
        try page.components(separatedBy: "<svg ").dropFirst().map { part in
            let content = part.components(separatedBy: "</svg>")[0]
            return try FigureChecker("<svg " + content + "</svg>")
        }
    }

    /// What is wrong with the layout; empty when nothing is.
    var problems: [String] {
        var found: [String] = []
        for (index, text) in texts.enumerated() {
            if text.left < -1 || text.right > size.width + 1 || text.top < -1
                || text.bottom > size.height + 1
            {
                found.append("\"\(text.content)\" is cut off")
            }
            for other in texts[..<index] where text.overlaps(other) {
                found.append("\"\(text.content)\" lies on \"\(other.content)\"")
            }
        }
        return found
    }

    // MARK: - XMLParserDelegate

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
    ) {
        elementCounts[name, default: 0] += 1
        switch name {
        case "g":
            let offset = (attributes["transform"] ?? "").drop { $0 != "(" }.dropFirst().dropLast()
                .split(separator: " ").compactMap { Double($0) }
            let last = origins[origins.count - 1]
            origins.append((last.x + offset[0], last.y + offset[1]))
        case "text":
            current = (
                Double(attributes["x"] ?? "") ?? 0, Double(attributes["y"] ?? "") ?? 0,
                attributes["text-anchor"] ?? "start", ""
            )
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        current?.content += string
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        if name == "g" { origins.removeLast() }
        guard name == "text", let text = current else { return }
        current = nil
        let width = Double(text.content.count) * fontSize * 0.62
        let shift = text.anchor == "middle" ? width / 2 : text.anchor == "end" ? width : 0
        let origin = origins[origins.count - 1]
        let left = origin.x + text.x - shift
        let base = origin.y + text.y
        texts.append(
            Text(
                content: text.content, left: left, right: left + width,
                top: base - fontSize * 0.8, bottom: base + fontSize * 0.25))
    }
}
