/// The cells of a comma-separated text (RFC 4180), one after another. A buffer and the cell are in
/// memory, never a line or the file.
struct CSVScanner {
    /// What ended a cell.
    enum Separator {
        case comma
        case line
    }

    private static let bufferByteCount = 64 * 1024
    /// Above that the text is no table, or a quote is not closed.
    private static let cellByteCountMaximum = 64 * 1024

    private let file: SequentialFile
    private var buffer: [UInt8]
    private var position = 0
    private var end = 0
    /// Whether a comma promised another cell.
    private var owesCell = false
    private var nextLine = 1

    /// The cell that was read last, without quotes and the blanks around it.
    private(set) var cell: [UInt8] = []
    /// The line, from 1, on which that cell began.
    private(set) var line = 1
    /// The line on which the last row of `nextRow` began.
    private(set) var rowLine = 1

    init(_ file: SequentialFile) throws(NetError) {
        self.file = file
        buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)
        try file.rewind()
        try skipByteOrderMark()
    }

    /// Reads the next cell; nil at the end of the text.
    mutating func next() throws(NetError) -> Separator? {
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
        while let separator = try next() {
            if count == 0 {
                if separator == .line, cell.isEmpty { continue }
                rowLine = line
            }
            take(count, cell)
            count += 1
            if separator == .line { break }
        }
        return count
    }

    private mutating func endCell() throws(NetError) -> Separator {
        owesCell = false
        guard let separator = try peek() else { return .line }
        position += 1
        guard separator != UInt8(ascii: ",") else {
            owesCell = true
            return .comma
        }
        if separator == UInt8(ascii: "\r"), try peek() == UInt8(ascii: "\n") { position += 1 }
        nextLine += 1
        return .line
    }

    /// Up to a separator or the end.
    private mutating func readPlain() throws(NetError) {
        while true {
            var index = position
            while index < end, !Self.endsPlain(buffer[index]) { index += 1 }
            cell.append(contentsOf: buffer[position..<index])
            position = index
            try requireShort()
            guard index == end, try peek() != nil else { break }
        }
        if try peek() == 0 { throw zeroByte() }
        while let last = cell.last, Self.isBlank(last) { cell.removeLast() }
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
        guard let byte = try peek(), byte == 0 || !Self.endsPlain(byte) else { return }
        guard byte != 0 else { throw zeroByte() }
        line = nextLine
        throw corrupt(
            "text follows a closing quote", fix: "double the quotes inside a quoted cell")
    }

    private mutating func skipBlanks() throws(NetError) {
        while let byte = try peek(), Self.isBlank(byte) { position += 1 }
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
        let bytes = try file.read(upTo: Self.bufferByteCount)
        guard !bytes.isEmpty else { return false }
        buffer = bytes
        position = 0
        end = bytes.count
        return true
    }

    private func requireShort() throws(NetError) {
        guard cell.count > Self.cellByteCountMaximum else { return }
        throw corrupt(
            "a cell has more than \(Self.cellByteCountMaximum) bytes",
            fix: "is this a table of comma-separated numbers, and is each quote closed?")
    }

    private mutating func zeroByte() -> NetError {
        line = nextLine
        return corrupt("the text has a zero byte", fix: "save the table as UTF-8")
    }

    private func corrupt(_ problem: String, fix: String) -> NetError {
        .corrupt(path: file.path, line: line, problem: problem, fix: fix)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// A separator, or the zero byte that no text has.
    private static func endsPlain(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: ",")
            && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r") || byte == 0)
    }
}
