/// Numbers as people read them, without a C library: the same text on every machine.
///
/// What is rounded are the shortest digits that give the number back (`Double.description`), half
/// away from zero: 1.005 at two decimals is 1.01, as its reader expects, though its bits lie below.
package enum NumberFormat {
    /// `number` with exactly this many decimals: 0.412 at 6 is `0.412000`.
    ///
    /// - Precondition: `decimals >= 0`.
    package static func fixed(_ number: Double, decimals: Int) -> String {
        precondition(decimals >= 0, "decimals must not be negative")
        guard number.isFinite else { return special(number) }
        var decimal = DecimalDigits(number)
        decimal.round(toCount: decimal.pointPosition + decimals)
        return sign(decimal) + decimal.fixedText(decimals: decimals)
    }

    /// `number` without an exponent, with this many significant digits or all before the point.
    ///
    /// - Precondition: `digits >= 1`.
    package static func significant(_ number: Double, digits: Int) -> String {
        precondition(digits >= 1, "a number needs at least one digit")
        guard number.isFinite else { return special(number) }
        var decimal = DecimalDigits(number)
        decimal.round(toCount: max(digits, decimal.pointPosition))
        let decimals = max(0, digits - (decimal.isZero ? 1 : decimal.pointPosition))
        return sign(decimal) + decimal.fixedText(decimals: decimals)
    }

    /// `number` as one digit, this many decimals, and an exponent of at least so many digits:
    /// `1.405206e-04` at 6 and 2.
    ///
    /// - Precondition: `decimals >= 0`.
    package static func scientific(
        _ number: Double, decimals: Int, exponentDigits: Int = 1
    ) -> String {
        precondition(decimals >= 0, "decimals must not be negative")
        guard number.isFinite else { return special(number) }
        var decimal = DecimalDigits(number)
        decimal.round(toCount: 1 + decimals)
        let exponent = decimal.isZero ? 0 : decimal.pointPosition - 1
        let padding = String(
            repeating: "0", count: max(0, exponentDigits - String(exponent.magnitude).count))
        let exponentSign = exponent < 0 ? "-" : exponentDigits > 1 ? "+" : ""
        decimal.pointPosition = decimal.isZero ? 0 : 1
        return sign(decimal) + decimal.fixedText(decimals: decimals)
            + "e\(exponentSign)\(padding)\(exponent.magnitude)"
    }

    /// At most `digits` significant digits, no trailing zeros, an exponent where that is shorter
    /// to read: `0.1`, `1e-6`, `1.2e5`.
    package static func short(_ number: Double, digits: Int = 4) -> String {
        guard number.isFinite else { return special(number) }
        if number.isZero { return "0" }
        if prefersExponent(number) {
            let text = scientific(number, decimals: digits - 1)
            let parts = text.split(separator: "e")
            return trimmingZeros(String(parts[0])) + "e" + parts[1]
        }
        return trimmingZeros(significant(number, digits: digits))
    }

    /// Whether a number reads better with an exponent: below 0.001, or from 100,000 on.
    package static func prefersExponent(_ number: Double) -> Bool {
        guard number.isFinite, !number.isZero else { return false }
        return number.magnitude < 1e-3 || number.magnitude >= 1e5
    }

    /// Seconds as `3.2s`, `1m05s` or `2h03m`.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return special(seconds) }
        guard seconds < 1e15 else { return scientific(seconds, decimals: 1) + "s" }
        if seconds < 9.95 { return fixed(max(0, seconds), decimals: 1) + "s" }
        if seconds < 59.5 { return fixed(seconds, decimals: 0) + "s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60)m\(twoDigits(whole % 60))s" }
        let minutes = (whole + 30) / 60
        return "\(minutes / 60)h\(twoDigits(minutes % 60))m"
    }

    /// Bytes as `512 B`, `3.2 MiB` or `1.1 GiB`.
    static func bytes(_ count: Int) -> String {
        var amount = Double(count)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while amount >= 1024, unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        return fixed(amount, decimals: unit == 0 || amount >= 99.95 ? 0 : 1) + " " + units[unit]
    }

    private static func sign(_ decimal: DecimalDigits) -> String {
        decimal.isNegative && !decimal.isZero ? "-" : ""
    }

    private static func special(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        return number < 0 ? "-inf" : "inf"
    }

    private static func trimmingZeros(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
        var kept = Substring(text)
        while kept.last == "0" { kept.removeLast() }
        if kept.last == "." { kept.removeLast() }
        return String(kept)
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
