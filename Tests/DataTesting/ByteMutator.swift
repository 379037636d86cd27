package import SpecFuzzing

/// Makes hostile bytes of valid ones.
package struct ByteMutator {
    package var random: FuzzRandom
    /// What is put in at random places.
    private let tokens: [[UInt8]]

    package init(seed: UInt64, tokens: [[UInt8]]) {
        random = FuzzRandom(seed: seed)
        self.tokens = tokens
    }

    private static let numbers: [UInt32] = [
        0, 1, 2, 3, 9, 27, 28, 255, 256, 1 << 15, 1 << 16, 1 << 24, 1 << 30, 1 << 31, .max - 1,
        .max,
    ]

    /// Changes a few places, or none.
    package mutating func mutate(_ bytes: inout [UInt8], other: [UInt8]) {
        for _ in 0..<random.next(5) where !bytes.isEmpty { change(&bytes, other) }
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        // Headers are short and decide the most.
        let place = random.next(random.chance(40) ? min(bytes.count, 600) : bytes.count)
        switch random.next(9) {
        case 0: bytes[place] ^= UInt8(1 << random.next(8))
        case 1: bytes[place] = random.pick([0, 1, 9, 10, 13, 32, 34, 44, 127, 128, 255])
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.next(64)))
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: random.pick(tokens), at: place)
        case 5:
            let end = min(bytes.count, place + 1 + random.next(600))
            bytes.insert(contentsOf: bytes[place..<end], at: random.next(bytes.count))
        case 6: bytes.replaceSubrange(place..., with: other.dropFirst(random.next(other.count)))
        case 7: putNumber(&bytes, at: place)
        default:
            bytes.insert(
                contentsOf: [UInt8](repeating: random.pick([0, 34, 44, 49, 255]), count: 2000),
                at: place)
        }
    }

    /// Four bytes, the most significant first, most often where a header has its sizes.
    private mutating func putNumber(_ bytes: inout [UInt8], at place: Int) {
        let start = random.chance(70) ? random.next(5) * 4 : place
        let number = random.pick(Self.numbers)
        for offset in 0..<4 where start + offset < bytes.count {
            bytes[start + offset] = UInt8(truncatingIfNeeded: number >> (24 - 8 * offset))
        }
    }
}
