/// Reads single values out of a spec's tree.
struct SpecScalars {
    let file: String

    func fail(
        _ node: SpecNode, _ problem: String, fix: String
    ) -> SearchError {
        .invalid(file: file, place: node.place, problem: problem, fix: fix)
    }

    func text(_ node: SpecNode, _ name: String) throws(SearchError) -> String {
        guard case .scalar(let text, _) = node.content, !text.isEmpty else {
            throw fail(node, "`\(name)` is a word, not \(node.kind)", fix: "write `\(name): WORD`")
        }
        return text
    }

    /// One of the words; `unsupported` words are refused as not built.
    func word<Word: RawRepresentable & CaseIterable>(
        _ node: SpecNode, _ name: String, as type: Word.Type, unsupported: [String] = []
    ) throws(SearchError) -> Word where Word.RawValue == String {
        let text = try text(node, name)
        if let word = Word(rawValue: text) { return word }
        throw refusedWord(
            node, name, text, supported: Word.allCases.map(\.rawValue), unsupported: unsupported)
    }

    func refusedWord(
        _ node: SpecNode, _ name: String, _ text: String, supported: [String],
        unsupported: [String]
    ) -> SearchError {
        let list = supported.joined(separator: ", ")
        if unsupported.contains(text) {
            return fail(
                node, "`\(name): \(text)` is not supported yet", fix: "supported: \(list)")
        }
        let near = nearest(to: text, of: supported + unsupported)
        return fail(
            node, "`\(name)` can't be `\(text)`",
            fix: (near.map { "did you mean `\($0)`? " } ?? "") + "possible: \(list)")
    }

    func boolean(_ node: SpecNode, _ name: String) throws(SearchError) -> Bool {
        switch node.content {
        case .scalar("true", true): return true
        case .scalar("false", true): return false
        default:
            throw fail(node, "`\(name)` is true or false", fix: "write `\(name): false`")
        }
    }

    /// A finite number.
    func number(_ node: SpecNode, _ name: String) throws(SearchError) -> Double {
        guard case .scalar(let text, true) = node.content, let number = Self.number(in: text)
        else {
            throw fail(
                node, "`\(name)` is a number, not \(shown(node))",
                fix: "write it as 0.001 or 1.0e-3")
        }
        return number
    }

    func integer(_ node: SpecNode, _ name: String) throws(SearchError) -> Int {
        guard case .scalar(let text, true) = node.content, let integer = Self.integer(in: text)
        else {
            throw fail(
                node, "`\(name)` is a whole number, not \(shown(node))", fix: "write it as 200")
        }
        return integer
    }

    func shown(_ node: SpecNode) -> String {
        guard case .scalar(let text, _) = node.content else { return node.kind }
        return "`\(text.prefix(40))`"
    }

    /// Decimal notation with digits, at most one dot and an exponent: no hexadecimal, no names.
    static func number(in text: String) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard allowed, text.utf8.count <= 64, let number = Double(text), number.isFinite else {
            return nil
        }
        return number
    }

    /// Digits with an optional sign; also `1e5` and `1.0e5`, when they are whole.
    static func integer(in text: String) -> Int? {
        if let integer = Int(text) { return integer }
        guard text.contains("e") || text.contains("E"), let number = number(in: text) else {
            return nil
        }
        return Int(exactly: number)
    }
}
