/// Reads single values out of a spec's tree.
struct SpecScalars {
    let file: String

    func fail(
        _ node: SpecNode, _ problem: String, fix: String
    ) -> SearchError {
        .invalid(file: file, place: node.place, problem: problem, fix: fix)
    }

    func text(_ node: SpecNode, _ name: String) throws(SearchError) -> String {
        guard case .scalar(let text, let isPlain) = node.content else {
            throw fail(node, "`\(name)` is a word, not \(node.kind)", fix: "write `\(name): WORD`")
        }
        guard !text.isEmpty, !(isPlain && Self.isNull(text)) else {
            throw fail(node, "`\(name)` has no value", fix: "write `\(name): WORD`")
        }
        guard !(isPlain && ["true", "false"].contains(text.lowercased())) else {
            throw fail(
                node, "`\(name)` is a word, not the truth value \(text)",
                fix: "put it in quotes if it is meant")
        }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw fail(node, "`\(name)` has an invisible character", fix: "delete it")
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
                node, "`\(name): \(Self.shortened(text))` is not supported yet",
                fix: "supported: \(list)")
        }
        let near = nearest(to: text, of: supported + unsupported)
        return fail(
            node, "`\(name)` can't be `\(Self.shortened(text))`",
            fix: (near.map { "did you mean `\($0)`? " } ?? "") + "possible: \(list)")
    }

    func boolean(_ node: SpecNode, _ name: String) throws(SearchError) -> Bool {
        switch node.content {
        case .scalar("true", true): return true
        case .scalar("false", true): return false
        default:
            throw fail(
                node, "`\(name)` is true or false, not \(shown(node))",
                fix: "write `\(Self.truthValue(meantBy: node) ?? false)`, in small letters and "
                    + "without quotes")
        }
    }

    /// The truth value that YAML 1.1 and other languages write so; nil for anything else.
    private static func truthValue(meantBy node: SpecNode) -> Bool? {
        guard case .scalar(let text, _) = node.content else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "y", "1": return true
        case "false", "no", "off", "n", "0": return false
        default: return nil
        }
    }

    /// A finite number.
    func number(_ node: SpecNode, _ name: String) throws(SearchError) -> Double {
        guard case .scalar(let text, true) = node.content, let number = Self.number(in: text)
        else { throw notNumber(node, name, "a number", example: "0.001 or 1.0e-3") }
        // A negative zero is a zero: two spellings of one spec have one content.
        return number + 0
    }

    func integer(_ node: SpecNode, _ name: String) throws(SearchError) -> Int {
        guard case .scalar(let text, true) = node.content, let integer = Self.integer(in: text)
        else { throw notNumber(node, name, "a whole number", example: "200") }
        return integer
    }

    private func notNumber(
        _ node: SpecNode, _ name: String, _ expected: String, example: String
    ) -> SearchError {
        guard case .scalar(let text, let isPlain) = node.content else {
            return fail(
                node, "`\(name)` is \(expected), not \(node.kind)", fix: "write it like \(example)")
        }
        if !isPlain {
            return fail(
                node, "`\(name)` is \(expected), not the text \(shown(node))",
                fix: Self.number(in: text) == nil
                    ? "write it like \(example)" : "leave the quotes out")
        }
        if Self.isNull(text) {
            return fail(node, "`\(name)` has no value", fix: "write it like \(example)")
        }
        return fail(
            node, "`\(name)` is \(expected), not \(shown(node))",
            fix: Self.advice(on: text.lowercased()) ?? "write it like \(example)")
    }

    /// What to do about notations that other readers of YAML know.
    private static func advice(on text: String) -> String? {
        let digits = text.drop { $0 == "-" || $0 == "+" }
        if [".inf", ".nan", "inf", "nan", "infinity"].contains(digits) {
            return "write a finite number"
        }
        if text.contains("_") { return "write it without underscores" }
        if digits.hasPrefix("0x") || digits.hasPrefix("0o") || digits.hasPrefix("0b") {
            return "write it in decimal digits"
        }
        if hasLeadingZero(text) { return "leave the leading zero out: it may mean octal digits" }
        if text.contains(":") { return "write it in one unit, without colons" }
        if let number = Double(text) {
            guard number.isFinite else {
                return "choose a smaller number: this one is beyond all"
            }
            return number == number.rounded()
                ? "choose a smaller number" : "choose a number without a fraction"
        }
        return nil
    }

    private static func hasLeadingZero(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        guard digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first else {
            return false
        }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(second)
    }

    static func isNull(_ text: String) -> Bool {
        text.isEmpty || text == "~" || text.lowercased() == "null"
    }

    /// `U+0430`.
    static func codePoint(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    func shown(_ node: SpecNode) -> String {
        guard case .scalar(let text, _) = node.content else { return node.kind }
        return "`\(Self.shortened(text))`"
    }

    /// The beginning of a text of the user's, for a message.
    static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(40)
        return scalars.endIndex == text.endIndex ? text : String(scalars) + "…"
    }

    /// Decimal notation with digits, at most one dot and an exponent: no hexadecimal, no names.
    static func number(in text: String) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard allowed, text.utf8.count <= 64, !hasLeadingZero(text), let number = Double(text),
            number.isFinite
        else {
            return nil
        }
        return number
    }

    /// Digits with an optional sign; also `1e5`, `1.0e5` and `16.0`, when they are whole.
    static func integer(in text: String) -> Int? {
        if !hasLeadingZero(text), let integer = Int(text) { return integer }
        guard let number = number(in: text) else { return nil }
        // Beyond 2^53 a number that is written out with a point may be rounded.
        let isExact = text.contains("e") || text.contains("E") || number.magnitude <= 0x1p53
        return isExact ? Int(exactly: number) : nil
    }
}
