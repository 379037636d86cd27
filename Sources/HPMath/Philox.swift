/// Philox4x32-10: a block of four random words from a counter and a key.
///
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Ten
/// rounds of two 32×32-bit products; every (counter, key) has its own block, so draws need no
/// state and no order.
func philox(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>
) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
        let first = 0xD251_1F53 * UInt64(counter.x)
        let second = 0xCD9E_8D57 * UInt64(counter.z)
        counter = SIMD4(
            UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
            UInt32(truncatingIfNeeded: second),
            UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
            UInt32(truncatingIfNeeded: first))
        key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return counter
}
