import Yams

/// A spec's text as a tree with places, independent of whether it was YAML or JSON.
struct SpecNode {
    struct Entry {
        var key: String
        var place: SpecPlace
        var value: SpecNode
    }

    enum Content {
        /// A scalar; a plain one may be a number or a boolean, a quoted one is a text.
        case scalar(String, isPlain: Bool)
        case list([SpecNode])
        case mapping([Entry])
    }

    var content: Content
    var place: SpecPlace

    /// What a person would call this kind of value.
    var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Turns a text into a tree.
struct SpecParser {
    static let byteCountMaximum = 256 * 1024
    static let depthMaximum = 32
    private static let nodeCountMaximum = 100_000

    let file: String
    private var nodeCount = 0

    init(file: String) {
        self.file = file
    }

    /// Parses YAML, of which JSON is nearly a part: tabs between its tokens are made spaces first.
    mutating func parse(_ text: String) throws(SearchError) -> SpecNode {
        let start = SpecPlace(line: 1, column: 1)
        guard text.utf8.count <= Self.byteCountMaximum else {
            throw .invalid(
                file: file, place: start, problem: "the spec has more than 256 KiB",
                fix: "a spec is a page of text: is this the right file?")
        }
        let isJSON = text.utf8.first { $0 > 0x20 } == UInt8(ascii: "{")
        let readable = isJSON ? String(text.map { $0 == "\t" ? " " : $0 }) : text
        try refuseReferences(in: readable)
        let root: Node?
        do {
            root = try Parser(yaml: readable, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw syntaxError(error)
        } catch {
            throw .syntax(file: file, place: start, problem: "\(error)")
        }
        guard let root else {
            throw .invalid(
                file: file, place: start, problem: "the spec is empty",
                fix: "begin with `study: NAME`")
        }
        return try convert(root, depth: 0)
    }

    private mutating func convert(_ node: Node, depth: Int) throws(SearchError) -> SpecNode {
        let place = SpecPlace(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        nodeCount += 1
        guard depth <= Self.depthMaximum, nodeCount <= Self.nodeCountMaximum else {
            throw .invalid(
                file: file, place: place, problem: "the spec is nested too deeply or too large",
                fix: "no key of a spec needs more than \(Self.depthMaximum) levels")
        }
        switch node {
        case .scalar(let scalar):
            return SpecNode(
                content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            var nodes: [SpecNode] = []
            for element in sequence { nodes.append(try convert(element, depth: depth + 1)) }
            return SpecNode(content: .list(nodes), place: place)
        case .mapping(let mapping):
            var entries: [SpecNode.Entry] = []
            for (key, value) in mapping {
                let keyPlace = SpecPlace(
                    line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
                guard case .scalar(let scalar) = key else {
                    throw .invalid(
                        file: file, place: keyPlace, problem: "a key must be a word",
                        fix: "write `key: value`")
                }
                let converted = try convert(value, depth: depth + 1)
                entries.append(
                    SpecNode.Entry(key: scalar.string, place: keyPlace, value: converted))
            }
            return SpecNode(content: .mapping(entries), place: place)
        case .alias:
            throw .invalid(
                file: file, place: place, problem: "aliases are not part of a spec",
                fix: "write the value again")
        }
    }

    private func syntaxError(_ error: YamlError) -> SearchError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .syntax(
                file: file, place: SpecPlace(line: mark.line, column: mark.column),
                problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return .invalid(
                file: file,
                place: SpecPlace(
                    line: max(1, context.mark.line), column: max(1, context.mark.column)),
                problem: "the key `\(duplicates.first ?? "")` is there twice",
                fix: "keep one of them")
        case .reader(let problem, _, _, _):
            return .syntax(file: file, place: SpecPlace(line: 1, column: 1), problem: problem)
        default:
            return .syntax(
                file: file, place: SpecPlace(line: 1, column: 1),
                problem: "the text can't be read")
        }
    }

    /// Anchors, aliases and tags make a small text a huge tree, or give a value another type:
    /// they are refused before the text is composed.
    private func refuseReferences(in text: String) throws(SearchError) {
        var scanner = ReferenceScanner()
        for byte in text.utf8 {
            guard let mark = scanner.advance(byte) else { continue }
            throw .invalid(
                file: file, place: SpecPlace(line: scanner.line, column: scanner.column),
                problem: "`\(Character(UnicodeScalar(mark)))` begins a YAML anchor, alias or tag",
                fix: "write the value out, or in quotes if it is a text")
        }
    }
}

/// Finds `&`, `*` and `!` where YAML would take them for more than characters.
private struct ReferenceScanner {
    private(set) var line = 1
    private(set) var column = 0
    private var quote: UInt8 = 0
    private var isEscaped = false
    private var isComment = false
    private var before = UInt8(ascii: "\n")
    private var beforeBlank = UInt8(ascii: "\n")

    /// Takes one byte; returns it when it begins a reference.
    mutating func advance(_ byte: UInt8) -> UInt8? {
        defer { step(byte) }
        column += 1
        if isComment { return nil }
        if quote != 0 {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                isEscaped = true
            } else if byte == quote {
                quote = 0
            }
            return nil
        }
        let beginsToken = Self.openers.contains(beforeBlank) && (isBlank(before) || isFlow(before))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            if beginsToken { quote = byte }
            return nil
        case UInt8(ascii: "#"):
            isComment = isBlank(before)
            return nil
        case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
            return beginsToken ? byte : nil
        default:
            return nil
        }
    }

    private static let openers = Array("\n:[{,-?".utf8)

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }

    private func isFlow(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: ",")
            || byte == UInt8(ascii: ":")
    }

    private mutating func step(_ byte: UInt8) {
        before = byte
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 0
            isComment = false
            beforeBlank = byte
        } else if !isBlank(byte) {
            beforeBlank = byte
        }
    }
}
