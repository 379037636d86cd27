import HPMath
import Testing

@testable import HPNet

@Suite("Numbers in tables")
struct DecimalNumberTests {
    private func expectSame(_ text: String) {
        let parsed = TableNumber(Array(text.utf8))
        let expected = Float(text)
        #expect(
            parsed?.float.bitPattern == expected?.bitPattern || (parsed?.float.isNaN == true),
            "`\(text)`")
        #expect(
            parsed?.double.bitPattern == Double(text)?.bitPattern
                || (parsed?.double.isNaN == true), "`\(text)`")
    }

    @Test(arguments: [
        "", "-", "+", ".", "1", "-1", "+1", "1.", ".5", "-.5", "1e", "1e+", "1e5", "1E-5", "1e+05",
        "0", "-0", "0.0", "-0.0e9", "0e999", "1e39", "-1e39", "3.4028235e38", "3.4028236e38",
        "1e-45", "7e-46", "1.17549435e-38", "1.1754943e-38", "16777217", "16777219", "33554435",
        "9007199254740993", "9007199254740992", "1e22", "1e23", "123456789012345678901234567890",
        "1.0000000596046448", "1.00000005960464477539", "1.000000059604644775390625",
        "1.0000000596046447753906251", "0.1", "0.30000001192092896", "1e99999", "1e-99999",
        "1 ", " 1", "1_0", "0x10", "0x1p3", "inf", "-inf", "nan", "infinity", "1e5.5", "1.2.3",
        "--1", "1-", "١", "1e9223372036854775808", "00012", "1,5",
    ])
    func `a text is the number that it is to Swift`(_ text: String) {
        expectSame(text)
    }

    @Test func `random decimals are rounded as Swift rounds them`() {
        var stream = RandomStream(seed: 11, purpose: .sampling)
        for _ in 0..<100_000 {
            let digits = "\(stream.nextUInt64() >> UInt64(stream.next(below: 62)))"
            let dot = stream.next(below: digits.count + 1)
            let whole = digits.prefix(dot)
            let sign = ["", "-", "+"][stream.next(below: 3)]
            let exponent = ["", "e\(stream.next(below: 100) - 50)"][stream.next(below: 2)]
            expectSame("\(sign)\(whole.isEmpty ? "0" : whole).\(digits.dropFirst(dot))0\(exponent)")
        }
    }

    /// What is halfway between two floats, and what is next to it.
    @Test func `halfway points are rounded once`() {
        var stream = RandomStream(seed: 12, purpose: .sampling)
        for _ in 0..<20_000 {
            let float = Float(bitPattern: 0x3000_0000 &+ stream.nextUInt32() >> 3)
            let halfway = (Double(float) + Double(float.nextUp)) / 2
            for double in [halfway.nextDown, halfway, halfway.nextUp] { expectSame("\(double)") }
        }
    }

    @Test func `floats are read back from their shortest text`() {
        var stream = RandomStream(seed: 13, purpose: .sampling)
        for _ in 0..<50_000 {
            let number = Float(bitPattern: stream.nextUInt32())
            guard number.isFinite else { continue }
            #expect(TableNumber(Array("\(number)".utf8))?.float == number)
        }
    }
}
