import CKernels
import HPMath
import Testing

@Suite("Kernels: exp, log and tanh")
struct KernelsElementaryTests {
    /// The error in units of the last place of the exact value rounded to single precision.
    static func units(_ value: Float, _ exact: Double) -> Double {
        let rounded = Float(exact)
        if !rounded.isFinite || !value.isFinite { return rounded == value ? 0 : .infinity }
        return (Double(value) - exact).magnitude / Double(rounded.ulp)
    }

    /// Every 65,521st float of both signs: all exponents, all kinds of significand.
    static let sample: [Float] = stride(from: UInt32(0), to: UInt32.max - 65_521, by: 65_521)
        .map { Float(bitPattern: $0) }.filter { !$0.isNaN }

    static func worst(
        _ sample: [Float], _ function: (Float) -> Float, _ exact: (Double) -> Double
    ) -> Double {
        sample.reduce(0) { max($0, units(function($1), exact(Double($1)))) }
    }

    @Test func `exp is within one unit`() {
        #expect(Self.worst(Self.sample, hpk_expf, HPMath.exp) <= 1)
        let dense = (0..<200_000).map { Float($0) * 0.00096 - 104 }
        #expect(Self.worst(dense.filter { $0 < 88.7 }, hpk_expf, HPMath.exp) <= 1)
    }

    @Test func `log is within one unit`() {
        let positive = Self.sample.filter { $0 > 0 }
        #expect(Self.worst(positive, hpk_logf, HPMath.log) <= 1)
        let dense = (0..<200_000).map { 0.5 + Float($0) * 0x1p-17 }
        #expect(Self.worst(dense, hpk_logf, HPMath.log) <= 1)
    }

    @Test func `tanh is within one and a half units`() {
        #expect(Self.worst(Self.sample, hpk_tanhf, HPMath.tanh) <= 1.5)
        let dense = (0..<200_000).map { Float($0) * 0x1p-14 - 6 }
        #expect(Self.worst(dense, hpk_tanhf, HPMath.tanh) <= 1.5)
    }

    @Test func `special values are what they must be`() {
        #expect(hpk_expf(0) == 1 && hpk_expf(-.infinity) == 0 && hpk_expf(.infinity) == .infinity)
        #expect(hpk_expf(88.8) == .infinity && hpk_expf(-104) == 0 && hpk_expf(-100).isSubnormal)
        #expect(hpk_logf(1) == 0 && hpk_logf(0) == -.infinity && hpk_logf(.infinity) == .infinity)
        #expect(hpk_logf(-1).isNaN && hpk_logf(.leastNonzeroMagnitude).isFinite)
        #expect(hpk_tanhf(.infinity) == 1 && hpk_tanhf(-.infinity) == -1)
        #expect(hpk_expf(.nan).isNaN && hpk_logf(.nan).isNaN && hpk_tanhf(.nan).isNaN)
    }

    /// The bits on every machine: part of the engine's revision.
    @Test func `golden bits hold`() {
        #expect(hpk_expf(1).bitPattern == 0x402d_f854)
        #expect(hpk_logf(10).bitPattern == 0x4013_5d8e)
        #expect(hpk_tanhf(0.5).bitPattern == 0x3eec_9a9f)
        #expect(hpk_tanhf(2).bitPattern == 0x3f76_ca83)
    }
}
