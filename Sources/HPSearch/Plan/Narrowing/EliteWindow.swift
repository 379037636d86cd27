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
    /// How often chance alone crowds an elite of this size into as few neighbouring trials.
    let chance: Double

    /// - Parameters:
    ///   - elite: positions of the elite, the best first.
    ///   - all: positions of every trial of the stage, the elite's included.
    /// - Returns: nil without an elite.
    init?(elite: [Double], all: [Double]) {
        guard !elite.isEmpty else { return nil }
        let sorted = elite.sorted()
        let kept = sorted.count - sorted.count / 10
        let narrowest = (0...(sorted.count - kept)).map { (sorted[$0], sorted[$0 + kept - 1]) }
            .min { left, right in left.1 - left.0 < right.1 - right.0 }
        guard var (low, high) = narrowest else { return nil }
        for position in elite.prefix(3) {
            low = min(low, position)
            high = max(high, position)
        }
        self.low = low
        self.high = high
        eliteCount = elite.count
        let holds = sorted.count { $0 >= low && $0 <= high }
        self.holds = holds
        below = all.filter { $0 < low }.max()
        above = all.filter { $0 > high }.min()
        let width = all.count { $0 >= low && $0 <= high }
        // Every one of the windows of this width could have held them.
        let tail = Hypergeometric.chance(
            ofAtLeast: holds, drawn: width, marked: elite.count, total: all.count)
        chance = min(1, Double(all.count - width + 1) * tail)
    }
}
