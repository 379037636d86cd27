package import HPNet

/// The entries of a tar archive (POSIX 1003.1 `ustar`, and GNU's), in order. Regular files and
/// folders only: what else an archive may hold has no place in a data set.
package struct TarReader {
    /// A file or a folder.
    package struct Entry: Sendable, Hashable {
        /// As the archive has it.
        package var path: String
        /// Of a file's content.
        package var byteCount: Int
        package var isFolder: Bool
    }

    private static let blockByteCount = 512
    private static let extensionByteCountMaximum = 64 * 1024
    private static let fix = "fetch the archive again"

    private let source: any ByteSource
    /// Of the current entry's content.
    private var rest = 0
    /// Between that content and the next header.
    private var padding = 0
    /// Where the next byte lies in the uncompressed archive.
    private var offset = 0

    /// - Parameter source: the archive, uncompressed.
    package init(_ source: any ByteSource) {
        self.source = source
    }

    /// The next entry, passing over what was not read of the current one; nil at the end, when
    /// everything was read and verified.
    ///
    /// - Throws: `NetError.corrupt` with the byte.
    package mutating func next() throws(NetError) -> Entry? {
        while true {
            try skip(rest + padding)
            (rest, padding) = (0, 0)
            let start = offset
            let block = try take(Self.blockByteCount)
            guard block.contains(where: { $0 != 0 }) else {
                try finish()
                return nil
            }
            guard let header = TarHeader(block) else {
                throw corrupt("the header at byte \(start) is damaged")
            }
            rest = header.byteCount
            padding = (Self.blockByteCount - rest % Self.blockByteCount) % Self.blockByteCount
            switch header.kind {
            case UInt8(ascii: "0"), 0:
                return Entry(path: header.path, byteCount: rest, isFolder: false)
            case UInt8(ascii: "5"): return Entry(path: header.path, byteCount: 0, isFolder: true)
            case UInt8(ascii: "g"), UInt8(ascii: "x"): try requireHarmless(at: start)
            default:
                throw corrupt("the entry at byte \(start) is neither a file nor a folder")
            }
        }
    }

    /// The next bytes of the current entry's content; none at its end.
    ///
    /// - Throws: `NetError.corrupt` with the byte.
    package mutating func read(upTo count: Int) throws(NetError) -> [UInt8] {
        let bytes = try take(min(count, rest))
        rest -= bytes.count
        return bytes
    }

    /// Extended headers may rename what follows them, or change its size: those are refused.
    private mutating func requireHarmless(at start: Int) throws(NetError) {
        guard rest <= Self.extensionByteCountMaximum else {
            throw corrupt("the extended header at byte \(start) has \(rest) bytes")
        }
        let text = String(decoding: try read(upTo: rest), as: UTF8.self)
        for key in ["path=", "linkpath=", "size=", "GNU.sparse"] where text.contains(key) {
            throw corrupt("the extended header at byte \(start) changes an entry")
        }
    }

    private mutating func skip(_ count: Int) throws(NetError) {
        var rest = count
        while rest > 0 { rest -= try take(min(rest, 64 * 1024)).count }
    }

    private mutating func take(_ count: Int) throws(NetError) -> [UInt8] {
        let bytes = try source.read(upTo: count)
        offset += bytes.count
        guard bytes.count == count else { throw corrupt("the archive ends at byte \(offset)") }
        return bytes
    }

    /// Reads to the end, so that compression's checksum is verified.
    private func finish() throws(NetError) {
        while try !source.read(upTo: 64 * 1024).isEmpty {}
    }

    private func corrupt(_ problem: String) -> NetError {
        .corrupt(path: source.path, line: nil, problem: problem, fix: Self.fix)
    }
}

/// A header block.
private struct TarHeader {
    var path: String
    var byteCount: Int
    var kind: UInt8

    /// Nil when the checksum is wrong, a number is none or a name is not UTF-8.
    init?(_ block: [UInt8]) {
        guard let sum = Self.octal(block[148..<156]), sum == Self.sum(of: block),
            let byteCount = Self.octal(block[124..<136]),
            let name = Self.text(block[0..<100])
        else { return nil }
        self.byteCount = byteCount
        kind = block[156]
        // GNU's archives have other things where POSIX has the front part of a long name.
        let hasPrefix = block[257..<263].elementsEqual(Array("ustar\0".utf8))
        let prefix = hasPrefix ? Self.text(block[345..<500]) : ""
        guard let prefix else { return nil }
        path = prefix.isEmpty ? name : prefix + "/" + name
    }

    /// Of all bytes, the checksum's own counted as blanks.
    private static func sum(of block: [UInt8]) -> Int {
        block.enumerated().reduce(0) { sum, byte in
            sum + ((148..<156).contains(byte.offset) ? 32 : Int(byte.element))
        }
    }

    /// Octal digits between blanks and zero bytes.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            number = number * 8 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        String(validating: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}
