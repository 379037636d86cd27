/// An end of a range at which nothing comes out well: it bounds the next range.
struct BadEnd {
    enum Kind {
        /// Trials DIVERGED from there on.
        case infeasible
        /// Every trial from there on is clearly worse than every other.
        case hopeless
    }

    let kind: Kind
    /// Positions of the last good trial and of the first bad one, seen from inside.
    let lastGood: Double
    let firstBad: Double
    /// Trials from there on, and how many of these diverged.
    let count: Int
    let divergedCount: Int
    /// Whether trials of other kinds were left out: see `Divergence`.
    let isSelection: Bool
    /// Numbers of the bad trials nearest to the good ones.
    let evidence: [Int]
    /// How often chance alone makes an end look as bad: either end for one that is cut, this one
    /// for one that is only not to be crossed.
    let chance: Double

    /// Which end it is.
    var end: RangeEnd { firstBad > lastGood ? .high : .low }

    /// Half way between the last good trial and the first bad one.
    var bound: Double { (lastGood + firstBad) / 2 }

    /// Whether a position lies among the bad trials.
    func holds(_ position: Double) -> Bool {
        end.distance(of: position) <= end.distance(of: firstBad)
    }

    private static let evidenceMaximum = 5

    /// A trial at its distance from the end.
    struct Entry {
        let distance: Double
        let number: Int
        let stage: Int
        /// Minus infinity where it DIVERGED.
        let score: Double

        var hasDiverged: Bool { score == -.infinity }

        /// The nearest to the end first.
        static func sorted(
            _ observations: [StageEvidence.Observation], _ parameter: Int, _ scale: Scale,
            _ end: RangeEnd
        ) -> [Entry] {
            observations.compactMap { observation in
                observation.position(parameter, on: scale).map {
                    Entry(
                        distance: end.distance(of: $0), number: observation.number,
                        stage: observation.stage, score: observation.score)
                }
            }.sorted { left, right in
                left.distance != right.distance
                    ? left.distance < right.distance
                    : left.number < right.number
            }
        }
    }

    init(
        _ kind: Kind, bad: ArraySlice<Entry>, lastGood: Entry, _ end: RangeEnd, chance: Double,
        isSelection: Bool = false
    ) {
        self.kind = kind
        self.lastGood = end.position(at: lastGood.distance)
        firstBad = end.position(at: bad.last?.distance ?? lastGood.distance)
        count = bad.count
        divergedCount = bad.count(where: \.hasDiverged)
        self.isSelection = isSelection
        self.chance = chance
        evidence = bad.reversed().filter { kind == .hopeless || $0.hasDiverged }
            .prefix(Self.evidenceMaximum).map(\.number)
    }
}
