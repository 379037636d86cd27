import HPMath

/// The stretch of a range that holds the elite, all but a tenth of it, and the three best trials
/// anyway.
struct EliteWindow {
    /// Positions of its ends.
    let low: Double
    let high: Double
    /// Elite trials inside, and how many there are.
    let holds: Int
    let eliteCount: Int
    /// The nearest trial beyond either end, whatever came of it; nil where there is none.
    let below: Double?
    let above: Double?
    /// How often chance alone leaves as few trials between so many of an elite of this size.
    let chance: Double
    /// The least that it can be with so many trials.
    let leastChance: Double

    /// - Parameters:
    ///   - elite: positions of the elite, the best first.
    ///   - all: positions of every trial of the stage, the elite's included.
    /// - Returns: nil without an elite.
    init?(elite: [Double], all: [Double]) {
        guard !elite.isEmpty else { return nil }
        let sorted = elite.sorted()
        let kept = sorted.count - sorted.count / 10
        let scan = Scan(all, eliteCount: elite.count, kept: kept)
        let windows = (0...(sorted.count - kept)).map { first in
            (sorted[first], sorted[first + kept - 1])
        }
        let narrowest = windows.min { left, right in
            let widths = [left, right].map { scan.count(from: $0.0, to: $0.1) }
            if widths[0] != widths[1] { return widths[0] < widths[1] }
            return left.1 - left.0 < right.1 - right.0
        }
        guard var (low, high) = narrowest else { return nil }
        chance = scan.chance(ofWidth: scan.count(from: low, to: high))
        leastChance = scan.chance(ofWidth: scan.leastWidth)
        for position in elite.prefix(3) {
            low = min(low, position)
            high = max(high, position)
        }
        self.low = low
        self.high = high
        eliteCount = elite.count
        holds = sorted.count { $0 >= low && $0 <= high }
        below = all.filter { $0 < low }.max()
        above = all.filter { $0 > high }.min()
    }
}

/// All windows that could have held the elite.
private struct Scan {
    private let eliteCount: Int
    private let kept: Int
    /// Trials at each position, the lowest first, and how many there are up to each.
    private let positions: [Double]
    private var sizes: [Int] = []
    private var before: [Int] = [0]

    init(_ all: [Double], eliteCount: Int, kept: Int) {
        self.eliteCount = eliteCount
        self.kept = kept
        var positions: [Double] = []
        for position in all.sorted() {
            if positions.last == position {
                sizes[sizes.count - 1] += 1
            } else {
                positions.append(position)
                sizes.append(1)
            }
        }
        self.positions = positions
        for size in sizes { before.append(before[before.count - 1] + size) }
    }

    private var total: Int { before[before.count - 1] }

    /// Trials between two positions, both included.
    func count(from low: Double, to high: Double) -> Int {
        let above = positions.partitioningIndex { $0 > high }
        return before[above] - before[min(above, positions.partitioningIndex { $0 >= low })]
    }

    /// The fewest trials that a window holding `kept` of the elite can have.
    var leastWidth: Int {
        var least = total
        var last = 0
        for first in sizes.indices {
            while last < sizes.count, before[last] - before[first] < kept { last += 1 }
            let inside = before[last] - before[first]
            if inside >= kept { least = min(least, inside) }
        }
        return least
    }

    /// How often some window of at most `width` trials holds `kept` of an elite that is spread
    /// blindly; at most, where the elite may be held by several windows.
    ///
    /// Each window is counted once, by the position of its first elite trial. Trials at the same
    /// position are in a window together or not at all.
    func chance(ofWidth width: Int) -> Double {
        var sum = 0.0
        var last = 0
        // Without ties all windows but the last ones are as large.
        var previous = (inside: 0, size: 0, chance: 0.0)
        for first in sizes.indices {
            last = max(last, first)
            while last < sizes.count, before[last + 1] - before[first] <= width { last += 1 }
            let inside = before[last] - before[first]
            guard inside >= kept else { continue }
            if inside != previous.inside || sizes[first] != previous.size {
                let all = tail(inside, of: total)
                // The windows that follow are smaller, and so are their chances.
                if last == sizes.count, all * Double(total) < 1e-16 * sum { break }
                previous = (inside, sizes[first], all - chanceOfNone(at: first, inside))
            }
            sum += previous.chance
        }
        return min(1, sum)
    }

    private func tail(_ drawn: Int, of total: Int) -> Double {
        Hypergeometric.chance(ofAtLeast: kept, drawn: drawn, marked: eliteCount, total: total)
    }

    /// How often the window holds as many, but none at its first position.
    private func chanceOfNone(at first: Int, _ inside: Int) -> Double {
        let others = total - sizes[first]
        guard eliteCount <= others, inside - sizes[first] >= kept else { return 0 }
        let none = exp(
            Hypergeometric.logarithmOfChoices(others, eliteCount)
                - Hypergeometric.logarithmOfChoices(total, eliteCount))
        return none * tail(inside - sizes[first], of: others)
    }
}
