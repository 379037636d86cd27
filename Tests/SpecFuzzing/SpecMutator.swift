/// Makes hostile texts of valid ones.
package struct SpecMutator {
    private var random: FuzzRandom
    private var generator: SpecGenerator
    private let seeds: [[UInt8]]

    /// - Parameter specs: what is mutated, beside generated specs.
    package init(seed: UInt64, specs: [String]) {
        random = FuzzRandom(seed: seed)
        generator = SpecGenerator(seed: seed)
        seeds = specs.map { Array($0.utf8) }
    }

    private static let alphabet = Array("abc019.,:{}[]-+eE\"' \n\r\t#&*!%@|>\\?~\u{1}\u{7F}".utf8)

    private static let tokens = [
        "{", "}", "[", "]", ": ", "- ", "\n", "\n  ", "\r\n", "\t", "&a ", "*a", "!!str ", "<<: *a",
        "| \n x", "> ", "? ", "---\n", "...\n", "%YAML 1.1\n", "# c\n", "'", "\"", "\\u0000",
        "\"\\ud800\"", "\u{FEFF}", "\u{85}", "\u{2028}", "~", "null", ".inf", ".nan", "1e999",
        "-0.0", "9999999999999999999", "0x10", "1_000", "yes", "when: {reg: 1}",
        "limits: [0, 1]", "narrow: confirm", "sampler: grid", "choice: [1, 2]", "e\u{301}",
        "\u{1F600}", "log_uniform: [1e-3, 1]",
    ].map { Array($0.utf8) }

    package mutating func next() -> [UInt8] {
        if random.chance(2) { return bomb() }
        var bytes = random.chance(50) ? Array(generator.spec().utf8) : random.pick(seeds)
        for _ in 0..<random.next(6) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = random.next(bytes.count)
        switch random.next(9) {
        case 0: bytes[place] ^= UInt8(1 << random.next(8))
        case 1: bytes[place] = random.pick(Self.alphabet)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(random.pick(Self.alphabet), at: place)
        case 4: bytes.insert(contentsOf: random.pick(Self.tokens), at: place)
        case 5: duplicateLine(&bytes, place)
        case 6:
            let end = min(bytes.count, place + 1 + random.next(40))
            bytes.insert(contentsOf: bytes[place..<end], at: random.next(bytes.count))
        case 7:
            let end = min(bytes.count, place + 1 + random.next(40))
            bytes.removeSubrange(place..<end)
        default: splice(&bytes, place)
        }
    }

    private func duplicateLine(_ bytes: inout [UInt8], _ place: Int) {
        let newline = UInt8(ascii: "\n")
        let start = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
        bytes.insert(contentsOf: bytes[start..<end], at: end)
    }

    private mutating func splice(_ bytes: inout [UInt8], _ place: Int) {
        let other = random.pick(seeds)
        let start = random.next(other.count)
        bytes.replaceSubrange(place..., with: other[start...])
    }

    /// Texts that are small to write and large to read.
    package static let bombs: [(name: String, unit: String, end: String)] = [
        ("brackets", "[", ""), ("braces", "{a: ", ""), ("dashes", "- ", ""), ("keys", "? ", ""),
        ("commas", "[1,", ""), ("list", "1,", ""), ("blanks", " ", ""), ("lines", "\n", ""),
        ("quotes", "'", ""), ("long scalar", "a", ""), ("digits", "9", ""), ("comment", "#", ""),
        ("anchors", "&a ", ""), ("aliases", "*a, ", ""), ("tags", "!!a ", ""),
        ("same key", "a: 1\n", ""), ("colons", ":", ""), ("spaced colons", ": ", ""),
        ("pairs", "[a: ", ""), ("escapes", "\\u0041", "\""), ("combining", "e\u{301}\u{301}", ""),
        ("carriage returns", "\r", ""), ("tabs", "\t", ""), ("documents", "---\n", ""),
        ("words", "a ", ""), ("quoted keys", "\"a\": 1, ", ""), ("zeros", "0", ""),
    ]

    private mutating func bomb() -> [UInt8] {
        let opening = random.pick(["", "study: ", "{\"study\": \"", "stages: [", "parameters:\n  "])
        let bomb = random.pick(Self.bombs)
        let unit = Array(bomb.unit.utf8)
        let size = random.pick([1000, 20_000, 100_000, 262_000, 300_000])
        var bytes = Array(opening.utf8)
        while bytes.count < size { bytes += unit }
        return bytes + Array(bomb.end.utf8)
    }

    /// A mapping of many keys, all of them different.
    package static func manyKeys(_ count: Int, flow: Bool) -> String {
        let keys = (0..<count).map { "k\($0): 1" }
        return flow ? "{" + keys.joined(separator: ", ") + "}" : keys.joined(separator: "\n")
    }

    /// A block as deep as its indentation allows within 256 KiB.
    package static func staircase(_ depth: Int) -> String {
        (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    }
}
