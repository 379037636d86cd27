import Yams

/// Turns a text into a tree.
struct SpecParser {
    static let byteCountMaximum = 256 * 1024

    let file: String

    /// Parses YAML, of which JSON is nearly a part: tabs between its tokens are made blanks first.
    func parse(_ text: String) throws(SearchError) -> SpecNode {
        let start = SpecPlace(line: 1, column: 1)
        guard text.utf8.count <= Self.byteCountMaximum else {
            throw .invalid(
                file: file, place: start, problem: "the spec has more than 256 KiB",
                fix: "a spec is a page of text: is this the right file?")
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var bytes = Array(text.utf8)
        if bytes.starts(with: byteOrderMark) { bytes.removeFirst(byteOrderMark.count) }
        let isJSON = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
        if isJSON {
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\t") {
                bytes[index] = UInt8(ascii: " ")
            }
        }
        var scanner = TextScanner(bytes, isJSON: isJSON, file: file)
        try scanner.scan()
        guard let root = try compose(String(decoding: bytes, as: UTF8.self)) else {
            throw .invalid(
                file: file, place: start, problem: "the spec is empty",
                fix: "begin with `study: NAME`")
        }
        return try convert(root)
    }

    private func compose(_ text: String) throws(SearchError) -> Node? {
        do {
            // No rules: what a scalar means is decided by the key that it belongs to.
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw syntaxError(error)
        } catch {
            throw .syntax(
                file: file, place: SpecPlace(line: 1, column: 1), problem: "\(error)")
        }
    }

    private func convert(_ node: Node) throws(SearchError) -> SpecNode {
        let place = place(node.mark)
        switch node {
        case .scalar(let scalar):
            return SpecNode(
                content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            var nodes: [SpecNode] = []
            for element in sequence { nodes.append(try convert(element)) }
            return SpecNode(content: .list(nodes), place: place)
        case .mapping(let mapping):
            var entries: [SpecNode.Entry] = []
            for (key, value) in mapping { entries.append(try entry(key, value)) }
            return SpecNode(content: .mapping(entries), place: place)
        case .alias:
            throw .invalid(
                file: file, place: place, problem: "aliases are not part of a spec",
                fix: "write the value again")
        }
    }

    private func entry(_ key: Node, _ value: Node) throws(SearchError) -> SpecNode.Entry {
        guard case .scalar(let scalar) = key else {
            throw .invalid(
                file: file, place: place(key.mark), problem: "a key must be a word",
                fix: "write `key: value`")
        }
        return SpecNode.Entry(
            key: scalar.string, place: place(key.mark), value: try convert(value))
    }

    private func place(_ mark: Mark?) -> SpecPlace {
        SpecPlace(line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
    }

    private func syntaxError(_ error: YamlError) -> SearchError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .syntax(file: file, place: place(mark), problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return .invalid(
                file: file, place: place(context.mark),
                problem:
                    "the key `\(SpecScalars.shortened(duplicates.first ?? ""))` is there twice",
                fix: "keep one of them")
        case .reader(let problem, _, _, _):
            return .syntax(file: file, place: place(nil), problem: problem)
        default:
            return .syntax(file: file, place: place(nil), problem: "the text can't be read")
        }
    }
}
