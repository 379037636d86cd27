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
