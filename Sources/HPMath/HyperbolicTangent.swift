/// The hyperbolic tangent, within three units in the last place of the C library, odd, with the
/// same bits on every machine.
///
/// −t/(t + 2) with t = exp(−2|x|) − 1 below 1, and 1 − 2/(t + 2) with t = exp(2|x|) − 1 from there,
/// after FreeBSD's msun `s_tanh.c`.
public func tanh(_ x: Double) -> Double {
    let magnitude = x.magnitude
    if x.isNaN { return .nan }
    if magnitude < 0x1p-28 { return x }
    let result: Double
    if magnitude >= 22 {
        result = 1
    } else if magnitude >= 1 {
        result = 1 - 2 / (exponentialMinusOne(2 * magnitude) + 2)
    } else {
        let t = exponentialMinusOne(-2 * magnitude)
        result = -t / (t + 2)
    }
    return x < 0 ? -result : result
}

/// exp(x) − 1 without cancellation, within one unit in the last place.
///
/// The reduction of `exp` with its rounding error c carried along, and the rational approximation
/// with the Remez coefficients of FreeBSD's msun `s_expm1.c`.
///
/// - Precondition: 2⁻⁵⁴ ≤ |x| ≤ 44, the range that `tanh` needs.
func exponentialMinusOne(_ x: Double) -> Double {
    precondition(x.magnitude >= 0x1p-54 && x.magnitude <= 44, "exp(x) - 1 is for 2^-54 to 44")
    let k = (x * 1.4426950408889634).rounded()
    let high = x - k * lnTwoHigh
    let low = k * lnTwoLow
    let r = high - low
    let c = (high - r) - low
    let halved = 0.5 * r
    let square = r * halved
    var p = -2.01099218183624371326e-07
    p = p * square + 4.00821782732936239552e-06
    p = p * square - 7.93650757867487942473e-05
    p = p * square + 1.58730158725481460165e-03
    p = p * square - 3.33333333333331316428e-02
    p = p * square + 1
    let t = 3 - p * halved
    let e = square * ((p - t) / (6 - r * t))
    if k == 0 { return r - (r * e - square) }
    return scaled(r, error: (r * (e - c) - c) - square, k: Int(k))
}

/// 2^k·(1 + r − error) − 1, added up in the order that loses least.
private func scaled(_ r: Double, error: Double, k: Int) -> Double {
    let power = Double(sign: .plus, exponent: k, significand: 1)
    let inverse = Double(sign: .plus, exponent: -k, significand: 1)
    switch k {
    case -1: return 0.5 * (r - error) - 0.5
    case 1: return r < -0.25 ? -2 * (error - (r + 0.5)) : 1 + 2 * (r - error)
    case ...(-2), 57...: return (1 - (error - r)) * power - 1
    case 2..<20: return ((1 - inverse) - (error - r)) * power
    default: return ((r - (error + inverse)) + 1) * power
    }
}
