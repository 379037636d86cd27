/// Rows of a comma-separated text, RFC 4180: cells may be quoted, a quote in them is doubled.
struct CommaSeparated {
    struct Row {
        /// From 1, where the row begins.
        var line: Int
        var cells: [Cell]
    }

    struct Cell {
        var text: String
        var place: SpecPlace
    }

    /// Every row that is not blank.
    ///
    /// - Throws: `SearchError.invalid` for a quote that is never closed.
    static func rows(of text: String, file: String) throws(SearchError) -> [Row] {
        var reader = Reader(Array(text.utf8), file: file)
        return try reader.rows()
    }

    private struct Reader {
        private let bytes: [UInt8]
        private let file: String
        private var index = 0
        private var line = 1
        private var lineStart = 0

        init(_ bytes: [UInt8], file: String) {
            self.bytes = bytes
            self.file = file
            // A byte order mark is no part of the first cell.
            if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
                index = 3
                lineStart = 3
            }
        }

        mutating func rows() throws(SearchError) -> [Row] {
            var rows: [Row] = []
            while index < bytes.count {
                let row = try row()
                if row.cells.count > 1 || row.cells.first?.text.isEmpty == false {
                    rows.append(row)
                }
            }
            return rows
        }

        private mutating func row() throws(SearchError) -> Row {
            var row = Row(line: line, cells: [])
            while true {
                row.cells.append(try cell())
                guard index < bytes.count else { return row }
                let separator = bytes[index]
                index += 1
                if separator == UInt8(ascii: ",") { continue }
                if separator == UInt8(ascii: "\r"), index < bytes.count,
                    bytes[index] == UInt8(ascii: "\n")
                {
                    index += 1
                }
                line += 1
                lineStart = index
                return row
            }
        }

        private mutating func cell() throws(SearchError) -> Cell {
            let place = SpecPlace(line: line, column: index - lineStart + 1)
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                let start = index
                while index < bytes.count, !Self.ends.contains(bytes[index]) { index += 1 }
                let text = String(decoding: bytes[start..<index], as: UTF8.self)
                return Cell(text: Self.trimmed(text), place: place)
            }
            index += 1
            var content: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") {
                    guard index < bytes.count, bytes[index] == byte else {
                        return Cell(
                            text: String(decoding: content, as: UTF8.self), place: place)
                    }
                    index += 1
                } else if byte == UInt8(ascii: "\n") {
                    line += 1
                    lineStart = index
                }
                content.append(byte)
            }
            throw .invalid(
                file: file, place: place, problem: "a quote is never closed",
                fix: "end the cell with a quote; a quote inside it is doubled")
        }

        private static let ends = Array(",\r\n".utf8)

        private static func trimmed(_ text: String) -> String {
            let start = text.drop { $0 == " " || $0 == "\t" }
            return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }
}
