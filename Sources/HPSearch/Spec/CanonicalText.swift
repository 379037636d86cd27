/// A value of a resolved spec, written in one way only: keys sorted, numbers as the shortest
/// digits that give the same number back.
indirect enum CanonicalValue {
    case boolean(Bool)
    case integer(Int)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([CanonicalValue])
    case mapping([(key: String, value: CanonicalValue)])

    init(_ value: ParameterValue) {
        switch value {
        case .boolean(let boolean): self = .boolean(boolean)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .list(let values): self = .list(values.map { CanonicalValue($0) })
        case .inactive: preconditionFailure("a spec has no inactive values")
        }
    }

    /// A value of a parameter as its reader takes it: what prepares examples is written as under
    /// `data`.
    init(_ value: ParameterValue, of parameter: String) {
        if case .list(let steps) = value, EngineSetting(rawValue: parameter) == .preprocessing {
            self = .list(
                steps.compactMap { DataSpec.Preprocessing(value: $0)?.canonical })
        } else {
            self.init(value)
        }
    }

    /// JSON without blanks.
    var json: String {
        switch self {
        case .boolean(let boolean): return boolean ? "true" : "false"
        case .integer(let integer): return "\(integer)"
        case .unsigned(let integer): return "\(integer)"
        case .number(let number): return "\(number)"
        case .text(let text): return Self.quoted(text)
        case .list(let values): return "[" + values.map(\.json).joined(separator: ",") + "]"
        case .mapping(let entries):
            let members = entries.sorted { $0.key < $1.key }.map { entry in
                Self.quoted(entry.key) + ":" + entry.value.json
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    /// YAML in flow style, the entries in the order given.
    var flow: String {
        switch self {
        case .list(let values): "[" + values.map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + "}"
        case .text(let text): Self.isPlain(text) ? text : Self.quoted(text)
        case .boolean, .integer, .unsigned, .number: json
        }
    }

    /// Whether YAML reads the text as that text without quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first > UInt8(ascii: "9") else { return false }
        return !["true", "false", "null"].contains(text.lowercased())
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._-/".utf8.contains(byte)
                }
            }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where mustBeEscaped(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// What YAML does not read in a text: control characters, other ends of lines, marks of the
    /// byte order.
    private static func mustBeEscaped(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}
