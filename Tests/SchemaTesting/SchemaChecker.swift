import Foundation

/// A checker of the part of JSON Schema that the shipped schemas use.
package struct SchemaChecker {
    private let root: [String: Any]

    /// Reads `<name>.schema.json` beside a module's sources.
    package init(shipped name: String, of module: String) throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/\(module)/Schemas/\(name).schema.json")
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        guard let root = parsed as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        self.root = root
        try Self.requireKnown(root)
    }

    /// Keywords that limit what is valid; others are refused, so that none is overlooked.
    private static let keywords: Set<String> = [
        "$ref", "anyOf", "oneOf", "type", "const", "enum", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "pattern", "minItems", "maxItems", "uniqueItems",
        "minProperties", "maxProperties", "required", "properties", "additionalProperties",
        "items",
    ]
    private static let annotations: Set<String> = [
        "$schema", "$id", "$defs", "title", "description",
    ]

    private struct UnknownKeyword: Error {
        var keyword: String
    }

    private static func requireKnown(_ schema: [String: Any]) throws {
        for keyword in schema.keys.sorted()
        where !keywords.contains(keyword) && !annotations.contains(keyword) {
            throw UnknownKeyword(keyword: keyword)
        }
        for key in ["properties", "$defs"] {
            for case let member as [String: Any] in (schema[key] as? [String: Any] ?? [:]).values {
                try requireKnown(member)
            }
        }
        for key in ["items", "additionalProperties"] {
            if let member = schema[key] as? [String: Any] { try requireKnown(member) }
        }
        for key in ["anyOf", "oneOf"] {
            for member in schema[key] as? [[String: Any]] ?? [] { try requireKnown(member) }
        }
    }

    /// Every name that the schema gives to a key of a document.
    package var keys: Set<String> { Self.keys(root) }

    private static func keys(_ schema: Any) -> Set<String> {
        if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1)) } }
        guard let schema = schema as? [String: Any] else { return [] }
        var found = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
        for member in (schema["properties"] as? [String: Any] ?? [:]).values {
            found.formUnion(keys(member))
        }
        for (key, member) in schema where key != "properties" { found.formUnion(keys(member)) }
        return found
    }

    /// What is wrong with a document; empty when it is valid.
    package func problems(in document: String) throws -> [String] {
        problems(of: try JSONSerialization.jsonObject(with: Data(document.utf8)))
    }

    /// What is wrong with a parsed document.
    package func problems(of value: Any) -> [String] { problems(value, root, at: "$") }

    private func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        var found: [String] = []
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
                return ["\(path): no definition \(name)"]
            }
            found += problems(value, target, at: path)
        }
        if let alternatives = schema["anyOf"] as? [[String: Any]] {
            let fits = alternatives.contains { problems(value, $0, at: path).isEmpty }
            if !fits { found.append("\(path): fits none of the alternatives") }
        }
        if let alternatives = schema["oneOf"] as? [[String: Any]] {
            let count = alternatives.count { problems(value, $0, at: path).isEmpty }
            if count != 1 { found.append("\(path): fits \(count) of the alternatives, not one") }
        }
        found += typeProblems(value, schema, at: path)
        found += limitProblems(value, schema, at: path)
        if let object = value as? [String: Any] {
            found += memberProblems(object, schema, at: path)
        }
        if let array = value as? [Any] { found += itemProblems(array, schema, at: path) }
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
        if let constant = schema["const"], !Self.isSame(constant, value) {
            found.append("\(path): is not \(constant)")
        }
        if let allowed = schema["enum"] as? [Any],
            !allowed.contains(where: { Self.isSame($0, value) })
        {
            found.append("\(path): is not one of \(allowed)")
        }
        if !Self.isBoolean(value), let number = value as? Double {
            found += numberProblems(number, schema, at: path)
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(path): \(text) does not match \(pattern)")
        }
        return found
    }

    private func numberProblems(
        _ number: Double, _ schema: [String: Any], at path: String
    ) -> [String] {
        let rules: [(keyword: String, breaks: (Double, Double) -> Bool)] = [
            ("minimum", { $0 < $1 }), ("maximum", { $0 > $1 }),
            ("exclusiveMinimum", { $0 <= $1 }), ("exclusiveMaximum", { $0 >= $1 }),
        ]
        return rules.compactMap { rule in
            guard let bound = schema[rule.keyword] as? Double, rule.breaks(number, bound) else {
                return nil
            }
            return "\(path): \(number) breaks \(rule.keyword) \(bound)"
        }
    }

    private func itemProblems(
        _ array: [Any], _ schema: [String: Any], at path: String
    ) -> [String] {
        var found: [String] = []
        if let items = schema["items"] as? [String: Any] {
            for (index, element) in array.enumerated() {
                found += problems(element, items, at: "\(path)[\(index)]")
            }
        }
        if let minimum = schema["minItems"] as? Int, array.count < minimum {
            found.append("\(path): has fewer than \(minimum) items")
        }
        if let maximum = schema["maxItems"] as? Int, array.count > maximum {
            found.append("\(path): has more than \(maximum) items")
        }
        if schema["uniqueItems"] as? Bool == true {
            let isRepeated = array.indices.contains { index in
                array[..<index].contains { Self.isSame($0, array[index]) }
            }
            if isRepeated { found.append("\(path): has an item twice") }
        }
        return found
    }

    private static func isSame(_ value: Any, _ other: Any) -> Bool {
        isBoolean(value) == isBoolean(other)
            && (value as? NSObject)?.isEqual(other as? NSObject) == true
    }

    private func memberProblems(
        _ object: [String: Any], _ schema: [String: Any], at path: String
    ) -> [String] {
        let properties = schema["properties"] as? [String: Any] ?? [:]
        let required = schema["required"] as? [String] ?? []
        var found = required.filter { object[$0] == nil }.map { "\(path): lacks \($0)" }
        if let minimum = schema["minProperties"] as? Int, object.count < minimum {
            found.append("\(path): has fewer than \(minimum) keys")
        }
        if let maximum = schema["maxProperties"] as? Int, object.count > maximum {
            found.append("\(path): has more than \(maximum) keys")
        }
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
