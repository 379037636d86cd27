import Foundation

/// A checker of the part of JSON Schema that the shipped schemas use.
struct SchemaChecker {
    private let root: [String: Any]

    /// Reads `<name>.schema.json` beside the sources.
    init(shipped name: String) throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/HPReport/Schemas/\(name).schema.json")
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        guard let root = parsed as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        self.root = root
    }

    /// What is wrong with a document; empty when it is valid.
    func problems(in document: String) throws -> [String] {
        let value = try JSONSerialization.jsonObject(with: Data(document.utf8))
        return problems(value, root, at: "$")
    }

    private func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        var schema = schema
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let found = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
                return ["\(path): no definition \(name)"]
            }
            schema = found
        }
        var found: [String] = []
        if let alternatives = schema["anyOf"] as? [[String: Any]] {
            let fits = alternatives.contains { problems(value, $0, at: path).isEmpty }
            if !fits { found.append("\(path): fits none of the alternatives") }
        }
        found += typeProblems(value, schema, at: path)
        found += limitProblems(value, schema, at: path)
        if let object = value as? [String: Any] {
            found += memberProblems(object, schema, at: path)
        }
        if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, element) in array.enumerated() {
                found += problems(element, items, at: "\(path)[\(index)]")
            }
        }
        return found
    }

    private func typeProblems(
        _ value: Any, _ schema: [String: Any], at path: String
    ) -> [String] {
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
        if types.isEmpty || types.contains(where: { Self.is(value, $0) }) { return [] }
        return ["\(path): \(value) is no \(types.joined(separator: " or "))"]
    }

    private func limitProblems(
        _ value: Any, _ schema: [String: Any], at path: String
    ) -> [String] {
        var found: [String] = []
        if let constant = schema["const"] as? String, value as? String != constant {
            found.append("\(path): is not \(constant)")
        }
        if let allowed = schema["enum"] as? [Any] {
            let texts = allowed.map { $0 as? String }
            if !texts.contains(value as? String) { found.append("\(path): is not one of \(texts)") }
        }
        if let minimum = schema["minimum"] as? Double, !(value is NSNull),
            let number = value as? Double, number < minimum
        {
            found.append("\(path): \(number) is below \(minimum)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(path): \(text) does not match \(pattern)")
        }
        return found
    }

    private func memberProblems(
        _ object: [String: Any], _ schema: [String: Any], at path: String
    ) -> [String] {
        let properties = schema["properties"] as? [String: Any] ?? [:]
        let required = schema["required"] as? [String] ?? []
        var found = required.filter { object[$0] == nil }.map { "\(path): lacks \($0)" }
        for (name, member) in object.sorted(by: { $0.key < $1.key }) {
            if let known = properties[name] as? [String: Any] {
                found += problems(member, known, at: "\(path).\(name)")
            } else if let other = schema["additionalProperties"] as? [String: Any] {
                found += problems(member, other, at: "\(path).\(name)")
            } else if schema["additionalProperties"] as? Bool == false {
                found.append("\(path): \(name) is unknown")
            }
        }
        return found
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": isBoolean(value)
        case "number": value is NSNumber && !isBoolean(value)
        case "integer":
            !isBoolean(value) && (value as? Double).map { $0.rounded() == $0 } == true
        default: false
        }
    }

    /// Foundation parses both into `NSNumber`; only a boolean is one character wide.
    private static func isBoolean(_ value: Any) -> Bool {
        guard let number = value as? NSNumber else { return false }
        return String(cString: number.objCType) == "c"
    }
}
