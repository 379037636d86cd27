/// A small generator with a seed (Steele, Lea, Flood 2014: SplitMix64).
package struct FuzzRandom {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    private mutating func word() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below the bound.
    package mutating func next(_ bound: Int) -> Int { Int(word() % UInt64(max(1, bound))) }

    package mutating func chance(_ percent: Int) -> Bool { next(100) < percent }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[next(elements.count)]
    }
}
