import HPMath

/// Numbers as people read them in sentences.
package enum NumberText {
    /// Four significant digits at most: `0.01234`, `1.2e-05` as `1.2e-5`, `1500`.
    package static func short(_ number: Double) -> String {
        guard number.isFinite, number != 0 else { return number == 0 ? "0" : "\(number)" }
        let digits = significant(number)
        let exponent = digits.exponent
        let sign = number < 0 ? "-" : ""
        if exponent < -3 || exponent > 5 {
            return sign + scientific(digits)
        }
        return sign + plain(digits)
    }

    /// The nearest number of three significant digits that is not below, or not above, this one;
    /// one that is within a billionth of such a number becomes that.
    static func rounded(_ number: Double, upwards: Bool) -> Double {
        guard number.isFinite, number != 0 else { return number }
        let exponent = Int(log10(number.magnitude).rounded(.down)) - 2
        let scaled = number / (Double("1e\(exponent)") ?? 1)
        let nearest = scaled.rounded()
        let isThere = (scaled - nearest).magnitude < 1e-9 * nearest.magnitude
        let digits = isThere ? nearest : scaled.rounded(upwards ? .up : .down)
        return Double("\(Int(digits))e\(exponent)") ?? number
    }

    private struct Digits {
        /// Four digits, the first of them not 0.
        var value: Int
        var exponent: Int
    }

    private static func significant(_ number: Double) -> Digits {
        // The shortest digits that give the number back are rounded, not the number: 0.5 and
        // 0.05 then look alike.
        var text = Array(number.magnitude.description.utf8)
        var exponent = 0
        if let e = text.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(String(decoding: text[(e + 1)...], as: UTF8.self)) ?? 0
            text.removeSubrange(e...)
        }
        let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
        var digits = text.filter { $0 != UInt8(ascii: ".") }.map { Int($0) - 48 }
        exponent += point - 1
        while digits.count > 1, digits[0] == 0 {
            digits.removeFirst()
            exponent -= 1
        }
        digits += [0, 0, 0, 0, 0]
        var value = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
        if digits[4] >= 5 { value += 1 }
        if value == 10_000 {
            value = 1000
            exponent += 1
        }
        return Digits(value: value, exponent: exponent)
    }

    private static func scientific(_ digits: Digits) -> String {
        let first = digits.value / 1000
        let rest = trimmed(digits.value % 1000, width: 3)
        return "\(first)\(rest.isEmpty ? "" : "." + rest)e\(digits.exponent)"
    }

    private static func plain(_ digits: Digits) -> String {
        let all = "\(digits.value)"
        if digits.exponent < 0 {
            let zeros = String(repeating: "0", count: -digits.exponent - 1)
            return "0." + zeros + trimmed(digits.value, width: 4)
        }
        if digits.exponent >= 3 {
            return all + String(repeating: "0", count: digits.exponent - 3)
        }
        let whole = all.prefix(digits.exponent + 1)
        let rest = String(all.dropFirst(digits.exponent + 1)).reversed().drop { $0 == "0" }
        return whole + (rest.isEmpty ? "" : "." + String(rest.reversed()))
    }

    private static func trimmed(_ digits: Int, width: Int) -> String {
        let text = "\(digits)"
        let padded = String(repeating: "0", count: max(0, width - text.count)) + text
        return String(String(padded.reversed().drop { $0 == "0" }).reversed())
    }
}
