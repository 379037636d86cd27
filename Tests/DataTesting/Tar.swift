import HPDigest

/// SHA-256 of bytes alone.
package func sha256(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.finish()
}

/// A tar archive (ustar) of these entries.
package struct TarBuilder {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// - Parameters:
    ///   - kind: `0` a file, `5` a folder, others links and devices.
    ///   - byteCount: what the header says; nil for the content's own.
    package mutating func add(
        _ path: String, _ content: [UInt8] = [], kind: Character = "0", byteCount: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at position: Int) {
            header.replaceSubrange(position..<(position + text.utf8.count), with: text.utf8)
        }
        put(path, at: 0)
        put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
        put(Self.octal(byteCount ?? content.count, 11) + "\0" + Self.octal(0, 11) + "\0", at: 124)
        put("        " + String(kind), at: 148)
        put("ustar\0" + "00", at: 257)
        put(Self.octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its two empty blocks.
    package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Archives in CIFAR-10's layout, small.
package enum SmallCIFAR10 {
    package static let folder = "cifar-10-batches-bin"

    /// Five batches and a test batch of that many records each, the labels in turn, the pixels
    /// noise.
    package static func files(recordCount: Int) -> [(name: String, content: [UInt8])] {
        var state: UInt32 = 1
        let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
        return names.map { name in
            var content: [UInt8] = []
            for record in 0..<recordCount {
                content.append(UInt8(record % 10))
                for _ in 0..<3072 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    content.append(UInt8(state >> 24))
                }
            }
            return (name, content)
        }
    }

    /// The archive, compressed.
    package static func archive(recordCount: Int) -> [UInt8] {
        var tar = TarBuilder()
        tar.add(folder + "/", kind: "5")
        for file in files(recordCount: recordCount) {
            tar.add("\(folder)/\(file.name)", file.content)
        }
        return gzip(tar.archive, level: 1)
    }
}
