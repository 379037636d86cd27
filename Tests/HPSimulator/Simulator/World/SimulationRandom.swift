import HPMath

/// What random numbers of a simulation are for: a draw more for one purpose moves no other.
enum RandomUse: UInt64 {
    case swarm = 1
    case workload
    case network
    case faults
    case disk
    case workers
    case training
    case liars
    case operators
    case bug
    case archive
}

/// A small generator with a seed and a use (Steele, Lea, Flood 2014: SplitMix64).
struct SimulationRandom {
    private var state: UInt64

    init(seed: UInt64, use: RandomUse) {
        state = Self.mix(seed &* 0xD129_0F45_7E35_AD11 ^ Self.mix(use.rawValue))
    }

    mutating func word() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// From 0 to below the bound, which is positive.
    mutating func next(below bound: Int) -> Int {
        precondition(bound > 0, "nothing is below \(bound)")
        return Int(word() % UInt64(bound))
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + next(below: range.count)
    }

    /// Uniform on [0, 1).
    mutating func unit() -> Double { Double(word() >> 11) * 0x1p-53 }

    mutating func happens(_ chance: Double) -> Bool { unit() < chance }

    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + unit() * (high - low)
    }

    /// Uniform in the logarithm, between two positive bounds.
    mutating func logUniform(_ low: Double, _ high: Double) -> Double {
        precondition(low > 0 && high >= low, "no logarithm between \(low) and \(high)")
        return HPMath.exp(uniform(HPMath.log(low), HPMath.log(high)))
    }

    /// The wait for an event that comes once in `mean` seconds on average.
    mutating func wait(meanSeconds mean: Double) -> Double {
        -mean * HPMath.log(1 - unit())
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[next(below: elements.count)]
    }

    /// A number in [0, 1) that depends on the words alone.
    static func unit(hashing words: [UInt64]) -> Double {
        let hash = words.reduce(0x1234_5678_9ABC_DEF0) { mix($0 ^ mix($1)) }
        return Double(hash >> 11) * 0x1p-53
    }

    private static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
