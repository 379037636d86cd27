import Foundation
import HPMath
import Testing

@Suite("Sine and cosine")
struct TrigonometryTests {
    /// The C library's are within 0.55 units: a difference of one unit shows an error of at most
    /// one and a half.
    private func unitsApart(_ value: Double, _ reference: Double) -> Double {
        (value - reference).magnitude / reference.ulp
    }

    private func expectClose(_ x: Double) {
        #expect(unitsApart(HPMath.sin(x), Foundation.sin(x)) <= 1, "sin(\(x))")
        #expect(unitsApart(HPMath.cos(x), Foundation.cos(x)) <= 1, "cos(\(x))")
    }

    @Test(arguments: [1.0, 10, 1000, 0x1p20])
    func `both are within one unit of the C library's up to a bound`(_ bound: Double) {
        var stream = RandomStream(seed: 8, purpose: .sampling)
        for _ in 0..<50_000 { expectClose((2 * stream.nextUnit() - 1) * bound) }
    }

    @Test func `beside multiples of a quarter turn nothing is lost`() {
        for k in stride(from: 1.0, through: 600_000, by: 601) {
            let near = k * (Double.pi / 2)
            for x in [near.nextDown, near, near.nextUp] { expectClose(x) }
        }
    }

    @Test func `sine is odd, cosine even, and small angles are their own sine`() {
        var stream = RandomStream(seed: 9, purpose: .sampling)
        for _ in 0..<10_000 {
            let x = stream.nextUnit() * 100
            #expect(HPMath.sin(-x) == -HPMath.sin(x))
            #expect(HPMath.cos(-x) == HPMath.cos(x))
        }
        for x in [0, 1e-300, 1e-9, Double.leastNonzeroMagnitude] {
            #expect(HPMath.sin(x) == x)
            #expect(HPMath.cos(x) == 1)
        }
        #expect(HPMath.sin(-0.0).sign == .minus)
    }

    @Test func `of infinity and NaN both are NaN`() {
        for x in [Double.infinity, -.infinity, .nan] {
            #expect(HPMath.sin(x).isNaN && HPMath.cos(x).isNaN)
        }
    }

    /// The bits on every machine and in every build mode.
    @Test func `golden bits hold`() {
        #expect(HPMath.sin(1) == 0.8414709848078965)
        #expect(HPMath.cos(1) == 0.5403023058681398)
        #expect(HPMath.sin(Double.pi) == 1.2246467991473532e-16)
        #expect(HPMath.cos(1_000_000) == 0.9367521275331447)
    }
}
