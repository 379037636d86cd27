/// The cells of a text of separated values (RFC 4180, with any separator), one after another. A
/// buffer and the cell are in memory, never a line or the file.
struct CSVScanner {
    /// What ended a cell.
    enum End {
        case separator
        case line
    }

    private static let bufferByteCount = 64 * 1024
    /// Above that the text is no table, or a quote is not closed.
    private static let cellByteCountMaximum = 64 * 1024

    private let source: any ByteSource
    private let separator: UInt8
    private let byteMaximum: Int
    private var buffer: [UInt8]
    private var position = 0
    private var end = 0
    /// Whether a separator promised another cell.
    private var owesCell = false
    private var nextLine = 1

    /// The cell that was read last, without quotes and the blanks around it.
    private(set) var cell: [UInt8] = []
    /// The line, from 1, on which that cell began.
    private(set) var line = 1
    /// The line on which the last row of `nextRow` began.
    private(set) var rowLine = 1
    /// Bytes that were read from the file.
    private(set) var byteCount = 0

    /// - Parameters:
    ///   - separator: what stands between cells, such as a comma.
    ///   - byteMaximum: where the text is taken to end.
    init(
        _ file: TableFile, separator: UInt8, byteMaximum: Int = .max
    ) throws(NetError) {
        source = try file.open()
        self.byteMaximum = byteMaximum
        self.separator = separator
        buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)
        try skipByteOrderMark()
    }

    /// Reads the next cell; nil at the end of the text.
    mutating func next() throws(NetError) -> End? {
        line = nextLine
        cell.removeAll(keepingCapacity: true)
        guard try peek() != nil || owesCell else { return nil }
        try skipBlanks()
        if try peek() == UInt8(ascii: "\"") { try readQuoted() } else { try readPlain() }
        return try endCell()
    }

    /// Passes over blank lines and reads a row, cell by cell with its column; the number of cells,
    /// 0 at the end of the text.
    mutating func nextRow(_ take: (_ column: Int, _ cell: [UInt8]) -> Void) throws(NetError) -> Int
    {
        var count = 0
        while let end = try next() {
            if count == 0 {
                if end == .line, cell.isEmpty { continue }
                rowLine = line
            }
            take(count, cell)
            count += 1
            if end == .line { break }
        }
        return count
    }

    private mutating func endCell() throws(NetError) -> End {
        owesCell = false
        guard let byte = try peek() else { return .line }
        position += 1
        guard byte != separator else {
            owesCell = true
            return .separator
        }
        if byte == UInt8(ascii: "\r"), try peek() == UInt8(ascii: "\n") { position += 1 }
        nextLine += 1
        return .line
    }

    /// Up to a separator or the end.
    private mutating func readPlain() throws(NetError) {
        while true {
            var index = position
            while index < end, !endsPlain(buffer[index]) { index += 1 }
            cell.append(contentsOf: buffer[position..<index])
            position = index
            try requireShort()
            guard index == end, try peek() != nil else { break }
        }
        if try peek() == 0 { throw zeroByte() }
        while let last = cell.last, isBlank(last) { cell.removeLast() }
    }

    private mutating func readQuoted() throws(NetError) {
        position += 1
        while let byte = try peek() {
            position += 1
            switch byte {
            case 0: throw zeroByte()
            case UInt8(ascii: "\""):
                guard try peek() == UInt8(ascii: "\"") else { return try endQuoted() }
                position += 1
            case UInt8(ascii: "\n"): nextLine += 1
            default: break
            }
            cell.append(byte)
            try requireShort()
        }
        throw corrupt("a quoted cell has no end", fix: "close the quote")
    }

    private mutating func endQuoted() throws(NetError) {
        try skipBlanks()
        guard let byte = try peek(), byte == 0 || !endsPlain(byte) else { return }
        guard byte != 0 else { throw zeroByte() }
        line = nextLine
        throw corrupt(
            "text follows a closing quote", fix: "double the quotes inside a quoted cell")
    }

    private mutating func skipBlanks() throws(NetError) {
        while let byte = try peek(), isBlank(byte) { position += 1 }
    }

    private mutating func skipByteOrderMark() throws(NetError) {
        guard try peek() != nil, buffer[..<end].starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        position = 3
    }

    private mutating func peek() throws(NetError) -> UInt8? {
        if position == end, try !refill() { return nil }
        return buffer[position]
    }

    private mutating func refill() throws(NetError) -> Bool {
        guard byteCount < byteMaximum else { return false }
        let bytes = try source.read(upTo: Self.bufferByteCount)
        guard !bytes.isEmpty else { return false }
        buffer = bytes
        position = 0
        end = bytes.count
        byteCount += end
        return true
    }

    private func requireShort() throws(NetError) {
        guard cell.count > Self.cellByteCountMaximum else { return }
        throw corrupt(
            "a cell has more than \(Self.cellByteCountMaximum) bytes",
            fix: "is this a table of numbers, and is each quote closed?")
    }

    private mutating func zeroByte() -> NetError {
        line = nextLine
        return corrupt("the text has a zero byte", fix: "save the table as UTF-8")
    }

    private func corrupt(_ problem: String, fix: String) -> NetError {
        .corrupt(path: source.path, line: line, problem: problem, fix: fix)
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && byte != separator)
    }

    /// A separator, or the zero byte that no text has.
    private func endsPlain(_ byte: UInt8) -> Bool {
        byte == separator
            || (byte <= UInt8(ascii: "\r")
                && (byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0))
    }
}
