/// Goes once through a text and refuses what YAML has beyond a spec's needs, before a tree is
/// made of it: what remains has no references, bounded depth and one meaning.
///
/// It follows the rules by which libyaml finds the beginning of a token, so that nothing hides
/// from it in what it takes for a text or a comment: a text in quotes ends on its line, and a
/// plain one in brackets may go on to the next.
struct TextScanner {
    static let depthMaximum = 32
    static let tokenCountMaximum = 50_000

    private struct Container {
        var id: Int
        /// Of a block's first token; 0 for brackets.
        var column: Int
        var isMapping: Bool
        var place: SpecPlace
    }

    private struct Key: Hashable {
        var container: Int
        var text: ArraySlice<UInt8>
    }

    private enum State {
        case between
        case plain
        case quoted(UInt8)
        case comment
    }

    private let file: String
    private let bytes: [UInt8]
    private let isJSON: Bool
    private var index = 0
    private var place = SpecPlace(line: 1, column: 1)
    private var state = State.between
    private var brackets: [Container] = []
    private var blocks: [Container] = []
    private var containerCount = 0
    private var tokenCount = 0
    private var keyLines: [Key: Int] = [:]
    /// Whether a token here would begin a block: the first of a line, or after a dash.
    private var beginsBlock = true
    private var tab: SpecPlace?
    private var token: (start: Int, end: Int, place: SpecPlace)?
    private var hasContent = false

    init(_ bytes: [UInt8], isJSON: Bool, file: String) {
        self.bytes = bytes
        self.isJSON = isJSON
        self.file = file
    }

    mutating func scan() throws(SearchError) {
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                try endLine()
                continue
            }
            try refuseUnprintable(byte)
            switch state {
            case .comment: advance()
            case .quoted(let quote): quoted(byte, quote)
            case .plain: try plain(byte)
            case .between:
                if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                    blank(byte)
                } else {
                    try begin(byte)
                }
            }
        }
        try endLine()
        guard let open = brackets.last else { return }
        throw fail(
            open.place, "the `\(open.isMapping ? "{" : "[")` that opens here is never closed",
            fix: "close it, and look for a bracket too many before")
    }

    // MARK: - Bytes

    private mutating func advance() {
        // Columns count Unicode scalars: the bytes that continue one don't.
        if bytes[index] & 0xC0 != 0x80 { place.column += 1 }
        index += 1
    }

    private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Whether a blank, a line's end or the text's end is there.
    private func isGap(at index: Int) -> Bool {
        guard let byte = byte(at: index) else { return true }
        return " \t\r\n".utf8.contains(byte)
    }

    private func fail(_ place: SpecPlace, _ problem: String, fix: String) -> SearchError {
        .invalid(file: file, place: place, problem: problem, fix: fix)
    }

    private func refuseUnprintable(_ byte: UInt8) throws(SearchError) {
        if byte >= 0x20, byte != 0x7F, byte != 0xC2, byte != 0xE2, byte != 0xEF { return }
        if byte == UInt8(ascii: "\t") { return }
        let next = self.byte(at: index + 1) ?? 0
        let last = self.byte(at: index + 2) ?? 0
        switch (byte, next, last) {
        case (0xC2, 0x80...0x9F, _), (0xE2, 0x80, 0xA8...0xA9), (0xEF, 0xBB, 0xBF),
            (0xEF, 0xBF, 0xBE...0xBF):
            break
        case (0xC2, _, _), (0xE2, _, _), (0xEF, _, _): return
        default: break
        }
        let count = byte < 0x80 ? 1 : byte == 0xC2 ? 2 : 3
        let scalar =
            String(decoding: bytes[index..<(index + count)], as: UTF8.self).unicodeScalars
            .first?.value ?? 0
        throw fail(
            place, "the text has the invisible character \(SpecScalars.codePoint(scalar))",
            fix: "delete it, or save the file as plain UTF-8 text")
    }

    private mutating func endLine() throws(SearchError) {
        if case .quoted = state, let token {
            throw fail(
                token.place, "the quotes that open here don't close on their line",
                fix: "close them, or leave them out")
        }
        if brackets.isEmpty {
            state = .between
            token = nil
        } else if case .comment = state {
            state = .between
        }
        let isPair =
            byte(at: index) == UInt8(ascii: "\r")
            && byte(at: index + 1) == UInt8(ascii: "\n")
        index += isPair ? 2 : 1
        place = SpecPlace(line: place.line + 1, column: 1)
        beginsBlock = true
        tab = nil
    }

    private mutating func blank(_ byte: UInt8) {
        if byte == UInt8(ascii: "\t"), beginsBlock, brackets.isEmpty { tab = tab ?? place }
        advance()
    }

    private mutating func quoted(_ byte: UInt8, _ quote: UInt8) {
        let next = self.byte(at: index + 1)
        let isEscape =
            quote == UInt8(ascii: "'")
            ? byte == quote && next == quote
            : byte == UInt8(ascii: "\\") && next != UInt8(ascii: "\n")
                && next != UInt8(ascii: "\r") && next != nil
        if isEscape {
            advance()
        } else if byte == quote {
            token?.end = index
            state = .between
        }
        advance()
    }

    private mutating func plain(_ byte: UInt8) throws(SearchError) {
        let isAfterBlank = isGap(at: index - 1)
        if byte == UInt8(ascii: "#"), isAfterBlank {
            state = .comment
        } else if isAfterBlank, isDocumentMark {
            return try begin(byte)
        } else if byte == UInt8(ascii: ":"), endsKey {
            return try begin(byte)
        } else if !brackets.isEmpty, ",[]{}?".utf8.contains(byte) {
            return try begin(byte)
        } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
            token?.end = index + 1
        }
        advance()
    }

    /// Whether the colon here ends a key.
    private var endsKey: Bool {
        if isGap(at: index + 1) { return true }
        guard !brackets.isEmpty, let next = byte(at: index + 1) else { return false }
        return ",[]{}".utf8.contains(next)
    }

    private var isDocumentMark: Bool {
        guard place.column == 1, isGap(at: index + 3), index + 3 <= bytes.count else {
            return false
        }
        return bytes[index..<(index + 3)].elementsEqual("---".utf8)
            || bytes[index..<(index + 3)].elementsEqual("...".utf8)
    }

    // MARK: - Tokens

    private mutating func begin(_ byte: UInt8) throws(SearchError) {
        if byte == UInt8(ascii: "#") {
            state = .comment
            return
        }
        if let tab {
            throw fail(tab, "a tab indents this line", fix: "indent with blanks")
        }
        state = .between
        if isDocumentMark { return try documentMark(byte) }
        hasContent = true
        if beginsBlock, brackets.isEmpty { try beginBlock() }
        try refuseReference(byte)
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            state = .quoted(byte)
            token = (index + 1, index + 1, place)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            try count(brackets.count + 1)
            brackets.append(container(column: 0, isMapping: byte == UInt8(ascii: "{")))
            token = nil
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            _ = brackets.popLast()
            token = nil
        case UInt8(ascii: ","):
            try count(0)
            token = nil
        case UInt8(ascii: "-") where brackets.isEmpty && isGap(at: index + 1):
            try count(0)
            beginsBlock = true
            return advance()
        case UInt8(ascii: ":") where endsKey || !brackets.isEmpty:
            try endKey()
        default:
            state = .plain
            token = (index, index + 1, place)
        }
        beginsBlock = false
        advance()
    }

    private mutating func documentMark(_ byte: UInt8) throws(SearchError) {
        if byte == UInt8(ascii: "-"), hasContent {
            throw fail(
                place, "a second document begins here", fix: "a spec is one document: keep one")
        }
        for _ in 0..<3 { advance() }
        blocks = []
    }

    private func refuseReference(_ byte: UInt8) throws(SearchError) {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
            let what =
                switch byte {
                case UInt8(ascii: "&"): "anchor"
                case UInt8(ascii: "*"): "alias"
                default: "tag"
                }
            throw fail(
                place, "`\(Character(UnicodeScalar(byte)))` begins a YAML \(what)",
                fix: "write the value out, or in quotes if it is a text")
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            throw fail(
                place, "`\(Character(UnicodeScalar(byte)))` begins a YAML text block",
                fix: "write the text on one line, in quotes")
        case UInt8(ascii: "?"):
            throw fail(place, "`?` begins a YAML key of its own", fix: "write `key: value`")
        case UInt8(ascii: "%") where place.column == 1:
            throw fail(place, "`%` begins a YAML directive", fix: "leave it out")
        case UInt8(ascii: "/") where isJSON:
            guard let next = self.byte(at: index + 1), "/*".utf8.contains(next) else { return }
            throw fail(
                place, "`/\(Character(UnicodeScalar(next)))` is no comment here",
                fix: "begin it with `#`, or leave it out")
        default: return
        }
    }

    private mutating func container(column: Int, isMapping: Bool) -> Container {
        containerCount += 1
        return Container(id: containerCount, column: column, isMapping: isMapping, place: place)
    }

    private mutating func beginBlock() throws(SearchError) {
        while let last = blocks.last, last.column > place.column { blocks.removeLast() }
        guard blocks.last?.column != place.column else { return }
        try count(blocks.count + 1)
        blocks.append(container(column: place.column, isMapping: true))
    }

    /// Counts a token that adds to the tree.
    private mutating func count(_ depth: Int) throws(SearchError) {
        tokenCount += 1
        guard depth <= Self.depthMaximum else {
            throw fail(
                place, "the spec is nested too deeply",
                fix: "no key of a spec needs more than \(Self.depthMaximum) levels")
        }
        guard tokenCount <= Self.tokenCountMaximum else {
            throw fail(
                place, "the spec has more than \(Self.tokenCountMaximum) values",
                fix: "a spec is a page of text: is this the right file?")
        }
    }

    private mutating func endKey() throws(SearchError) {
        try count(0)
        guard let token, let container = brackets.last ?? blocks.last, container.isMapping else {
            return
        }
        self.token = nil
        let key = Key(container: container.id, text: bytes[token.start..<token.end])
        if let first = keyLines.updateValue(token.place.line, forKey: key) {
            let text = SpecScalars.shortened(String(decoding: key.text, as: UTF8.self))
            throw fail(
                token.place, "the key `\(text)` is there twice, first in line \(first)",
                fix: "keep one of them")
        }
    }
}
