/// An end of a range at which nothing comes out well: it bounds the next range.
struct BadEnd {
    enum Kind {
        /// At least four fifths of the trials from there on DIVERGED.
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
    /// Numbers of the bad trials nearest to the good ones.
    let evidence: [Int]

    /// Which end it is.
    var end: RangeEnd { firstBad > lastGood ? .high : .low }

    /// Half way between the last good trial and the first bad one.
    var bound: Double { (lastGood + firstBad) / 2 }

    private static let evidenceMaximum = 5
    private static let divergedShare = 0.8
    /// How rare an accident must be to stop a range from growing: a needless stop costs a stage,
    /// a range that grows into divergence wastes one.
    private static let chanceOfWarning = 0.15

    /// One accident in so many stages may look like a bad end. Small stages are judged on weaker
    /// evidence: what they lose is an end where not one trial did well.
    private static func chanceMaximum(trialCount: Int) -> Double {
        trialCount < 20 ? 0.02 : Relevance.chanceMaximum(trialCount: trialCount)
    }

    /// A trial at its distance from the end.
    private struct Entry {
        let distance: Double
        let observation: StageEvidence.Observation

        var hasDiverged: Bool { observation.score == -.infinity }
    }

    private static func entries(
        _ observations: [StageEvidence.Observation], _ parameter: Int, _ scale: Scale,
        _ end: RangeEnd
    ) -> [Entry] {
        observations.compactMap { observation in
            observation.position(parameter, on: scale).map {
                Entry(distance: end.distance(of: $0), observation: observation)
            }
        }.sorted { left, right in
            left.distance != right.distance
                ? left.distance < right.distance
                : left.observation.number < right.observation.number
        }
    }

    private init(_ kind: Kind, bad: ArraySlice<Entry>, lastGood: Entry, _ end: RangeEnd) {
        self.kind = kind
        self.lastGood = end.position(at: lastGood.distance)
        firstBad = end.position(at: bad.last?.distance ?? lastGood.distance)
        count = bad.count
        divergedCount = bad.count(where: \.hasDiverged)
        evidence = bad.reversed().filter { kind == .hopeless || $0.hasDiverged }
            .prefix(Self.evidenceMaximum).map(\.observation.number)
    }

    /// The end beyond which trials diverge, by the trials of all stages so far: what a range is
    /// cut by. The elite's are never beyond it.
    static func infeasible(
        _ end: RangeEnd, parameter: Int, scale: Scale, _ evidence: StageEvidence
    ) -> BadEnd? {
        let elite = entries(Array(evidence.elite), parameter, scale, end).first?.distance
        return diverging(
            end, parameter, scale, evidence, share: divergedShare, chanceMaximum: nil
        ) { $0 < elite ?? .infinity }
    }

    /// The end at which trials begin to diverge: no proof, but enough not to go further.
    static func unstable(
        _ end: RangeEnd, parameter: Int, scale: Scale, _ evidence: StageEvidence
    ) -> BadEnd? {
        let elite = entries(Array(evidence.elite), parameter, scale, end).first?.distance
        let zone = max(2 * RangeEnd.border, elite ?? 0)
        return diverging(
            end, parameter, scale, evidence, share: 0, chanceMaximum: chanceOfWarning
        ) { $0 <= zone }
    }

    /// The longest run of trials from an end inwards that is rich in DIVERGED ones.
    ///
    /// - Parameter isCandidate: whether a run may reach this far from the end.
    private static func diverging(
        _ end: RangeEnd, _ parameter: Int, _ scale: Scale, _ evidence: StageEvidence,
        share: Double, chanceMaximum: Double?, isCandidate: (Double) -> Bool
    ) -> BadEnd? {
        let all = entries(evidence.everComplete + evidence.everDiverged, parameter, scale, end)
        let divergedTotal = all.count(where: \.hasDiverged)
        var diverged = 0
        var candidates: [(count: Int, diverged: Int)] = []
        for (index, entry) in all.enumerated() {
            guard isCandidate(entry.distance) else { break }
            if entry.hasDiverged { diverged += 1 }
            let isLastHere = index + 1 == all.count || all[index + 1].distance > entry.distance
            if isLastHere, entry.hasDiverged, Double(diverged) >= share * Double(index + 1) {
                candidates.append((index + 1, diverged))
            }
        }
        let maximum = chanceMaximum ?? Self.chanceMaximum(trialCount: all.count)
        let found = candidates.last { candidate in
            Hypergeometric.chance(
                ofAtLeast: candidate.diverged, drawn: candidate.count, marked: divergedTotal,
                total: all.count) <= maximum
        }?.count
        guard let found, let good = all[found...].first(where: { !$0.hasDiverged }) else {
            return nil
        }
        return BadEnd(.infeasible, bad: all[..<found], lastGood: good, end)
    }

    /// The end whose trials, at least two and none of the elite's, are each worse than every other
    /// trial of the stage by more than noise; nil where the noise isn't known.
    static func hopeless(
        _ end: RangeEnd, parameter: Int, scale: Scale, _ evidence: StageEvidence
    ) -> BadEnd? {
        guard let error = evidence.standardError else { return nil }
        let all = entries(evidence.ranked + evidence.diverged, parameter, scale, end)
        let elite = entries(Array(evidence.elite), parameter, scale, end).first?.distance
        let divergedTotal = evidence.diverged.count
        let noise = 2 * 2.0.squareRoot() * error
        // The worst score from each trial inwards.
        var worstInside = [Double](repeating: .infinity, count: all.count + 1)
        for index in all.indices.reversed() {
            worstInside[index] = min(worstInside[index + 1], all[index].observation.score)
        }
        var best = -Double.infinity
        var diverged = 0
        var found: Int?
        for (index, entry) in all.enumerated().dropLast() {
            if let elite, entry.distance >= elite { break }
            best = max(best, entry.observation.score)
            if entry.hasDiverged { diverged += 1 }
            guard index >= 1, best + noise < worstInside[index + 1],
                entry.distance < all[index + 1].distance
            else { continue }
            let chance = Hypergeometric.chance(
                ofAtLeast: index + 1, drawn: index + 1,
                marked: index + 1 + divergedTotal - diverged, total: all.count)
            if chance <= chanceMaximum(trialCount: all.count) { found = index + 1 }
        }
        guard let found else { return nil }
        return BadEnd(.hopeless, bad: all[..<found], lastGood: all[found], end)
    }
}
