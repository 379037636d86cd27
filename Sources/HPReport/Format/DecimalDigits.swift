/// The shortest decimal digits of a number: 0.d₁d₂d₃... × 10^`pointPosition`.
struct DecimalDigits {
    private(set) var isNegative: Bool
    /// From 0 to 9 each, without leading or trailing zeros; empty for zero.
    private(set) var digits: [UInt8]
    /// Digits before the decimal point; negative when zeros follow it.
    var pointPosition: Int

    /// - Precondition: `number` is finite.
    init(_ number: Double) {
        precondition(number.isFinite, "only finite numbers have digits")
        let parts = number.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        isNegative = number.sign == .minus
        digits = mantissa.joined().utf8.map { $0 - UInt8(ascii: "0") }
        pointPosition = mantissa[0].utf8.count + exponent
        normalize()
    }

    var isZero: Bool { digits.isEmpty }

    /// Keeps the first `count` digits, rounded half away from zero; none when `count` is negative.
    mutating func round(toCount count: Int) {
        guard count < digits.count else { return }
        guard count >= 0 else {
            digits = []
            return normalize()
        }
        let roundsUp = digits[count] >= 5
        digits.removeSubrange(count...)
        if roundsUp { incrementLast() }
        normalize()
    }

    /// The magnitude with exactly this many decimals, cut where there are more digits.
    func fixedText(decimals: Int) -> String {
        var bytes: [UInt8] = []
        for position in 0..<max(pointPosition, 1) {
            bytes.append(digitByte(at: position, below: pointPosition))
        }
        guard decimals > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(UInt8(ascii: "."))
        for offset in 0..<decimals {
            bytes.append(digitByte(at: pointPosition + offset, below: .max))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func digitByte(at position: Int, below end: Int) -> UInt8 {
        let isDigit = position < end && digits.indices.contains(position)
        return UInt8(ascii: "0") + (isDigit ? digits[position] : 0)
    }

    /// Adds one unit of the last digit kept.
    private mutating func incrementLast() {
        var index = digits.count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            digits[index] += 1
        } else {
            digits.insert(1, at: 0)
            pointPosition += 1
        }
    }

    private mutating func normalize() {
        let leadingZeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leadingZeros)
        pointPosition -= leadingZeros
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { pointPosition = 0 }
    }
}
