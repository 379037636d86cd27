/// The natural logarithm, within one unit in the last place, with the same bits on every machine.
///
/// x = 2^k·m with m in [√½, √2), and log m from s = f/(2+f), f = m − 1, by the odd polynomial with
/// the Remez coefficients of FreeBSD's msun `e_log.c`.
public func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    let (k, m) = logarithmReduction(x)
    let f = m - 1
    let half = 0.5 * f * f
    return k * lnTwoHigh - ((half - (logarithmTail(f, half: half) + k * lnTwoLow)) - f)
}

/// x = 2^k·m with m in [√½, √2), for x finite and above 0.
func logarithmReduction(_ x: Double) -> (k: Double, m: Double) {
    let k = Double(x.exponent)
    let m = x.significand
    return m > 1.4142135623730951 ? (k + 1, m * 0.5) : (k, m)
}

/// log(1 + f) − (f − f²/2) for 1 + f in [√½, √2), given `half` = f²/2.
func logarithmTail(_ f: Double, half: Double) -> Double {
    let s = f / (2 + f)
    let z = s * s
    var p = 1.479819860511658591e-01
    p = p * z + 1.531383769920937332e-01
    p = p * z + 1.818357216161805012e-01
    p = p * z + 2.222219843214978396e-01
    p = p * z + 2.857142874366239149e-01
    p = p * z + 3.999999999940941908e-01
    p = p * z + 6.666666666666735130e-01
    let r = p * z
    return s * (half + r)
}
