import Foundation
import Testing

@testable import HPMath

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

    @Test func `log10 is within one unit of the C library's and exact at powers of ten`() {
        var stream = RandomStream(seed: 3, purpose: .sampling)
        for _ in 0..<200_000 {
            let x = Double(bitPattern: stream.nextUInt64() >> 1)
            guard x.isFinite, x > 0 else { continue }
            #expect(unitsApart(HPMath.log10(x), Foundation.log10(x)) <= 1)
        }
        var power = 1.0
        for exponent in 0...22 {
            #expect(HPMath.log10(power) == Double(exponent))
            power *= 10
        }
    }

    /// The C library's tanh is itself up to two units off.
    @Test func `tanh and erf are within three units of the C library's and odd`() {
        var stream = RandomStream(seed: 4, purpose: .sampling)
        for _ in 0..<200_000 {
            let sign = stream.nextUnit() < 0.5 ? -1.0 : 1
            let x = sign * HPMath.exp((stream.nextUnit() - 0.8) * 16)
            #expect(unitsApart(HPMath.tanh(x), Foundation.tanh(x)) <= 3)
            #expect(unitsApart(HPMath.erf(x), Foundation.erf(x)) <= 3)
            #expect(HPMath.tanh(-x) == -HPMath.tanh(x))
            #expect(HPMath.erf(-x) == -HPMath.erf(x))
        }
    }

    @Test func `exp(x) - 1 loses nothing near 0`() {
        var stream = RandomStream(seed: 5, purpose: .sampling)
        for _ in 0..<200_000 {
            let sign = stream.nextUnit() < 0.5 ? -1.0 : 1
            let x = sign * HPMath.exp((stream.nextUnit() - 0.9) * 37)
            guard x.magnitude <= 44 else { continue }
            #expect(unitsApart(exponentialMinusOne(x), Foundation.expm1(x)) <= 1)
        }
    }

    @Test func `special values are what they must be`() {
        #expect(HPMath.tanh(.infinity) == 1 && HPMath.tanh(-.infinity) == -1)
        #expect(HPMath.tanh(.nan).isNaN && HPMath.erf(.nan).isNaN && HPMath.log10(.nan).isNaN)
        #expect(HPMath.tanh(-0.0).sign == .minus && HPMath.erf(-0.0).sign == .minus)
        #expect(HPMath.erf(.infinity) == 1 && HPMath.erf(-.infinity) == -1)
        #expect(HPMath.log10(0) == -.infinity && HPMath.log10(.infinity) == .infinity)
        #expect(HPMath.log10(-1).isNaN)
        #expect(HPMath.exp(-745).isSubnormal && HPMath.exp(-746) == 0)
        #expect(HPMath.log(.leastNonzeroMagnitude) == -744.4400719213812)
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
        #expect(HPMath.log10(2).bitPattern == 0x3fd3_4413_509f_79ff)
        #expect(HPMath.tanh(0.5).bitPattern == 0x3fdd_9353_d756_8af3)
        #expect(HPMath.erf(0.5).bitPattern == 0x3fe0_a7ef_5c18_edd2)
        #expect(HPMath.erf(2).bitPattern == 0x3fef_d9ae_1427_95e3)
        #expect(normalQuantile(0.001).bitPattern == 0xc008_b8cb_b720_4470)
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
