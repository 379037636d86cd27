/// A JSON document whose members keep their order, so that the same content has the same bytes.
package indirect enum JSONValue: Sendable, Hashable {
    /// A member of an object.
    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case boolean(Bool)
    case integer(Int)
    /// Beyond the range of `Int`.
    case unsigned(UInt64)
    /// Shortest round-trip digits; a number that isn't finite becomes null.
    case number(Double)
    case text(String)
    case array([JSONValue])
    case members([Member])

    /// An object with these members, in this order.
    package static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .members(members.map { Member($0.key, $0.value) })
    }

    /// Null for nil.
    package static func optional(_ number: Double?) -> JSONValue {
        number.map(JSONValue.number) ?? .null
    }

    /// Null for nil.
    package static func optional(_ integer: Int?) -> JSONValue {
        integer.map(JSONValue.integer) ?? .null
    }

    /// Null for nil.
    package static func optional(_ text: String?) -> JSONValue {
        text.map(JSONValue.text) ?? .null
    }

    /// A list of texts.
    package static func texts(_ texts: [String]) -> JSONValue {
        .array(texts.map(JSONValue.text))
    }
}

extension JSONValue {
    /// The document's text: a line for each member of the top object and for each element of a
    /// list in it, and a newline at the end.
    package func documentText() -> String {
        var bytes: [UInt8] = []
        write(to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], depth: Int) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let boolean): bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
        case .integer(let integer): bytes.append(contentsOf: integer.description.utf8)
        case .unsigned(let integer): bytes.append(contentsOf: integer.description.utf8)
        case .number(let number): bytes.append(contentsOf: Self.text(of: number).utf8)
        case .text(let text): Self.write(text, to: &bytes)
        case .array(let elements):
            Self.write(
                elements, between: "[", "]", isBroken: depth < 2, depth: depth, to: &bytes
            ) { element, bytes in
                element.write(to: &bytes, depth: depth + 1)
            }
        case .members(let members):
            Self.write(
                members, between: "{", "}", isBroken: depth < 1, depth: depth, to: &bytes
            ) { member, bytes in
                Self.write(member.name, to: &bytes)
                bytes.append(contentsOf: ": ".utf8)
                member.value.write(to: &bytes, depth: depth + 1)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between open: String, _ close: String, isBroken: Bool, depth: Int,
        to bytes: inout [UInt8], _ writeItem: (Item, inout [UInt8]) -> Void
    ) {
        let breaksLines = isBroken && !items.isEmpty
        bytes.append(contentsOf: open.utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(contentsOf: (breaksLines ? "," : ", ").utf8) }
            if breaksLines { breakLine(depth: depth + 1, to: &bytes) }
            writeItem(item, &bytes)
        }
        if breaksLines { breakLine(depth: depth, to: &bytes) }
        bytes.append(contentsOf: close.utf8)
    }

    private static func breakLine(depth: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    /// `5`, `0.531`, `1e-6`: no needless `.0`, no padded exponent.
    static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        let parts = number.description.split(separator: "e")
        let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
        guard parts.count > 1, let exponent = Int(parts[1]) else { return String(mantissa) }
        return "\(mantissa)e\(exponent)"
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7f:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: #"\u00"#.utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
