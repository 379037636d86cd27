/// The lines of a comma-separated text, with quoted cells; blank lines are passed over.
struct CSVLines {
    struct Line {
        var number: Int
        var cells: [String]
    }

    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var number = 0

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func next() throws(NetError) -> Line? {
        while position < bytes.count {
            number += 1
            let line = Line(number: number, cells: try cells())
            if line.cells != [""] { return line }
        }
        return nil
    }

    private mutating func cells() throws(NetError) -> [String] {
        var cells: [String] = []
        while true {
            cells.append(try cell())
            guard position < bytes.count else { return cells }
            let separator = bytes[position]
            position += 1
            if separator == UInt8(ascii: ",") { continue }
            if separator == UInt8(ascii: "\r"), position < bytes.count,
                bytes[position] == UInt8(ascii: "\n")
            {
                position += 1
            }
            return cells
        }
    }

    private mutating func cell() throws(NetError) -> String {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
            var end = position
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
        return try quotedCell()
    }

    private mutating func quotedCell() throws(NetError) -> String {
        let firstLine = number
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    skipBlanks()
                    guard position == bytes.count || isSeparator(bytes[position]) else {
                        throw .corrupt(
                            path: file, line: number, problem: "text follows a closing quote",
                            fix: "double the quotes inside a quoted cell")
                    }
                    return String(decoding: content, as: UTF8.self)
                }
                position += 1
            }
            if byte == UInt8(ascii: "\n") { number += 1 }
            content.append(byte)
        }
        throw .corrupt(
            path: file, line: firstLine, problem: "a quoted cell has no end",
            fix: "close the quote")
    }

    private mutating func skipBlanks() {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
