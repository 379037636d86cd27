import Foundation
import HPMath
import Testing

@Suite("Elementary functions")
struct ElementaryTests {
    /// The C library rounds these correctly nearly always: a difference of one unit shows an
    /// error of at most one and a half.
    private func unitsApart(_ value: Double, _ reference: Double) -> Double {
        (value - reference).magnitude / reference.ulp
    }

    @Test func `exp is within one unit of the C library's`() {
        var stream = RandomStream(seed: 1, purpose: .sampling)
        for _ in 0..<200_000 {
            let x = (stream.nextUnit() - 0.5) * 1400
            #expect(unitsApart(HPMath.exp(x), Foundation.exp(x)) <= 1)
        }
    }

    @Test func `log is within one unit of the C library's`() {
        var stream = RandomStream(seed: 2, purpose: .sampling)
        for _ in 0..<200_000 {
            let x = Double(bitPattern: stream.nextUInt64() >> 1)
            guard x.isFinite, x > 0 else { continue }
            #expect(unitsApart(HPMath.log(x), Foundation.log(x)) <= 1)
        }
    }

    @Test func `special values are what they must be`() {
        #expect(HPMath.exp(0) == 1)
        #expect(HPMath.exp(.infinity) == .infinity)
        #expect(HPMath.exp(-.infinity) == 0)
        #expect(HPMath.exp(.nan).isNaN)
        #expect(HPMath.log(1) == 0)
        #expect(HPMath.log(0) == -.infinity)
        #expect(HPMath.log(-1).isNaN)
        #expect(HPMath.log(.infinity) == .infinity)
    }

    /// The bits on every machine and in every build mode.
    @Test func `golden bits hold`() {
        #expect(HPMath.exp(1).bitPattern == 0x4005_bf0a_8b14_576a)
        #expect(HPMath.log(10).bitPattern == 0x4002_6bb1_bbb5_5516)
    }

    /// Values of the normal quantile as tabulated to 16 digits by Wichura.
    @Test(arguments: [
        (0.25, -0.6744897501960817), (0.001, -3.090232306167814), (1e-20, -9.262340089798408),
        (0.975, 1.959963984540054),
    ])
    func `the normal quantile agrees with tables`(p: Double, expected: Double) {
        #expect((normalQuantile(p) - expected).magnitude <= 4e-15 * expected.magnitude)
    }
}
