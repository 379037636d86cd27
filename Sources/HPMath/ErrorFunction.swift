/// The error function 2/√π·∫₀ˣ exp(−t²) dt, within two units in the last place, odd, with the same
/// bits on every machine.
///
/// Rational approximations on four intervals with the Remez coefficients of FreeBSD's msun
/// `s_erf.c`.
public func erf(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    let magnitude = x.magnitude
    if magnitude < 0x1p-28 { return x + nearFactor * x }
    if magnitude < 0.84375 {
        let z = x * x
        return x + x * (horner(z, nearNumerator) / horner(z, nearDenominator))
    }
    let result = magnitude >= 6 ? 1 : awayFromZero(magnitude)
    return x < 0 ? -result : result
}

/// erf(x) for x from 0.84375 to 6.
private func awayFromZero(_ x: Double) -> Double {
    if x < 1.25 {
        let s = x - 1
        return erfOfOne + horner(s, oneNumerator) / horner(s, oneDenominator)
    }
    let s = 1 / (x * x)
    let correction =
        x < 1 / 0.35
        ? horner(s, middleNumerator) / horner(s, middleDenominator)
        : horner(s, farNumerator) / horner(s, farDenominator)
    // exp(−x²) from the exact square of x's high half and the small rest.
    let z = withoutLowWord(x)
    let tail = exp(-z * z - 0.5625) * exp((z - x) * (z + x) + correction)
    return 1 - tail / x
}

/// Horner's rule, the lowest coefficient first.
private func horner(_ x: Double, _ coefficients: [Double]) -> Double {
    var value = 0.0
    for coefficient in coefficients.reversed() { value = coefficient + x * value }
    return value
}

/// 2/√π − 1.
private let nearFactor = 1.28379167095512586316e-01
/// erf(1) rounded to single precision.
private let erfOfOne = 8.45062911510467529297e-01
private let nearNumerator = [
    1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
    -5.77027029648944159157e-03, -2.37630166566501626084e-05,
]
private let nearDenominator = [
    1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
    1.32494738004321644526e-04, -3.96022827877536812320e-06,
]
private let oneNumerator = [
    -2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
    3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
    -2.16637559486879084300e-03,
]
private let oneDenominator = [
    1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
    1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
]
private let middleNumerator = [
    -9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
    -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
    -8.12874355063065934246e+01, -9.81432934416914548592e+00,
]
private let middleDenominator = [
    1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
    6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
    6.57024977031928170135e+00, -6.04244152148580987438e-02,
]
private let farNumerator = [
    -9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
    -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
    -4.83519191608651397019e+02,
]
private let farDenominator = [
    1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
    3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
    -2.24409524465858183362e+01,
]
