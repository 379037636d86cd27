import HPMath

/// A mapping whose keys are known: an unknown one is refused with the nearest known one.
struct SpecMapping {
    let file: String
    let name: String
    let place: SpecPlace
    private let entries: [SpecNode.Entry]

    /// - Parameters:
    ///   - name: what messages call this mapping: `data`, `stages[2]`; empty for the whole spec.
    ///   - keys: the keys that may be there.
    ///   - unsupported: keys of features that are not built, with what to use instead.
    ///   - foreign: keys that other tools have, with what to write here.
    init(
        _ node: SpecNode, file: String, name: String, keys: [String],
        unsupported: [String: String] = [:], foreign: [String: String] = [:]
    ) throws(SearchError) {
        guard case .mapping(let entries) = node.content else {
            throw .invalid(
                file: file, place: node.place,
                problem: "\(name.isEmpty ? "a spec" : "`\(name)`") is a mapping, not \(node.kind)",
                fix: "its keys are \(keys.joined(separator: ", "))")
        }
        self.file = file
        self.name = name
        self.place = node.place
        self.entries = entries
        for entry in entries where !keys.contains(entry.key) {
            if let instead = unsupported[entry.key] {
                throw .invalid(
                    file: file, place: entry.place,
                    problem: "`\(Self.path(name, entry.key))` is not supported yet", fix: instead)
            }
            if let scalar = entry.key.unicodeScalars.first(where: { !$0.isASCII }) {
                throw .invalid(
                    file: file, place: entry.place,
                    problem: "unknown key `\(Self.path(name, SpecScalars.shortened(entry.key)))`: "
                        + "it has the character \(SpecScalars.codePoint(scalar.value))",
                    fix: "keys have plain letters: \(keys.joined(separator: ", "))")
            }
            let known = keys + unsupported.keys.sorted()
            throw .invalid(
                file: file, place: entry.place,
                problem: "unknown key `\(Self.path(name, SpecScalars.shortened(entry.key)))`",
                fix: foreign[entry.key] ?? Self.adviceOnDecimalComma(entry.key)
                    ?? nearest(to: entry.key, of: known).map { "did you mean `\($0)`?" }
                    ?? "the keys here are \(keys.joined(separator: ", "))")
        }
    }

    /// Advice on a decimal comma: `{momentum: 0,9}` has the keys `momentum` and `9`.
    private static func adviceOnDecimalComma(_ key: String) -> String? {
        key.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? "if a decimal comma stands before it, write a decimal point" : nil
    }

    subscript(key: String) -> SpecNode? {
        entries.first { $0.key == key }?.value
    }

    func path(_ key: String) -> String { Self.path(name, key) }

    private static func path(_ name: String, _ key: String) -> String {
        name.isEmpty ? key : "\(name).\(key)"
    }

    func required(_ key: String, example: String) throws(SearchError) -> SpecNode {
        if let node = self[key] { return node }
        throw .invalid(
            file: file, place: place, problem: "`\(path(key))` is missing",
            fix: "add `\(key): \(example)`")
    }
}

/// The word of a list that a mistyped one was most likely meant to be; nil when none is near.
package func nearest(to word: String, of words: [String]) -> String? {
    let typed = Array(word.lowercased().prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words {
        let distance = editDistance(typed, Array(candidate))
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(2, typed.count / 3) else { return nil }
    return best.word
}
