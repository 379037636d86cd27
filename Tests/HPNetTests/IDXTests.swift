import DataTesting
import HPNet
import Testing

@Suite("idx")
struct IDXTests {
    static func file(
        magic: [UInt8] = [0, 0, 8], sizes: [UInt32], _ content: [UInt8]
    ) -> [UInt8] {
        let header = magic + [UInt8(sizes.count)]
        return header
            + sizes.flatMap { size in
                (0..<4).reversed().map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
            }
            + content
    }

    /// Four images of 2×3 pixels.
    static let images = file(sizes: [4, 2, 3], (0..<24).map { UInt8($0 * 10) })
    static let labels = file(sizes: [4], [2, 0, 2, 5])

    static func read(_ files: [String: [UInt8]]) throws -> Dataset {
        try TemporaryFolder.with { folder in
            for (name, content) in files { _ = try folder.write(name, content) }
            return try Dataset.idx(directory: folder.path)
        }
    }

    static func read(images: [UInt8] = images, labels: [UInt8] = labels) throws -> Dataset {
        try read(["train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels])
    }

    @Test(arguments: [
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
        ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
        ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
        ["train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte"],
    ])
    func `images and labels are read, whatever the spelling`(_ names: [String]) throws {
        let contents = zip(names, [Self.images, Self.labels]).map { name, content in
            (name, name.hasSuffix(".gz") ? gzip(content) : content)
        }
        let dataset = try Self.read(Dictionary(uniqueKeysWithValues: contents))
        #expect((dataset.count, dataset.featureCount, dataset.classCount) == (4, 6, 3))
        #expect(dataset.labels == [1, 0, 1, 2])
        #expect(dataset.imageShape == ImageShape(rows: 2, columns: 3, channels: 1))
        guard case .bytes(let pixels, let scale) = dataset.features else {
            Issue.record("pixels are no longer bytes")
            return
        }
        #expect(scale == Float(1) / 255)
        #expect(pixels == (0..<24).map { $0 * 10 })
        #expect(dataset.digest == (try Self.read()).digest)
    }

    /// EMNIST's letters are 1 to 26; masks are 0 and 255.
    @Test(arguments: [([1, 2, 5, 4], 4), ([0, 255, 255, 0], 2), ([3, 7, 3, 7], 2)])
    func `classes are the labels that occur, and are named by them`(
        _ labels: [UInt8], _ count: Int
    ) throws {
        let dataset = try Self.read(labels: Self.file(sizes: [4], labels))
        #expect(dataset.classCount == count)
        #expect(dataset.labels.map { dataset.classNames[Int($0)] } == labels.map { "\($0)" })
    }

    @Test func `labels without gaps are their classes`() throws {
        let dataset = try Self.read(labels: Self.file(sizes: [4], [2, 0, 1, 2]))
        #expect(dataset.labels == [2, 0, 1, 2])
        #expect(dataset.classNames == ["0", "1", "2"])
        // The digest of the release that numbered classes by their labels alone.
        #expect(
            dataset.digest
                == Dataset(
                    name: "idx", features: dataset.features, labels: [2, 0, 1, 2], featureCount: 6,
                    classCount: 3
                ).digest)
    }

    @Test func `rows of bytes that are no images are read`() throws {
        let dataset = try Self.read([
            "train-images-idx2-ubyte": Self.file(sizes: [4, 6], (0..<24).map { $0 }),
            "train-labels-idx1-ubyte": Self.labels,
        ])
        #expect(dataset.featureCount == 6)
        #expect(dataset.imageShape == nil)
    }

    @Test func `a gzip file of several members is one file`() throws {
        let (first, second) = (Array(Self.images.prefix(20)), Array(Self.images.dropFirst(20)))
        let dataset = try Self.read([
            "train-images-idx3-ubyte.gz": gzip(first) + gzip([]) + gzip(second),
            "train-labels-idx1-ubyte": Self.labels,
        ])
        #expect(dataset.digest == (try Self.read()).digest)
    }

    @Test func `the test files are not read`() throws {
        let dataset = try Self.read([
            "train-images-idx3-ubyte": Self.images, "train-labels-idx1-ubyte": Self.labels,
            "t10k-images-idx3-ubyte": [9], "t10k-labels-idx1-ubyte": [],
        ])
        #expect(dataset.count == 4)
    }

    @Test(arguments: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
    func `a file that is not there is a missing input`(_ name: String) throws {
        var files = [
            "train-images-idx3-ubyte": Self.images, "train-labels-idx1-ubyte": Self.labels,
        ]
        files[name] = nil
        let error = try #require(throws: NetError.self) { try Self.read(files) }
        #expect(error.exitCode == 66)
        #expect(error.description.contains("/\(name): "))
    }

    struct BadFile: Sendable, CustomTestStringConvertible {
        var content: [UInt8]
        /// What the error says after the path.
        var says: String

        var testDescription: String { says }
    }

    static func requireRefused(
        _ bad: BadFile, named name: String, beside files: [String: [UInt8]]
    ) throws {
        var files = files
        files[name] = bad.content
        let error = try #require(throws: NetError.self) { try read(files) }
        #expect(error.exitCode == 65)
        #expect(error.description.contains("/\(name): \(bad.says)"), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: [
        BadFile(content: [], says: "it ends within its header"),
        BadFile(content: Array(images.prefix(11)), says: "it ends within its header"),
        BadFile(content: Array("P6 image".utf8), says: "it begins with 50 36 20 69, which is no"),
        BadFile(
            content: file(magic: [0, 0, 13], sizes: [4, 2, 3], []),
            says: "byte 2 says that it holds numbers of type 0d"),
        BadFile(content: labels, says: "byte 3 says that it has 1 dimensions; it must have 2 or 3"),
        BadFile(
            content: file(sizes: [4, 1, 2, 3], []), says: "byte 3 says that it has 4 dimensions"),
        BadFile(content: file(sizes: [0, 2, 3], []), says: "its header gives it the sizes 0×2×3"),
        BadFile(content: file(sizes: [4, 0, 3], []), says: "its header gives it the sizes 4×0×3"),
        BadFile(
            content: file(sizes: [.max, .max, .max], []), says: "its header gives it the sizes 42"),
        BadFile(
            content: file(sizes: [4, .max, 1 << 29], []),
            says: "it ends within record 1 of 4, at byte 16"),
        BadFile(content: images.dropLast(), says: "it ends within record 4 of 4, at byte 39"),
        BadFile(content: images.dropLast(13), says: "it ends within record 2 of 4, at byte 27"),
        BadFile(content: images + [0], says: "something follows its 4×2×3 bytes, at byte 40"),
    ])
    func `bad images are refused with the byte or the record`(_ bad: BadFile) throws {
        try Self.requireRefused(
            bad, named: "train-images-idx3-ubyte", beside: ["train-labels-idx1-ubyte": Self.labels])
    }

    @Test(arguments: [
        BadFile(content: images, says: "byte 3 says that it has 3 dimensions; it must have 1"),
        BadFile(content: file(sizes: [3], [0, 1, 2]), says: "it has 3 labels for 4 images"),
        BadFile(content: labels.dropLast(), says: "it ends within record 4 of 4, at byte 11"),
        BadFile(
            content: file(sizes: [4], [7, 7, 7, 7]), says: "every example has the label 7; a cl"),
    ])
    func `bad labels are refused with the byte or the record`(_ bad: BadFile) throws {
        try Self.requireRefused(
            bad, named: "train-labels-idx1-ubyte", beside: ["train-images-idx3-ubyte": Self.images])
    }

    static let compressed = gzip(images)

    /// Compressed images of which a byte is changed.
    static func changed(at offset: Int) -> [UInt8] {
        var bytes = compressed
        bytes[offset] ^= 0x10
        return bytes
    }

    @Test(arguments: [
        BadFile(content: [], says: "it ends after 0 bytes, before its data does"),
        BadFile(content: images, says: "its compressed data is damaged near byte "),
        BadFile(
            content: compressed.dropLast(), says: "it ends after \(compressed.count - 1) bytes"),
        BadFile(content: Array(compressed.prefix(12)), says: "it ends after 12 bytes"),
        BadFile(
            content: changed(at: compressed.count - 8),
            says: "its compressed data is damaged near byte \(compressed.count - 4): incorrect data"
        ),
        BadFile(
            content: changed(at: compressed.count - 4),
            says: "its compressed data is damaged near byte \(compressed.count): incorrect length"),
        BadFile(
            content: compressed + [0],
            says: "something that is no gzip data follows its end, at byte \(compressed.count)"),
        BadFile(content: gzip(images.dropLast()), says: "it ends within record 4 of 4, at byte 39"),
        BadFile(content: gzip(images + [0]), says: "something follows its 4×2×3 bytes, at byte 40"),
        BadFile(
            content: gzip(file(sizes: [4, .max, .max], [])),
            says: "its header gives it the sizes 4×4294967295×4294967295"),
        BadFile(
            content: gzip(file(sizes: [4, 1 << 12, 1 << 12], [])),
            says: "its header gives it the sizes 4×4096×4096, more than its "),
    ])
    func `damaged compression is refused with the byte`(_ bad: BadFile) throws {
        try Self.requireRefused(
            bad, named: "train-images-idx3-ubyte.gz",
            beside: ["train-labels-idx1-ubyte": Self.labels])
    }
}
