/// A number as a table's cell gives it.
struct TableNumber {
    /// The text rounded once, equal to `Float(String)`.
    var float: Float
    /// The text rounded once, equal to `Double(String)`.
    var double: Double
    /// Whether another number may have the same float: it has more than six digits, or a float
    /// has no room for its exponent.
    var isWide: Bool

    /// Reads ASCII digits at a fraction of the cost of Swift's own parser for what tables hold.
    ///
    /// - Returns: nil where `Float(String)` is nil.
    init?(_ text: [UInt8]) {
        if let decimal = Decimal(text), let number = decimal.number {
            self = number
            return
        }
        let string = String(decoding: text, as: UTF8.self)
        guard let float = Float(string), let double = Double(string) else { return nil }
        self.float = float
        self.double = double
        isWide = Double(float) != double && Self.isWide(double, float)
    }

    private static func isWide(_ double: Double, _ float: Float) -> Bool {
        guard float.isNormal else { return true }
        // The shortest digits are those of the number, however it was written.
        let digits = "\(double)".utf8.prefix { $0 != UInt8(ascii: "e") }.filter {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        return significant.count - significant.reversed().prefix { $0 == UInt8(ascii: "0") }.count
            > 6
    }

    private init(float: Float, double: Double, isWide: Bool) {
        self.float = float
        self.double = double
        self.isWide = isWide
    }

    fileprivate static func fast(_ float: Float, _ double: Double, digits: UInt64) -> TableNumber {
        TableNumber(
            float: float, double: double,
            isWide: Double(float) != double && hasMany(digits))
    }

    /// More than six, but for zeros at the end.
    private static func hasMany(_ digits: UInt64) -> Bool {
        var digits = digits
        while digits >= 1_000_000 {
            guard digits.isMultiple(of: 10) else { return true }
            digits /= 10
        }
        return false
    }
}

/// ±digits · 10^exponent.
private struct Decimal {
    private var isNegative = false
    private var digits: UInt64 = 0
    private var exponent = 0

    private static let zero = UInt8(ascii: "0")

    /// Powers of ten that doubles hold exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Nil for what is not of the plain form `-12.5e-3` or has too many digits.
    init?(_ text: [UInt8]) {
        // 19 digits fit in 64 bits; beside them a sign, a dot and an exponent.
        guard !text.isEmpty, text.count <= 24 else { return nil }
        var position = 0
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            position = 1
        }
        let wholeCount = readDigits(text, &position)
        var fractionCount = 0
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            fractionCount = readDigits(text, &position)
            // Which of `1.` and `.5` are numbers is not decided here.
            guard fractionCount > 0 else { return nil }
        }
        guard wholeCount > 0, wholeCount + fractionCount <= 19 else { return nil }
        guard let power = Self.power(text, &position), position == text.count else { return nil }
        exponent = power - fractionCount
    }

    private mutating func readDigits(_ text: [UInt8], _ position: inout Int) -> Int {
        let start = position
        while position < text.count {
            let digit = text[position] &- Self.zero
            guard digit < 10 else { break }
            digits = digits &* 10 &+ UInt64(digit)
            position += 1
        }
        return position - start
    }

    /// What follows `e`; 0 where there is none.
    private static func power(_ text: [UInt8], _ position: inout Int) -> Int? {
        guard position < text.count, text[position] | 0x20 == UInt8(ascii: "e") else { return 0 }
        position += 1
        var isNegative = false
        if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == 0x2B {
            isNegative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var power = 0
        while position < text.count, position - start < 4 {
            let digit = text[position] &- zero
            guard digit < 10 else { break }
            power = power * 10 + Int(digit)
            position += 1
        }
        return position == start ? nil : isNegative ? -power : power
    }

    /// Nil where rounding twice, to a double and then to a float, could differ from rounding once.
    ///
    /// Digits below 2⁵³ and powers up to 10²² are exact as doubles, so that their product or
    /// quotient is the number rounded once (Clinger 1990). Halfway points between floats are
    /// doubles: a double that is none lies on the number's own side of all of them.
    var number: TableNumber? {
        guard digits < 1 << 53, exponent.magnitude <= 22 else { return nil }
        let power = Self.powers[Int(exponent.magnitude)]
        let double = exponent < 0 ? Double(digits) / power : Double(digits) * power
        let isHalfway = double.bitPattern & 0x1FFF_FFFF == 0x1000_0000
        let isNormal =
            double >= Double(Float.leastNormalMagnitude)
            && double < Double(Float.greatestFiniteMagnitude)
        guard digits == 0 || (isNormal && !isHalfway) else { return nil }
        let signed = isNegative ? -double : double
        return .fast(Float(signed), signed, digits: digits)
    }
}
