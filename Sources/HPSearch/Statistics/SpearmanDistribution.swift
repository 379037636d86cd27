import HPMath

/// How the distance between two orders of the same things is spread when they have nothing to do
/// with each other.
///
/// The distance is Spearman's: the sum of the squared differences of ranks, without ties.
enum SpearmanDistribution {
    /// Up to so many things all orders are counted.
    static let exactMaximum = 13

    /// How often two blind orders of `count` things agree, or disagree, at least as well as
    /// orders at this distance do.
    ///
    /// Exact up to `exactMaximum` things where it is below 1 in 20; beyond, by Edgeworth's series
    /// (Best and Roberts 1975, algorithm AS 89), or by Student's distribution where that is more
    /// careful.
    ///
    /// - Precondition: there are two things at least.
    static func chance(ofDistance distance: Int, count: Int) -> Double {
        precondition(count >= 2, "an order is one of two things at least")
        let largest = (count * count * count - count) / 3
        let least = min(distance, largest - distance)
        if count <= exactMaximum, least < tails[count].count {
            return min(1, 2 * tails[count][least])
        }
        return min(1, max(edgeworth(least, count), student(least, count)))
    }

    // MARK: - All orders

    /// For each count of things, the share of orders at a distance of at most the index.
    private static let tails: [[Double]] = (0...exactMaximum).map(tail)

    private static func tail(_ count: Int) -> [Double] {
        guard count >= 2 else { return [] }
        let places = Array(1...count)
        // Up to a correlation of one half.
        return tail(places, places, upTo: (count * count * count - count) / 12)
    }

    /// Up to so many things all orders are counted where there are ties.
    static let exactMaximumWithTies = 11

    /// How often blind orders agree, or disagree, at least as well as these ranks do.
    ///
    /// - Precondition: they are ranks of few things, and agree rather than disagree.
    static func chance(_ first: [Double], _ second: [Double]) -> Double {
        precondition(first.count <= exactMaximumWithTies, "all orders of few things are counted")
        // Shared ranks are halves.
        let one = first.map { Int((2 * $0).rounded()) }
        let other = second.map { Int((2 * $0).rounded()) }
        let distance = zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        let reverse = other.map { 2 * (first.count + 1) - $0 }
        return min(
            1,
            [other, reverse].map { tail(one, $0, upTo: distance)[distance] }.reduce(0, +))
    }

    /// The share of orders at a distance of at most the index.
    private static func tail(_ first: [Int], _ second: [Int], upTo bound: Int) -> [Double] {
        let count = first.count
        // For each set of places taken by the first things, the orders at each distance.
        var orders = [[Double]](repeating: [], count: 1 << count)
        orders[0] = [1]
        for places in 0..<(orders.count - 1) where !orders[places].isEmpty {
            let thing = places.nonzeroBitCount
            for place in 0..<count where places >> place & 1 == 0 {
                let step = (first[thing] - second[place]) * (first[thing] - second[place])
                guard step <= bound else { continue }
                add(orders[places], to: &orders[places | 1 << place], step: step, bound: bound)
            }
            orders[places] = []
        }
        let found = orders[orders.count - 1]
        let all = (1...count).reduce(1.0) { $0 * Double($1) }
        var sum = 0.0
        return (0...bound).map { distance in
            if distance < found.count { sum += found[distance] }
            return sum / all
        }
    }

    private static func add(
        _ counts: [Double], to sums: inout [Double], step: Int, bound: Int
    ) {
        let length = min(counts.count + step, bound + 1)
        while sums.count < length { sums.append(0) }
        for index in counts.indices where index + step < length {
            sums[index + step] += counts[index]
        }
    }

    // MARK: - Many things

    private static func edgeworth(_ least: Int, _ count: Int) -> Double {
        let b = 1 / Double(count)
        let half = (Double(count) * Double(count) - 1) / 6
        // Counted from the far end, where the series is given; distances are even.
        let far = 2 * half * Double(count) - Double(least)
        let x = ((far - 1) * b / half - 1) * (1 / b - 1).squareRoot()
        let y = x * x
        let inner = 0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)
        let middle = 0.1033 + 0.3932 * b - y * b * (0.0879 + 0.0151 * b - y * inner)
        let outer = 0.2274 + b * (0.2531 + 0.1745 * b) + y * (-0.0758 + b * middle)
        let correction = x * b * outer * exp(-y / 2)
        return 2 * (correction + (1 - erf(x / 2.0.squareRoot())) / 2)
    }

    /// By Student's distribution of as many degrees of freedom as there are things less two, or
    /// one less where that is odd.
    private static func student(_ least: Int, _ count: Int) -> Double {
        let cube = Double(count) * (Double(count) * Double(count) - 1)
        // Half a step of two nearer to no correlation.
        let coefficient = max(0, 1 - 6 * Double(least + 1) / cube)
        let freedom = (count - 2) / 2 * 2
        var term = coefficient
        var sum = term
        for step in stride(from: 2, through: freedom - 2, by: 2) {
            term *= (1 - coefficient * coefficient) * Double(step - 1) / Double(step)
            sum += term
        }
        return max(0, 1 - sum)
    }
}
