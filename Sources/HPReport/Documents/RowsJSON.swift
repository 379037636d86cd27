import HPSearch

/// Validation rows in JSON, their bits as hexadecimal digits, two for each byte.
enum RowsJSON {
    /// Null where it isn't known which rows are right.
    static func correct(_ rows: RowCorrectness?) -> JSONValue {
        rows.map { .members(members(of: $0)) } ?? .null
    }

    /// Null where it isn't known which rows are right.
    static func crossed(_ crossed: CrossedCorrectness?) -> JSONValue {
        guard let crossed else { return .null }
        let outside = JSONValue.array(crossed.rightOutside.map(JSONValue.integer))
        return .members(
            members(of: crossed.rows) + [JSONValue.Member("right_outside", outside)])
    }

    private static func members(of rows: RowCorrectness) -> [JSONValue.Member] {
        let digits = Array("0123456789abcdef")
        let hex = rows.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return [
            JSONValue.Member("count", .integer(rows.count)),
            JSONValue.Member("hex", .text(String(hex))),
        ]
    }
}
