/// An image in memory, eight bits a channel, that can be written as PNG (ISO/IEC 15948).
///
/// Pixels are stored without compression: images of weights are small, and noise does not shrink.
struct PNGImage {
    /// Pixels.
    let width: Int
    let height: Int
    /// Red, green and blue; else grey.
    let isColored: Bool
    private var pixels: [UInt8]

    /// A white image.
    init(width: Int, height: Int, isColored: Bool) {
        self.width = width
        self.height = height
        self.isColored = isColored
        pixels = [UInt8](repeating: 255, count: width * height * (isColored ? 3 : 1))
    }

    private var channelCount: Int { isColored ? 3 : 1 }

    mutating func set(_ value: UInt8, x: Int, y: Int, channel: Int) {
        pixels[(y * width + x) * channelCount + channel] = value
    }

    /// A `data:` address that holds the image.
    var dataAddress: String { "data:image/png;base64," + Base64.text(of: fileBytes) }

    /// The file.
    var fileBytes: [UInt8] {
        let header =
            Self.bytes(UInt32(width)) + Self.bytes(UInt32(height))
            + [8, isColored ? 2 : 0, 0, 0, 0]
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
            + Self.chunk("IHDR", header) + Self.chunk("IDAT", zlibStream(of: rows))
            + Self.chunk("IEND", [])
    }

    /// Each row after a byte that says that it is not filtered.
    private var rows: [UInt8] {
        let length = width * channelCount
        return (0..<height).flatMap { row in
            [0] + pixels[row * length..<(row + 1) * length]
        }
    }

    /// Blocks that are stored (RFC 1951, 3.2.4) in the frame of RFC 1950.
    private func zlibStream(of content: [UInt8]) -> [UInt8] {
        let blockMaximum = 65_535
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: max(1, content.count), by: blockMaximum) {
            let block = content[start..<min(start + blockMaximum, content.count)]
            let length = UInt16(block.count)
            stream.append(start + block.count == content.count ? 1 : 0)
            for half in [length, ~length] {
                stream += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)]
            }
            stream += block
        }
        return stream + Self.bytes(Self.adler32(content))
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + content
        return bytes(UInt32(content.count)) + checked + bytes(crc32(checked))
    }

    /// From the highest.
    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func adler32(_ content: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in content {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { remainder, _ in
            remainder & 1 == 1 ? 0xedb8_8320 ^ remainder >> 1 : remainder >> 1
        }
    }

    private static func crc32(_ content: [UInt8]) -> UInt32 {
        ~content.reduce(UInt32.max) { sum, byte in
            crcTable[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
        }
    }
}
