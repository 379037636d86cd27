/// What random numbers are for: streams of different purposes never share a block.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
    /// `a` is the stage, `b` the trial.
    case sampling = 1
    /// Which examples are for training, validation and test.
    case split = 2
    /// `a` is the layer, `b` the replicate.
    case initialization = 3
    /// `a` is the epoch, `b` the replicate.
    case shuffle = 4
    /// The training examples that training accuracy is measured on.
    case trainingSample = 5
    /// `a` is the epoch times the number of hidden layers, plus the layer; `b` the replicate.
    case dropout = 6
    /// `a` is the stage, `b` the dimension of a scrambled sequence.
    case scrambling = 7
    /// The noise of generated examples; `a` is the class.
    case examples = 8
}

/// A stream of random numbers with a stated address: seed, purpose, and two numbers more.
///
/// The same address gives the same stream on every machine, whatever was drawn elsewhere.
public struct RandomStream: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    private var used = 4

    /// The stream at this address.
    ///
    /// - Parameters:
    ///   - a: what `purpose` says, such as the stage, the layer or the epoch.
    ///   - b: what `purpose` says, such as the trial or the replicate.
    public init(seed: UInt64, purpose: RandomPurpose, a: UInt32 = 0, b: UInt32 = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(0, a, b, purpose.rawValue)
    }

    /// 32 random bits.
    public mutating func nextUInt32() -> UInt32 {
        if used == 4 {
            block = philox(counter: counter, key: key)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// 64 random bits, the low half drawn first.
    public mutating func nextUInt64() -> UInt64 {
        let low = UInt64(nextUInt32())
        return low | UInt64(nextUInt32()) << 32
    }

    /// Uniform on the multiples of 2⁻⁵³ in [0, 1).
    public mutating func nextUnit() -> Double {
        Double(nextUInt64() >> 11) * 0x1p-53
    }

    /// Uniform on the odd multiples of 2⁻⁵³ in (0, 1).
    public mutating func nextOpenUnit() -> Double {
        (Double(nextUInt64() >> 12) + 0.5) * 0x1p-52
    }

    /// Uniform on 0..<bound, without bias (Lemire 2019, "Fast random integer generation in an
    /// interval").
    ///
    /// - Precondition: `bound` > 0.
    public mutating func next(below bound: Int) -> Int {
        precondition(bound > 0, "a random integer needs a bound above 0")
        let bound = UInt64(bound)
        var product = nextUInt64().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold {
                product = nextUInt64().multipliedFullWidth(by: bound)
            }
        }
        return Int(product.high)
    }

    /// Standard normal, by the quantile of one uniform number.
    public mutating func nextNormal() -> Double {
        normalQuantile(nextOpenUnit())
    }

    /// Shuffles in place, from the last element to the second (Fisher and Yates; Durstenfeld
    /// 1964).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in stride(from: elements.count - 1, through: 1, by: -1) {
            elements.swapAt(last, next(below: last + 1))
        }
    }
}
