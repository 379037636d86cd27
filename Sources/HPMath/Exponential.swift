/// The exponential function, within one unit in the last place, with the same bits on every
/// machine.
///
/// x = k·ln 2 + r with |r| ≤ ln(2)/2, ln 2 split in two parts of which the first has 21 trailing
/// zero bits (Cody and Waite 1980), and exp(r) from the rational approximation with the Remez
/// coefficients of FreeBSD's msun `e_exp.c`.
public func exp(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x > 709.782712893384 { return .infinity }
    if x < -745.133219101941 { return 0 }
    let k = (x * 1.4426950408889634).rounded()
    let high = x - k * lnTwoHigh
    let low = k * lnTwoLow
    let r = high - low
    let t = r * r
    var p = 4.13813679705723846039e-08
    p = p * t - 1.65339022054652515390e-06
    p = p * t + 6.61375632143793436117e-05
    p = p * t - 2.77777777770155933842e-03
    p = p * t + 1.66666666666666019037e-01
    let c = r - t * p
    let y = 1 - ((low - (r * c) / (2 - c)) - high)
    // Two steps: 2^k alone may be out of range where the product is not.
    let exponent = Int(k)
    let half = exponent / 2
    return y * powerOfTwo(half) * powerOfTwo(exponent - half)
}

private func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
}

/// ln 2 rounded to 32 significant bits, so that its product with an exponent is exact.
let lnTwoHigh = 6.93147180369123816490e-01
/// ln 2 − `lnTwoHigh`.
let lnTwoLow = 1.90821492927058770002e-10
