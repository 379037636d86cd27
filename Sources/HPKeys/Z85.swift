/// ZeroMQ's text form of keys (RFC 32): five characters for four bytes.
///
/// Unlike libzmq's own it refuses characters that are none of its alphabet and groups that exceed
/// 32 bits, so that every key has one text.
enum Z85 {
    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
            .utf8)

    /// - Precondition: a multiple of four bytes.
    static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count % 4 == 0, "Z85 takes groups of four bytes")
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 4) {
            var word = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            var group: [UInt8] = []
            for _ in 0..<5 {
                group.append(alphabet[Int(word % 85)])
                word /= 85
            }
            text.append(contentsOf: group.reversed())
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes; nil for a text that `encode` doesn't give.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 5 == 0 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: characters.count, by: 5) {
            var word: UInt64 = 0
            for character in characters[start..<start + 5] {
                guard let digit = alphabet.firstIndex(of: character) else { return nil }
                word = word * 85 + UInt64(digit)
            }
            guard let word = UInt32(exactly: word) else { return nil }
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }
}
