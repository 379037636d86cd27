/// Tells damage of SQLite's write-ahead log from the torn end that a power cut leaves.
///
/// SQLite ends its reading at the first frame whose checksum is wrong, and takes the rest for
/// what was being written. But a transaction is synced before the next one is written: where a
/// later transaction follows on a broken frame, the frame was whole once, and what it held was
/// acknowledged. Format: https://www.sqlite.org/walformat.html
struct LogInspection {
    private static let headerLength = 32
    private static let frameHeaderLength = 24

    private let bytes: UnsafeRawBufferPointer
    private let pageLength: Int
    private let isBigEndian: Bool

    /// The number, from 1, of the first frame that was damaged after it was synced; 0 for the
    /// header of the log; nil for a log without such damage.
    static func damagedFrame(in log: [UInt8]) -> Int? {
        log.withUnsafeBytes { bytes in
            guard bytes.count > headerLength + frameHeaderLength else { return nil }
            return LogInspection(bytes).damagedFrame
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        isBigEndian = Self.word(bytes, at: 0, isBigEndian: true) & 1 == 1
        // Every journal has pages of this length: a damaged header isn't asked.
        pageLength = 4096
    }

    private var frameLength: Int { Self.frameHeaderLength + pageLength }
    private var frameCount: Int { (bytes.count - Self.headerLength) / frameLength }

    private var damagedFrame: Int? {
        var sums = checksum((0, 0), at: 0, count: 24)
        let header = salts(at: 16)
        guard sums == (bigEndian(24), bigEndian(28)) else {
            return isFollowedByAnotherTransaction(from: 0, salts: nil) ? 0 : nil
        }
        for frame in 0..<frameCount {
            let start = Self.headerLength + frame * frameLength
            sums = checksum(sums, at: start, count: 8)
            sums = checksum(sums, at: start + Self.frameHeaderLength, count: pageLength)
            guard salts(at: start + 8) == header,
                sums == (bigEndian(start + 16), bigEndian(start + 20))
            else {
                return isFollowedByAnotherTransaction(from: frame, salts: header)
                    ? frame + 1 : nil
            }
        }
        return nil
    }

    /// Whether from this frame on a transaction ends and another one begins, of one and the same
    /// log. SQLite may repeat the last frame of a transaction to fill a sector.
    private func isFollowedByAnotherTransaction(from first: Int, salts: UInt64?) -> Bool {
        guard first < frameCount else { return false }
        var ended: (page: UInt32, size: UInt32, salts: UInt64)?
        for frame in first..<frameCount {
            let start = Self.headerLength + frame * frameLength
            let own = self.salts(at: start + 8)
            guard salts == nil || own == salts else { continue }
            let page = bigEndian(start)
            let size = bigEndian(start + 4)
            if let ended, own == ended.salts, (page, size) != (ended.page, ended.size) {
                return true
            }
            if size != 0 { ended = (page, size, own) }
        }
        return false
    }

    // MARK: - Words

    private func salts(at offset: Int) -> UInt64 {
        UInt64(bigEndian(offset)) << 32 | UInt64(bigEndian(offset + 4))
    }

    private func bigEndian(_ offset: Int) -> UInt32 {
        Self.word(bytes, at: offset, isBigEndian: true)
    }

    private static func word(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, isBigEndian: Bool
    ) -> UInt32 {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }

    private func checksum(
        _ sums: (UInt32, UInt32), at offset: Int, count: Int
    ) -> (UInt32, UInt32) {
        var (first, second) = sums
        for place in stride(from: offset, to: offset + count, by: 8) {
            first &+= Self.word(bytes, at: place, isBigEndian: isBigEndian) &+ second
            second &+= Self.word(bytes, at: place + 4, isBigEndian: isBigEndian) &+ first
        }
        return (first, second)
    }
}
