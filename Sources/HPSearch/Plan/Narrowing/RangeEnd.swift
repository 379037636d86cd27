/// One end of a range; what is said of the low end holds for the high one, mirrored.
enum RangeEnd: CaseIterable {
    case low
    case high

    /// A trial within this part of the range of an end lies on the border.
    static let border = 0.1

    var word: String { self == .low ? "low" : "high" }

    /// How far a position lies from this end, inwards: 0 at the end, 1 at the opposite one.
    func distance(of position: Double) -> Double { self == .low ? position : 1 - position }

    /// The position at a distance from this end.
    func position(at distance: Double) -> Double { self == .low ? distance : 1 - distance }

    /// Whether a position lies on the border at this end.
    func holds(_ position: Double) -> Bool { distance(of: position) < Self.border }

    /// The end that the best trials lean on: the best one, or two of the best five, lie on its
    /// border.
    ///
    /// - Parameter positions: of the trials, the best first.
    static func crowded(_ positions: [Double]) -> RangeEnd? {
        guard let best = positions.first else { return nil }
        if let end = allCases.first(where: { $0.holds(best) }) { return end }
        let crowded = allCases.filter { end in positions.prefix(5).count(where: end.holds) >= 2 }
        return crowded.count == 1 ? crowded.first : nil
    }
}
