import HPMath

/// A scrambled Sobol sequence: a stage's configurations fill the space more evenly than random
/// ones do, and every one of them alone is uniform.
///
/// Direction numbers of Joe and Kuo 2008, "Constructing Sobol sequences with better
/// two-dimensional projections"; scrambled as Owen 1995 does, each bit flipped by a hash of the
/// bits above it (Burley 2020, "Practical hash-based Owen scrambling", with the constants of
/// Vegdahl's improvement of the hash of Laine and Karras).
enum SobolSampler {
    /// One value for each domain, in order.
    ///
    /// - Parameter index: of the configuration within its stage, from 0.
    /// - Precondition: at most `dimensionMaximum` domains are drawn from.
    static func draw(
        _ domains: [ParameterDomain], seed: UInt64, stage: Int, index: Int
    ) -> [ParameterValue] {
        var dimension = 0
        return domains.map { domain in
            if case .value(let value) = domain { return value }
            defer { dimension += 1 }
            var stream = RandomStream(
                seed: seed, purpose: .scrambling, a: UInt32(stage), b: UInt32(dimension))
            let bits = scrambled(
                point(UInt32(truncatingIfNeeded: index), dimension: dimension),
                by: stream.nextUInt32())
            return domain.value(atQuantile: (Double(bits) + 0.5) * 0x1p-32)
        }
    }

    /// Coordinate of a point of the plain sequence, as a fraction of 2^32.
    static func point(_ index: UInt32, dimension: Int) -> UInt32 {
        let directions = directions[dimension]
        var bits: UInt32 = 0
        for bit in 0..<32 where index >> UInt32(bit) & 1 == 1 { bits ^= directions[bit] }
        return bits
    }

    /// Flips every bit by a hash of the bits above it.
    static func scrambled(_ bits: UInt32, by seed: UInt32) -> UInt32 {
        var x = reversed(bits)
        x ^= x &* 0x3d20_adea
        x &+= seed
        x &*= seed >> 16 | 1
        x ^= x &* 0x0552_6c56
        x ^= x &* 0x53a2_2864
        return reversed(x)
    }

    private static func reversed(_ bits: UInt32) -> UInt32 {
        var x = bits.byteSwapped
        x = x >> 4 & 0x0f0f_0f0f | (x & 0x0f0f_0f0f) << 4
        x = x >> 2 & 0x3333_3333 | (x & 0x3333_3333) << 2
        return x >> 1 & 0x5555_5555 | (x & 0x5555_5555) << 1
    }

    // MARK: - Direction numbers

    static var dimensionMaximum: Int { directions.count }

    /// A primitive polynomial's degree and inner coefficients, and the first direction numbers:
    /// the second dimension's and the following.
    private static let polynomials: [(degree: Int, coefficients: UInt32, first: [UInt32])] = [
        (1, 0, [1]),
        (2, 1, [1, 3]),
        (3, 1, [1, 3, 1]),
        (3, 2, [1, 1, 1]),
        (4, 1, [1, 1, 3, 3]),
        (4, 4, [1, 3, 5, 13]),
        (5, 2, [1, 1, 5, 5, 17]),
        (5, 4, [1, 1, 5, 5, 5]),
        (5, 7, [1, 1, 7, 11, 19]),
        (5, 11, [1, 1, 5, 1, 1]),
        (5, 13, [1, 1, 1, 3, 11]),
        (5, 14, [1, 3, 5, 5, 31]),
        (6, 1, [1, 3, 3, 9, 7, 49]),
        (6, 13, [1, 1, 1, 15, 21, 21]),
        (6, 16, [1, 3, 1, 13, 27, 49]),
        (6, 19, [1, 1, 1, 15, 7, 5]),
        (6, 22, [1, 3, 1, 15, 13, 25]),
        (6, 25, [1, 1, 5, 5, 19, 61]),
        (7, 1, [1, 3, 7, 11, 23, 15, 103]),
    ]

    private static let directions: [[UInt32]] = {
        let first = (0..<32).map { UInt32(1) << UInt32(31 - $0) }
        return [first] + polynomials.map(directions)
    }()

    private static func directions(
        _ polynomial: (degree: Int, coefficients: UInt32, first: [UInt32])
    ) -> [UInt32] {
        let degree = polynomial.degree
        var numbers = polynomial.first.enumerated().map { $1 << UInt32(31 - $0) }
        for index in degree..<32 {
            var number = numbers[index - degree] ^ numbers[index - degree] >> UInt32(degree)
            for term in 1..<max(1, degree)
            where polynomial.coefficients >> UInt32(degree - 1 - term) & 1 == 1 {
                number ^= numbers[index - term]
            }
            numbers.append(number)
        }
        return numbers
    }
}
