/// The logarithm to base 10, within one unit in the last place, with the same bits on every
/// machine.
///
/// x = 2^k·m as for `log`; log(m) as an unevaluated sum of which the first part has 32 trailing
/// zero bits, times 1/ln 10 in two parts, after FreeBSD's msun `e_log10.c`. Exact at the powers
/// of ten that a `Double` holds exactly.
public func log10(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    let (k, m) = logarithmReduction(x)
    let f = m - 1
    let half = 0.5 * f * f
    let high = withoutLowWord(f - half)
    let low = (f - high) - half + logarithmTail(f, half: half)
    let whole = k * log10OfTwoHigh
    let large = high * inverseLnTenHigh
    let small = k * log10OfTwoLow + (low + high) * inverseLnTenLow + low * inverseLnTenHigh
    let sum = whole + large
    return (small + ((whole - sum) + large)) + sum
}

/// x with the low 32 bits of its significand cleared, so that a product of two such is exact.
func withoutLowWord(_ x: Double) -> Double {
    Double(bitPattern: x.bitPattern & 0xffff_ffff_0000_0000)
}

private let inverseLnTenHigh = 4.34294481878168880939e-01
private let inverseLnTenLow = 2.50829467116452752298e-11
private let log10OfTwoHigh = 3.01029995663611771306e-01
private let log10OfTwoLow = 3.69423907715893078616e-13
