import Foundation
import HPReport
import Testing

@Suite struct JSONValueTests {
    @Test func `members keep their order and the top levels have lines of their own`() {
        let document = JSONValue.object([
            "b": .integer(1),
            "a": .array([.object(["y": .null, "x": .boolean(true)]), .texts([])]),
            "empty": .array([]), "none": .object([:]),
            "inner": .object(["k": .array([.number(2)])]),
        ])
        #expect(
            document.documentText() == """
                {
                  "b": 1,
                  "a": [
                    {"y": null, "x": true},
                    []
                  ],
                  "empty": [],
                  "none": {},
                  "inner": {"k": [2]}
                }

                """)
    }

    @Test(
        arguments: [
            (5.0, "5"), (0.531, "0.531"), (1e-6, "1e-6"), (1e20, "1e20"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-0.0, "-0"), (.nan, "null"), (.infinity, "null"), (.leastNonzeroMagnitude, "5e-324"),
        ] as [(Double, String)])
    func `numbers have their shortest digits`(number: Double, text: String) {
        #expect(JSONValue.number(number).documentText() == text + "\n")
    }

    @Test func `every number comes back with the same bits`() throws {
        for number in [0.1, 1.0 / 3, 1e-300, 1.7976931348623157e308, 123_456_789.125, -2.5e-7] {
            let text = JSONValue.array([.number(number)]).documentText()
            let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double]
            #expect(parsed == [number])
        }
    }

    @Test func `the largest seed keeps its digits`() {
        #expect(JSONValue.unsigned(.max).documentText() == "18446744073709551615\n")
    }

    @Test func `a text with anything in it comes back`() throws {
        let text = "a\"b\\c\n\t\r\u{0}\u{1b}\u{7f}é→😀/"
        let document = JSONValue.texts([text]).documentText()
        let parsed = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String]
        #expect(parsed == [text])
        #expect(document.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") })
    }
}
