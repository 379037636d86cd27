import HPReport
import Testing

@Suite struct NumberFormatTests {
    @Test(
        arguments: [
            (0.412, 6, "0.412000"), (0.0, 2, "0.00"), (-0.0, 2, "0.00"), (1.0, 0, "1"),
            (0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (1.005, 2, "1.01"), (0.994, 2, "0.99"),
            (0.995, 2, "1.00"), (9.9999, 3, "10.000"), (0.7, 0, "1"), (0.4, 0, "0"),
            (0.05, 1, "0.1"),
            (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (0.0005, 1, "0.0"), (1e-300, 4, "0.0000"),
            (123_456.789, 1, "123456.8"), (1e21, 1, "1000000000000000000000.0"),
            (.leastNonzeroMagnitude, 2, "0.00"),
            (.nan, 2, "nan"), (.infinity, 2, "inf"), (-.infinity, 2, "-inf"),
        ] as [(Double, Int, String)])
    func `fixed decimals round half away from zero`(number: Double, decimals: Int, text: String) {
        #expect(NumberFormat.fixed(number, decimals: decimals) == text)
    }

    @Test(
        arguments: [
            (0.40978, 4, "0.4098"), (12.345, 4, "12.35"), (12_345.6, 4, "12346"), (0.0, 4, "0.000"),
            (9.9996, 4, "10.00"), (0.0004, 4, "0.0004000"), (-2.0, 3, "-2.00"),
            (99_999.5, 4, "100000"),
            (.nan, 4, "nan"),
        ] as [(Double, Int, String)])
    func `significant digits never cut before the point`(
        number: Double, digits: Int, text: String
    ) {
        #expect(NumberFormat.significant(number, digits: digits) == text)
    }

    @Test(
        arguments: [
            (1.405206e-4, 6, 2, "1.405206e-04"), (0.4793564, 6, 2, "4.793564e-01"),
            (1200.424, 6, 2, "1.200424e+03"), (0.0, 3, 2, "0.000e+00"), (0.0, 3, 1, "0.000e0"),
            (9.9999e-5, 2, 1, "1.00e-4"), (-1.5e300, 1, 2, "-1.5e+300"),
            (.leastNonzeroMagnitude, 1, 1, "5.0e-324"),
            (7.0, 0, 1, "7e0"), (1.7976931348623157e308, 2, 1, "1.80e308"),
            (.infinity, 2, 2, "inf"),
        ] as [(Double, Int, Int, String)])
    func `scientific notation is that of printf`(
        number: Double, decimals: Int, exponentDigits: Int, text: String
    ) {
        #expect(
            NumberFormat.scientific(number, decimals: decimals, exponentDigits: exponentDigits)
                == text)
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (1e-6, "1e-6"), (1e5, "1e5"), (99_999.0, "99999"),
            (0.00123456, "0.001235"),
            (1.23456e-7, "1.235e-7"), (0.0, "0"), (-0.5, "-0.5"), (100.0, "100"), (2.0, "2"),
            (-1e-4, "-1e-4"),
        ] as [(Double, String)])
    func `short numbers carry no needless digits`(number: Double, text: String) {
        #expect(NumberFormat.short(number) == text)
    }

    @Test(
        arguments: [
            (0.0, "0.0s"), (3.24, "3.2s"), (9.949, "9.9s"), (9.96, "10s"), (59.4, "59s"),
            (59.6, "1m00s"), (65.0, "1m05s"), (3599.6, "1h00m"), (3600.0, "1h00m"),
            (7380.0, "2h03m"),
            (-1.0, "0.0s"), (1e20, "1.0e20s"), (.nan, "nan"),
        ] as [(Double, String)])
    func `durations name two units at most`(seconds: Double, text: String) {
        #expect(NumberFormat.duration(seconds: seconds) == text)
    }
}
