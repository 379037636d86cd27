import HPMath
import Testing

@testable import HPSearch

/// Against SciPy 1.17.
@Suite("Statistics")
struct StatisticsTests {
    @Test func `hypergeometric tails are SciPy's`() {
        // scipy.stats.hypergeom(total, marked, drawn).sf(hits - 1)
        let cases: [(Int, Int, Int, Int, Double)] = [
            (8, 8, 8, 40, 1.3003108978341175e-08), (3, 5, 6, 20, 0.13132094943240455),
            (0, 5, 6, 20, 1), (7, 5, 6, 20, 0), (18, 50, 20, 100, 4.4186071008482155e-05),
        ]
        for (hits, drawn, marked, total, expected) in cases {
            let chance = Hypergeometric.chance(
                ofAtLeast: hits, drawn: drawn, marked: marked, total: total)
            #expect((chance - expected).magnitude <= 1e-9 * max(expected, 1e-8), "\(chance)")
        }
    }

    @Test func `tails of large samples add up`() {
        let least = Hypergeometric.chance(
            ofAtLeast: 100_100, drawn: 500_000, marked: 200_000, total: 1_000_000)
        #expect((least - 0.309418).magnitude < 1e-5)
    }

    @Test func `the chance of squares is near the chi-square distribution's`() {
        // scipy.stats.chi2.sf
        let cases: [(Double, Int, Double)] = [
            (30, 20, 0.06985), (45, 20, 0.001103), (100, 99, 0.45296), (3, 1, 0.08326),
        ]
        for (sum, freedom, expected) in cases {
            let chance = ChiSquare.chance(ofAtLeast: sum, freedom: freedom)
            #expect((chance - expected).magnitude < 0.01, "\(chance)")
        }
        #expect(ChiSquare.chance(ofAtLeast: 0, freedom: 5) == 1)
    }

    @Test func `ties share their mean rank`() {
        #expect(RankCorrelation.ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    }

    @Test func `a correlation needs four pairs and a constant has none`() {
        #expect(RankCorrelation([1, 2, 3], [1, 2, 3]) == nil)
        #expect(RankCorrelation([1, 2, 3, 4], [5, 5, 5, 5])?.coefficient == 0)
        #expect(RankCorrelation([1, 2, 3, 4], [8, 6, 4, 1])?.coefficient == -1)
    }

    @Test(arguments: [(4, 12.0), (5, 60), (6, 360), (7, 2520), (11, 19_958_400)])
    func `a perfect order has its exact chance`(count: Int, rarity: Double) throws {
        let order = (0..<count).map(Double.init)
        let correlation = try #require(RankCorrelation(order, order.map { -$0 }))
        #expect((correlation.chance * rarity - 1).magnitude < 1e-9)
        #expect(RankCorrelation.leastChance(order, order) == correlation.chance)
    }

    @Test func `chances of correlations are those of all orders`() {
        var distances: [Int] = []
        func extend(_ order: [Int]) {
            guard order.count < 7 else {
                distances.append(order.enumerated().map { ($0 - $1) * ($0 - $1) }.reduce(0, +))
                return
            }
            for next in 0..<7 where !order.contains(next) { extend(order + [next]) }
        }
        extend([])
        for distance in stride(from: 0, through: 28, by: 2) {
            let share = Double(distances.count { $0 <= distance || 112 - $0 <= distance }) / 5040
            let chance = SpearmanDistribution.chance(ofDistance: distance, count: 7)
            #expect((chance - share).magnitude < 1e-12)
        }
    }

    @Test(arguments: [12, 14, 20, 40])
    func `chances of correlations come as often as they say`(count: Int) {
        var stream = RandomStream(seed: 5, purpose: .sampling, a: UInt32(count))
        var order = Array(0..<count)
        let tries = 20_000
        let rare = (0..<tries).count { _ in
            stream.shuffle(&order)
            let distance = order.enumerated().map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
            return SpearmanDistribution.chance(ofDistance: distance, count: count) <= 0.005
        }
        // Four standard errors of 100.
        #expect((55...140).contains(rare))
    }

    @Test func `ties never make a correlation rarer than it is`() throws {
        // Of all ways to give two values to four and four to the others, half as many are as good.
        let correlation = try #require(
            RankCorrelation([1, 1, 1, 1, 2, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(correlation.chance >= 2.0 / 70)
        #expect(RankCorrelation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5])?.chance == 1)
    }

    /// All ways to mark some of so many things.
    private static func markings(_ total: Int, _ marked: Int) -> [[Bool]] {
        (0..<(1 << total)).filter { $0.nonzeroBitCount == marked }.map { bits in
            (0..<total).map { bits >> $0 & 1 == 1 }
        }
    }

    @Test func `beginnings rich in marked things have the chance of all orders`() {
        let ends = [1, 2, 4, 5, 7]
        func tail(_ marking: [Bool], _ end: Int) -> Double {
            Hypergeometric.chance(
                ofAtLeast: marking[..<end].count { $0 }, drawn: end, marked: 3, total: 8)
        }
        let markings = Self.markings(8, 3)
        let rarest = markings.map { marking in ends.map { tail(marking, $0) }.min() ?? 1 }
        for bound in rarest {
            let share = Double(rarest.count { $0 <= bound * (1 + 1e-9) }) / Double(rarest.count)
            let chance = RichPrefix.chance(ofTail: bound, ends: ends, marked: 3, total: 8)
            #expect((chance - share).magnitude < 1e-12)
        }
    }

    @Test func `of very many things the chance of a rich beginning is not understated`() {
        for (marked, total) in [(3, 40), (20, 100), (90, 100), (100, 1000)] {
            let ends = Array(1..<total)
            for tail in [1e-9, 1e-4, 1e-3, 1e-2] {
                let exact = RichPrefix.chance(
                    ofTail: tail, ends: ends, marked: marked, total: total)
                #expect(exact <= min(1, Double(marked) * tail))
            }
        }
        let many = RichPrefix.chance(
            ofTail: 1e-9, ends: Array(1..<1_000_000), marked: 100_000, total: 1_000_000)
        #expect((many - 1e-4).magnitude < 1e-12)
    }

    @Test func `low sums of ranks have the chance of all draws`() {
        let ranks = [1.5, 1.5, 3, 4, 6, 6, 6]
        let sums = Self.markings(7, 3).map { marking in
            zip(marking, ranks).map { $0 ? $1 : 0 }.reduce(0, +)
        }
        for sum in sums {
            let share = Double(sums.count { $0 <= sum }) / Double(sums.count)
            let chance = RankSum.chance(ofAtMost: sum, drawn: 3, of: ranks)
            #expect((chance - share).magnitude < 1e-12)
        }
    }

    @Test(arguments: [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 1, 2, 3, 3, 4, 4, 4]])
    func `crowded elites have the chance of all elites`(positions: [Double]) throws {
        let windows = try Self.markings(9, 3).map { marking in
            let elite = zip(marking, positions).filter(\.0).map(\.1)
            let window = try #require(EliteWindow(elite: elite, all: positions))
            return (
                width: positions.count { $0 >= window.low && $0 <= window.high }, window.chance
            )
        }
        for (width, chance) in windows {
            let share = Double(windows.count { $0.width <= width }) / Double(windows.count)
            #expect((chance - share).magnitude < 1e-9)
        }
    }

    @Test func `a perfect order of few pairs leaves its interval open`() throws {
        let correlation = try #require(RankCorrelation([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]))
        #expect(correlation.coefficient == 1)
        #expect(correlation.interval.low < 0.8)
    }

    @Test func `an interval covers what it says it covers`() throws {
        let first = (0..<30).map { Double($0 * 7 % 30) }
        let second = zip(first, 0..<30).map { $0 + Double($1 * 11 % 30) }
        let correlation = try #require(RankCorrelation(first, second))
        let interval = correlation.interval
        #expect(interval.low < correlation.coefficient && correlation.coefficient < interval.high)
        #expect(interval.low > -1 && interval.high < 1)
    }

    @Test func `numbers are rounded outwards to three digits`() {
        #expect(NumberText.rounded(0.0123456, upwards: true) == 0.0124)
        #expect(NumberText.rounded(0.0123456, upwards: false) == 0.0123)
        #expect(NumberText.rounded(100.00000000000004, upwards: true) == 100)
        #expect(NumberText.rounded(-1.2345, upwards: false) == -1.24)
        #expect(NumberText.rounded(0, upwards: true) == 0)
    }
}
