/// The sine, within one unit in the last place, with the same bits on every machine.
///
/// - Precondition: |x| ≤ 2²⁰; of infinity and NaN it is NaN.
public func sin(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    // The reduction would lose the sign of a negative zero.
    guard x != 0 else { return x }
    let (quadrant, r) = reduced(x)
    switch quadrant {
    case 0: return sineKernel(r)
    case 1: return cosineKernel(r)
    case 2: return -sineKernel(r)
    default: return -cosineKernel(r)
    }
}

/// The cosine, within one unit in the last place, with the same bits on every machine.
///
/// - Precondition: |x| ≤ 2²⁰; of infinity and NaN it is NaN.
public func cos(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let (quadrant, r) = reduced(x)
    switch quadrant {
    case 0: return cosineKernel(r)
    case 1: return -sineKernel(r)
    case 2: return -cosineKernel(r)
    default: return sineKernel(r)
    }
}

/// A number with what rounding took from it: `high` + `low`.
private struct Remainder {
    var high: Double
    var low: Double
}

/// x = k·π/2 + r with |r| ≤ π/4: k modulo 4, and r.
///
/// π/2 is split in four parts (Cody and Waite 1980), the first three of 33 bits, so that their
/// products with k are exact up to k = 2²⁰; r keeps some 100 bits of π's, enough beside the
/// multiples of π/2 that doubles come nearest to.
private func reduced(_ x: Double) -> (quadrant: Int, r: Remainder) {
    precondition(x.magnitude <= 0x1p20, "an angle lies within 2^20")
    let k = (x * 0.6366197723675814).rounded()
    let first = x - k * 1.57079632673412561417e+00
    let part = k * 6.07710050630396597660e-11
    // The difference and its error (Knuth's two-sum).
    let difference = first - part
    let taken = first - difference
    let error = (first - (difference + taken)) + (taken - part)
    let low = (error - k * 2.02226624871116645580e-21) - k * 8.47842766036889956997e-32
    let high = difference + low
    return (Int(k) & 3, Remainder(high: high, low: (difference - high) + low))
}

/// Odd polynomial with the Remez coefficients of FreeBSD's msun `k_sin.c`.
private func sineKernel(_ r: Remainder) -> Double {
    let x = r.high
    let t = x * x
    var p = 1.58969099521155010221e-10
    p = p * t - 2.50507602534068634195e-08
    p = p * t + 2.75573137070700676789e-06
    p = p * t - 1.98412698298579493134e-04
    p = p * t + 8.33333333332248946124e-03
    let cube = t * x
    let tail = t * (0.5 * r.low - cube * p) - r.low
    return x - (tail + cube * 1.66666666666666324348e-01)
}

/// Even polynomial with the Remez coefficients of FreeBSD's msun `k_cos.c`.
private func cosineKernel(_ r: Remainder) -> Double {
    let x = r.high
    let t = x * x
    var p = -1.13596475577881948265e-11
    p = p * t + 2.08757232129817482790e-09
    p = p * t - 2.75573143513906633035e-07
    p = p * t + 2.48015872894767294178e-05
    p = p * t - 1.38888888888741095749e-03
    p = p * t + 4.16666666666666019037e-02
    let half = 0.5 * t
    let rest = 1 - half
    return rest + (((1 - rest) - half) + (t * (t * p) - x * r.low))
}
