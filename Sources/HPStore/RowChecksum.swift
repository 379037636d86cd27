import Foundation
import HPWire

/// What tells a row from the same row with some bits flipped on the disk: SQLite checks how pages
/// are built, not what rows hold.
///
/// FNV-1a in 64 bits over all columns: against accidents, not against forgery. Each step is one to
/// one, so that a change within one byte is always found.
struct RowChecksum {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The checksum of a journal row; its sequence number counts too, so that rows can't trade
    /// places.
    static func of(_ entry: JournalEntry, sequence: Int) -> Int64 {
        var checksum = RowChecksum()
        checksum.add(sequence)
        checksum.add(entry.kind)
        checksum.add(entry.study)
        checksum.add(entry.trial)
        checksum.add(entry.attempt)
        checksum.add(entry.payload)
        return checksum.value
    }

    /// The checksum of a side table's row.
    static func ofSideRow(study: Int, trial: Int, attempt: Int, payload: [UInt8]) -> Int64 {
        var checksum = RowChecksum()
        checksum.add(study)
        checksum.add(trial)
        checksum.add(attempt)
        checksum.add(payload)
        return checksum.value
    }

    private var value: Int64 { Int64(bitPattern: hash) }

    private mutating func add(_ column: Int?) {
        add(byte: column == nil ? 0 : 1)
        withUnsafeBytes(of: (column ?? 0).littleEndian) { bytes in
            for byte in bytes { add(byte: byte) }
        }
    }

    private mutating func add(_ payload: [UInt8]) {
        payload.withUnsafeBufferPointer { bytes in
            for byte in bytes { add(byte: byte) }
        }
    }

    private mutating func add(byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}
