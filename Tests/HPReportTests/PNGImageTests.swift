import Foundation
import Testing

@testable import HPReport

@Suite struct PNGImageTests {
    @Test func `a small image has the bytes that another encoder gives`() {
        var image = PNGImage(width: 2, height: 2, isColored: false)
        image.set(7, x: 1, y: 0, channel: 0)
        image.set(42, x: 0, y: 1, channel: 0)
        // Made with Python's zlib at level 0, read with Pillow.
        let expected =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAEUlEQVR4AQEGAPn/AP8HACr/BnACMJXymPIA"
            + "AAAASUVORK5CYII="
        #expect(image.dataAddress == "data:image/png;base64," + expected)
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 255])
    func `base64 is that of others`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
        #expect(Base64.text(of: bytes) == Data(bytes).base64EncodedString())
    }

    @Test func `pixels of several blocks come back`() throws {
        var image = PNGImage(width: 201, height: 150, isColored: true)
        for y in 0..<150 {
            for x in 0..<201 {
                for channel in 0..<3 {
                    image.set(
                        UInt8(truncatingIfNeeded: x * 3 + y * 5 + channel), x: x, y: y,
                        channel: channel)
                }
            }
        }
        let rows = try storedContent(of: image.fileBytes)
        #expect(rows.count == 150 * (1 + 3 * 201))
        for y in 0..<150 {
            let row = rows[y * 604..<(y + 1) * 604]
            #expect(row.first == 0)
            let expected = (0..<603).map {
                UInt8(truncatingIfNeeded: $0 / 3 * 3 + y * 5 + $0 % 3)
            }
            #expect(Array(row.dropFirst()) == expected)
        }
    }

    /// What the blocks of the one IDAT chunk hold.
    private func storedContent(of file: [UInt8]) throws -> [UInt8] {
        let start = 8 + 25
        #expect(Array(file[start + 4..<start + 8]) == Array("IDAT".utf8))
        var place = start + 8 + 2
        var content: [UInt8] = []
        while true {
            let isLast = file[place] == 1
            let length = Int(file[place + 1]) | Int(file[place + 2]) << 8
            #expect(file[place + 1] == ~file[place + 3])
            #expect(file[place + 2] == ~file[place + 4])
            content += file[place + 5..<place + 5 + length]
            place += 5 + length
            if isLast { return content }
            try #require(place < file.count)
        }
    }
}
