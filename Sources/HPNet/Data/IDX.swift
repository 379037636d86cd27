extension Dataset {
    /// Images and labels in MNIST's format: `train-images-idx3-ubyte` and
    /// `train-labels-idx1-ubyte`, also with `.gz`, also with a dot before `idx`. An example has one
    /// further dimension (`train-images-idx2-ubyte`) or two, a row and a column of gray pixels. The
    /// test files are not read.
    ///
    /// Classes are the labels that occur, ascending, whatever lies between them: EMNIST's letters
    /// are 1 to 26. Each is named by its label.
    ///
    /// - Throws: `NetError.missing` when a file is not there, `.corrupt` when it isn't of the
    ///   format, or the labels are of one class only.
    public static func idx(directory: String) throws(NetError) -> Dataset {
        let images = try IDXFile(
            in: directory, stem: "train-images", kinds: ["idx3", "idx2"], dimensions: 2...3)
        let labels = try IDXFile(
            in: directory, stem: "train-labels", kinds: ["idx1"], dimensions: 1...1)
        guard images.sizes[0] == labels.sizes[0] else {
            throw labels.corrupt("it has \(labels.sizes[0]) labels for \(images.sizes[0]) images")
        }
        let pixels = try images.content()
        let classes = try labels.content()
        var occurs = [Bool](repeating: false, count: 256)
        for label in classes { occurs[Int(label)] = true }
        let values = occurs.indices.filter { occurs[$0] }
        guard values.count > 1 else {
            throw labels.corrupt(
                "every example has the label \(classes[0])", fix: "a classifier needs two classes")
        }
        var numbers = [Int32](repeating: 0, count: occurs.count)
        for (number, value) in values.enumerated() { numbers[value] = Int32(number) }
        let shape = images.sizes.dropFirst()
        return Dataset(
            name: "idx", features: .bytes(pixels, scale: 1 / 255),
            labels: classes.map { numbers[Int($0)] }, featureCount: shape.reduce(1, *),
            classCount: values.count,
            imageShape: shape.count < 2
                ? nil : ImageShape(rows: images.sizes[1], columns: images.sizes[2], channels: 1),
            classNames: values.map { "\($0)" })
    }
}

/// A file of unsigned bytes in one array: two zero bytes, the type 8, the number of dimensions,
/// each dimension's size as a big-endian 32-bit integer, and the array.
private struct IDXFile {
    private static let fix = "fetch or unpack the file again"
    /// What deflate expands a byte to at most, somewhat rounded up.
    private static let expansionMaximum = 1100

    /// Of each dimension; the first counts examples.
    let sizes: [Int]
    private let source: any ByteSource
    /// Of the file on disk.
    private let fileByteCount: Int
    private let isCompressed: Bool
    private let contentByteCount: Int
    private var headerByteCount: Int { 4 + 4 * sizes.count }

    init(
        in directory: String, stem: String, kinds: [String], dimensions: ClosedRange<Int>
    ) throws(NetError) {
        let (file, isCompressed) = try Self.find(in: directory, stem: stem, kinds: kinds)
        self.isCompressed = isCompressed
        fileByteCount = file.byteCount
        source = isCompressed ? GzipReader(file, fix: Self.fix) : file
        sizes = try Self.sizes(in: source, dimensions: dimensions)
        contentByteCount = try Self.product(of: sizes, in: source)
        try requirePlausibleSize()
    }

    private static func find(
        in directory: String, stem: String, kinds: [String]
    ) throws(NetError) -> (file: SequentialFile, isCompressed: Bool) {
        let fix = "give the folder that holds this file, or the same with .gz"
        for suffix in ["", ".gz"] {
            for kind in kinds {
                for separator in ["-", "."] {
                    let path = "\(directory)/\(stem)\(separator)\(kind)-ubyte\(suffix)"
                    if let file = try? SequentialFile(path, fix: fix) {
                        return (file, !suffix.isEmpty)
                    }
                }
            }
        }
        throw .missing(path: "\(directory)/\(stem)-\(kinds[0])-ubyte", fix: fix)
    }

    private static func sizes(
        in source: any ByteSource, dimensions: ClosedRange<Int>
    ) throws(NetError) -> [Int] {
        let magic = try header(of: source, byteCount: 4)
        guard magic[0] == 0, magic[1] == 0 else {
            throw corrupt(
                source, "it begins with \(hexadecimal(magic)), which is no idx file's magic")
        }
        guard magic[2] == 8 else {
            throw corrupt(
                source, "byte 2 says that it holds numbers of type \(hexadecimal([magic[2]]))",
                fix: "only unsigned bytes, type 08, are read")
        }
        guard dimensions.contains(Int(magic[3])) else {
            let expected = Set([dimensions.lowerBound, dimensions.upperBound]).sorted()
            throw corrupt(
                source, "byte 3 says that it has \(magic[3]) dimensions",
                fix: "it must have " + expected.map { "\($0)" }.joined(separator: " or "))
        }
        let bytes = try header(of: source, byteCount: 4 * Int(magic[3]))
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
    }

    private static func header(
        of source: any ByteSource, byteCount: Int
    ) throws(NetError) -> [UInt8] {
        let bytes = try source.read(upTo: byteCount)
        guard bytes.count == byteCount else { throw corrupt(source, "it ends within its header") }
        return bytes
    }

    private static func product(
        of sizes: [Int], in source: any ByteSource
    ) throws(NetError) -> Int {
        var product = 1
        for size in sizes {
            let (next, overflows) = product.multipliedReportingOverflow(by: size)
            guard !overflows, size > 0 else {
                throw corrupt(source, "its header gives it the sizes \(text(sizes))")
            }
            product = next
        }
        return product
    }

    /// Before memory is taken on the header's word.
    private func requirePlausibleSize() throws(NetError) {
        guard isCompressed else {
            let expected = headerByteCount.addingReportingOverflow(contentByteCount)
            guard !expected.overflow, fileByteCount == expected.partialValue else {
                throw wrongSize(held: fileByteCount - headerByteCount)
            }
            return
        }
        guard contentByteCount / Self.expansionMaximum <= fileByteCount else {
            throw corrupt(
                "its header gives it the sizes \(Self.text(sizes)), more than its "
                    + "\(fileByteCount) compressed bytes can hold")
        }
    }

    /// The array, row-major, shape `sizes`.
    func content() throws(NetError) -> [UInt8] {
        let bytes = try source.read(upTo: contentByteCount)
        guard bytes.count == contentByteCount else { throw wrongSize(held: bytes.count) }
        guard try source.read(upTo: 1).isEmpty else { throw wrongSize(held: contentByteCount + 1) }
        return bytes
    }

    private func wrongSize(held: Int) -> NetError {
        if held > contentByteCount {
            return corrupt(
                "something follows its \(Self.text(sizes)) bytes, at byte "
                    + "\(headerByteCount + contentByteCount)")
        }
        let record = held / (contentByteCount / sizes[0]) + 1
        return corrupt(
            "it ends within record \(record) of \(sizes[0]), at byte \(headerByteCount + held)")
    }

    func corrupt(_ problem: String, fix: String = Self.fix) -> NetError {
        Self.corrupt(source, problem, fix: fix)
    }

    private static func corrupt(
        _ source: any ByteSource, _ problem: String, fix: String = Self.fix
    ) -> NetError {
        .corrupt(path: source.path, line: nil, problem: problem, fix: fix)
    }

    private static func text(_ sizes: [Int]) -> String {
        sizes.map { "\($0)" }.joined(separator: "×")
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}
