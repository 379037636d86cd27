import Testing

@testable import HPMath

@Suite("RandomStream")
struct RandomStreamTests {
    /// The known-answer vectors that the authors of Philox publish with Random123.
    @Test func `Philox agrees with its published vectors`() {
        #expect(
            philox(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            philox(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            philox(
                counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                key: SIMD2(0xa409_3822, 0x299f_31d0))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func `streams of different addresses differ`() {
        var seen: [[UInt64]] = []
        for purpose in RandomPurpose.allCases {
            for a in 0..<3 as Range<UInt32> {
                for b in 0..<3 as Range<UInt32> {
                    var stream = RandomStream(seed: 5, purpose: purpose, a: a, b: b)
                    seen.append((0..<4).map { _ in stream.nextUInt64() })
                }
            }
        }
        #expect(Set(seen).count == seen.count)
    }

    @Test func `unit draws are uniform by Kolmogorov and Smirnov`() {
        var stream = RandomStream(seed: 1, purpose: .sampling)
        let count = 20_000
        let draws = (0..<count).map { _ in stream.nextUnit() }.sorted()
        let distance = draws.enumerated().map { index, draw in
            max(
                (draw - Double(index) / Double(count)).magnitude,
                (draw - Double(index + 1) / Double(count)).magnitude)
        }.max()
        #expect((distance ?? 1) < 1.63 / Double(count).squareRoot())
    }

    @Test func `normal draws have the moments of the normal distribution`() {
        var stream = RandomStream(seed: 2, purpose: .initialization)
        let draws = (0..<100_000).map { _ in stream.nextNormal() }
        let mean = draws.reduce(0, +) / Double(draws.count)
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
        #expect(mean.magnitude < 0.013)
        #expect((variance - 1).magnitude < 0.02)
    }

    @Test func `integers below a bound reach every value equally`() {
        var stream = RandomStream(seed: 3, purpose: .sampling)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.next(below: 7)] += 1 }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) })
    }

    @Test func `a shuffle is a permutation and has its golden order`() {
        var stream = RandomStream(seed: 4, purpose: .shuffle, a: 1, b: 2)
        var elements = Array(0..<10)
        stream.shuffle(&elements)
        #expect(elements.sorted() == Array(0..<10))
        #expect(elements == [6, 3, 9, 8, 2, 7, 0, 5, 1, 4])
    }

    /// A study's seed means these numbers for ever: they may not change with a release.
    @Test func `draws have their golden values`() {
        #expect(RandomPurpose.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8])
        var stream = RandomStream(
            seed: 0x0123_4567_89AB_CDEF, purpose: .initialization, a: 2, b: 3)
        #expect(stream.nextUInt32() == 0x2a98_7b3e)
        #expect(stream.nextUInt64() == 0x1494_80aa_6326_4862)
        #expect(stream.nextUnit().bitPattern == 0x3fd6_0411_cfaf_91ee)
        #expect(stream.nextOpenUnit().bitPattern == 0x3fd1_9648_dd5e_2cd6)
        #expect(stream.next(below: 1000) == 888)
        #expect(stream.nextNormal().bitPattern == 0xbfcc_d254_4c32_1301)
    }

    @Test func `draws follow the blocks of Philox in order`() {
        var stream = RandomStream(seed: 0x5_0000_0007, purpose: .split, a: 11, b: 13)
        for index in 0..<3 as Range<UInt32> {
            let block = philox(counter: SIMD4(index, 11, 13, 2), key: SIMD2(7, 5))
            for word in 0..<4 { #expect(stream.nextUInt32() == block[word]) }
        }
    }

    @Test func `a bound just above a power of two is unbiased`() {
        var stream = RandomStream(seed: 6, purpose: .sampling)
        // Three quarters of 2^64 would show a plain remainder's bias as a factor of two.
        let bound = Int.max / 4 * 3
        let low = (0..<20_000).filter { _ in stream.next(below: bound) < bound / 3 }.count
        #expect((6_300...7_030).contains(low))
        #expect(stream.next(below: 1) == 0)
    }
}
