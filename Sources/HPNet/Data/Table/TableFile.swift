/// A file of text, compressed by gzip or not, that is read from its beginning several times.
struct TableFile {
    /// The name of the file in messages.
    let path: String
    private let file: SequentialFile
    private let isCompressed: Bool

    /// Looks at the first bytes: what a file is does not depend on its name.
    ///
    /// - Throws: `NetError.missing`, or `.corrupt` for an archive.
    init(_ path: String) throws(NetError) {
        self.path = path
        file = try SequentialFile(path, fix: "give the path of a table below the data root")
        let magic = try file.read(upTo: 4)
        isCompressed = magic.starts(with: [0x1F, 0x8B])
        guard magic != [0x50, 0x4B, 3, 4] else {
            throw .corrupt(
                path: path, line: nil, problem: "it is a zip archive or a spreadsheet, not a text",
                fix: "unpack it, or save it as CSV")
        }
    }

    /// The text from its first byte on; what was opened before must not be read any more.
    func open() throws(NetError) -> any ByteSource {
        try file.rewind()
        return isCompressed ? InflatedText(file) : file
    }

    /// Returns a number that the count of rows does not exceed: by the ends of lines, and by the
    /// bytes, of which each cell takes two with its separator, or one where it may be empty.
    func rowMaximum(columns: Int, mayBeEmpty: Bool) throws(NetError) -> Int {
        let source = try open()
        var endCount = 0
        var byteCount = 0
        while true {
            let bytes = try source.read(upTo: 256 * 1024)
            if bytes.isEmpty { break }
            byteCount += bytes.count
            bytes.withUnsafeBufferPointer { bytes in
                for byte in bytes where byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    endCount += 1
                }
            }
        }
        return min(endCount + 1, byteCount / ((mayBeEmpty ? 1 : 2) * columns) + 1)
    }
}

/// The text of a gzip file, as far as a table may expand.
private final class InflatedText: ByteSource {
    /// Deflate makes a thousand bytes of one; no table of examples is so monotonous, and memory is
    /// taken for what it holds.
    private static let expansionMaximum = 256
    private static let freeByteCount = 64 << 20

    var path: String { reader.path }
    private let reader: GzipReader
    private var rest: Int

    init(_ file: SequentialFile) {
        reader = GzipReader(file, fix: "compress the table again")
        rest = Self.freeByteCount + Self.expansionMaximum * file.byteCount
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetError) -> Int {
        let count = try reader.read(into: buffer)
        rest -= count
        guard rest >= 0 else {
            throw .corrupt(
                path: path, line: nil,
                problem: "it holds more than \(Self.expansionMaximum) times its size",
                fix: "unpack it, if it is a table")
        }
        return count
    }
}
