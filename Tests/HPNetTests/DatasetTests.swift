import HPNet
import Testing

@Suite("Data sets")
struct DatasetTests {
    @Test func `the embedded digits are those of the published table`() {
        let digits = Dataset.digits
        #expect(digits.count == 1797)
        #expect((digits.featureCount, digits.classCount) == (64, 10))
        #expect(digits.imageShape == ImageShape(rows: 8, columns: 8, channels: 1))
        let counts = (0..<10 as Range<Int32>).map { digit in
            digits.labels.filter { $0 == digit }.count
        }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        guard case .bytes(let pixels, let scale) = digits.features else {
            Issue.record("pixels are no longer bytes")
            return
        }
        #expect(scale == 0.0625)
        #expect(pixels.count == 1797 * 64)
        #expect(pixels.max() == 16)
        #expect(pixels.map(Int.init).reduce(0, +) == 561_718)
        #expect(
            digits.digest
                == "18ec203cb6f2373d80a8a185955b8ff3bca6e52f12365aee69a16b76c61f52d3")
    }

    @Test func `whatever differs in examples differs in the digest`() {
        func digest(
            _ features: Dataset.Features, labels: [Int32] = [0, 1], columns: Int = 2,
            classes: Int = 2, name: String = "a"
        ) -> String {
            Dataset(
                name: name, features: features, labels: labels, featureCount: columns,
                classCount: classes
            ).digest
        }
        let base = digest(.bytes([1, 2, 3, 4], scale: 1))
        #expect(base == digest(.bytes([1, 2, 3, 4], scale: 1), name: "b"))
        let others = [
            digest(.bytes([1, 2, 3, 5], scale: 1)),
            digest(.bytes([1, 2, 3, 4], scale: 0.5)),
            digest(.floats([1, 2, 3, 4])),
            digest(.bytes([1, 2, 3, 4], scale: 1), labels: [1, 0]),
            digest(.bytes([1, 2, 3, 4], scale: 1), classes: 3),
            digest(.bytes([1, 2, 3, 4], scale: 1), labels: [0, 1, 0, 1], columns: 1),
        ]
        #expect(Set([base] + others).count == 7)
    }
}
