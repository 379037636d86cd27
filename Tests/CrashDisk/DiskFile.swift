/// One file of the disk: what programs see, and what would be left without power.
struct DiskFile: Sendable {
    /// A change that no sync has made durable yet.
    enum Change: Sendable {
        case write(offset: Int, bytes: [UInt8])
        case truncate(count: Int)
    }

    private(set) var contents: [UInt8] = []
    private(set) var durable: [UInt8] = []
    private(set) var unsynced: [Change] = []
    /// Whether the next sync makes the folder durable too, as SQLite does for files that it made.
    var syncsFolder = false

    /// Copies from `offset` on, fills the rest with zeros; false when there was a rest.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
        let count = max(0, min(bytes.count, contents.count - offset))
        contents.withUnsafeBytes { source in
            guard count > 0 else { return }
            bytes.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count]))
        }
        guard count < bytes.count else { return true }
        UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).initializeMemory(
            as: UInt8.self, repeating: 0)
        return false
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        Self.write(bytes, at: offset, to: &contents)
        unsynced.append(.write(offset: offset, bytes: Array(bytes)))
    }

    mutating func truncate(to count: Int) {
        Self.truncate(&contents, to: count)
        unsynced.append(.truncate(count: count))
    }

    mutating func sync() {
        for change in unsynced {
            switch change {
            case .write(let offset, let bytes):
                bytes.withUnsafeBytes { Self.write($0, at: offset, to: &durable) }
            case .truncate(let count): Self.truncate(&durable, to: count)
            }
        }
        unsynced.removeAll(keepingCapacity: true)
    }

    /// A sync that failed: the system takes the pages for clean, so that no later sync writes them.
    mutating func loseUnsynced() {
        unsynced.removeAll(keepingCapacity: true)
    }

    /// The power fails: of each change those sectors stay that `keeps` names, by their position in
    /// the change. Returns how many sectors each change had and kept.
    mutating func crash(
        keeping keeps: (_ change: Int, _ sector: Int) -> Bool
    ) -> [(sectors: Int, kept: Int)] {
        let tally = unsynced.enumerated().map { index, change in
            switch change {
            case .write(let offset, let bytes):
                let sectors = Sector.split(offset: offset, count: bytes.count)
                var kept = 0
                for (number, range) in sectors.enumerated() where keeps(index, number) {
                    bytes.withUnsafeBytes { source in
                        let part = UnsafeRawBufferPointer(
                            rebasing: source[range.lowerBound - offset..<range.upperBound - offset])
                        Self.write(part, at: range.lowerBound, to: &durable)
                    }
                    kept += 1
                }
                return (sectors.count, kept)
            case .truncate(let count):
                guard keeps(index, 0) else { return (1, 0) }
                Self.truncate(&durable, to: count)
                return (1, 1)
            }
        }
        unsynced = []
        contents = durable
        return tally
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to array: inout [UInt8]
    ) {
        if array.count < offset { truncate(&array, to: offset) }
        let overlap = min(bytes.count, array.count - offset)
        if overlap > 0 {
            array.withUnsafeMutableBytes { target in
                UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + overlap])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<overlap]))
            }
        }
        array.append(contentsOf: bytes[overlap...])
    }

    private static func truncate(_ array: inout [UInt8], to count: Int) {
        if array.count > count {
            array.removeLast(array.count - count)
        } else {
            array.append(contentsOf: repeatElement(0, count: count - array.count))
        }
    }
}

/// What a disk writes whole or not at all.
enum Sector {
    static let byteCount = 512

    /// The parts of a write, cut at the borders of sectors.
    static func split(offset: Int, count: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = offset
        while start < offset + count {
            let end = min(offset + count, (start / byteCount + 1) * byteCount)
            parts.append(start..<end)
            start = end
        }
        return parts
    }
}
