import CDigits

extension Dataset {
    /// The embedded handwritten digits: 1,797 images of 8×8 pixels in ten classes, from 0 to 1.
    public static let digits = Dataset(
        name: "digits", features: .bytes(embeddedPixels(), scale: 1 / 16),
        labels: embeddedLabels(), featureCount: 64, classCount: 10,
        imageShape: ImageShape(rows: 8, columns: 8, channels: 1))

    private static func embeddedPixels() -> [UInt8] {
        UnsafeBufferPointer(start: cdigits_pixels, count: cdigits_count * 64).map { letter in
            UInt8(bitPattern: letter) - UInt8(ascii: "A")
        }
    }

    private static func embeddedLabels() -> [Int32] {
        UnsafeBufferPointer(start: cdigits_labels, count: cdigits_count).map { digit in
            Int32(digit) - Int32(UInt8(ascii: "0"))
        }
    }
}
