import SpecFuzzing

/// What reads files of data.
package enum DataReaderKind: String, Sendable, CaseIterable {
    case cifar10
    case csv
    case idx
    case idxGzip = "idx-gz"
    /// Of `hpcoord data fetch`: gzip and tar.
    case archive
}

/// Draws files for a reader: valid ones, and ones that are mutated.
package struct HostileFiles {
    package struct File {
        package var name: String
        package var content: [UInt8]
    }

    private let kind: DataReaderKind
    private var mutator: ByteMutator
    private let small: [[File]]
    private let large: [File]

    package init(_ kind: DataReaderKind, seed: UInt64) {
        self.kind = kind
        mutator = ByteMutator(seed: seed, tokens: Self.tokens)
        small = (1...4).map { Self.valid(kind, scale: $0) }
        large = Self.valid(kind, scale: 1000)
    }

    private static let tokens: [[UInt8]] =
        [
            "\"", "\"\"", "\",\"", ",", ",,", "\n", "\r", "\r\n", "\n\n", "inf", "nan", "1e999",
            "-0", "0x1p3", "1e-50", "16777217.000000001", "\u{FEFF}", "é", " ", "\t", "a,b,c\n",
            ";", ";;", "?", "NA", "1,5", "true", "2024-01-05", "1000000.0071", "1700000000.25",
            "ustar", "../../x", "/etc/x", "x\n", "00000000000", "77777777777",
        ].map { Array($0.utf8) } + [[0], [0xFF, 0xFE], [0x1F, 0x8B, 8, 0], [0, 0, 8, 3]]

    /// The next files; a large set now and then.
    package mutating func next() -> [File] {
        let isLarge = mutator.random.chance(1)
        var files = isLarge ? large : mutator.random.pick(small)
        let other = mutator.random.pick(small)
        let changed = mutator.random.next(files.count)
        for index in files.indices where index == changed || mutator.random.chance(20) {
            mutate(&files[index].content, other: other[index % other.count].content)
        }
        if mutator.random.chance(2) { files.remove(at: changed) }
        return files
    }

    /// Whether a file is to be replaced by a folder or a pipe.
    package mutating func replacesFile() -> Bool { mutator.random.chance(1) }

    /// From 0 to below the bound.
    package mutating func number(below bound: Int) -> Int { mutator.random.next(bound) }

    /// Compressed content is mutated on either side of the compression.
    private mutating func mutate(_ content: inout [UInt8], other: [UInt8]) {
        guard kind == .idxGzip || kind == .archive else {
            mutator.mutate(&content, other: other)
            // A table is read whether it is compressed or not.
            if kind == .csv, mutator.random.chance(20) { content = gzip(content, level: 1) }
            return
        }
        if mutator.random.chance(60) {
            mutator.mutate(&content, other: other)
            if kind == .archive, mutator.random.chance(70) { TarBuilder.repair(&content) }
        }
        content = gzip(content, level: 1)
        if mutator.random.chance(50) { mutator.mutate(&content, other: gzip(other, level: 1)) }
    }

    // MARK: - Valid files, before compression

    private static func valid(_ kind: DataReaderKind, scale: Int) -> [File] {
        var random = FuzzRandom(seed: UInt64(scale))
        switch kind {
        case .cifar10:
            return SmallCIFAR10.files(recordCount: min(scale, 300)).prefix(5).map {
                File(name: $0.name, content: $0.content)
            }
        case .csv:
            var text = "a,b,\"the label\",d\n"
            for row in 0..<(40 * scale) {
                text += "\(row),-\(random.next(1000)).5e-2,\(random.pick(["x", "\"y\"", "z"])), 7\n"
            }
            return [File(name: "table.csv", content: Array(text.utf8))]
        case .idx, .idxGzip:
            let suffix = kind == .idx ? "" : ".gz"
            let count = 10 * scale
            let pixels = (0..<(count * 64)).map { _ in UInt8(random.next(4)) }
            let labels = (0..<count).map { UInt8($0 % 10) }
            return [
                File(
                    name: "train-images-idx3-ubyte\(suffix)",
                    content: [0, 0, 8, 3] + bigEndian([count, 8, 8]) + pixels),
                File(
                    name: "train-labels-idx1-ubyte\(suffix)",
                    content: [0, 0, 8, 1] + bigEndian([count]) + labels),
            ]
        case .archive:
            var tar = TarBuilder()
            tar.add("\(SmallCIFAR10.folder)/", kind: "5")
            for file in SmallCIFAR10.files(recordCount: min(scale, 100)) {
                tar.add("\(SmallCIFAR10.folder)/\(file.name)", file.content)
            }
            return [File(name: "archive", content: tar.archive)]
        }
    }

    private static func bigEndian(_ numbers: [Int]) -> [UInt8] {
        numbers.flatMap { number in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
    }
}
