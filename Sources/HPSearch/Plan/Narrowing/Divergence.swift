import HPMath

/// The trials that say whether a parameter has to do with divergence, the others being what they
/// are.
///
/// These are trials of this stage and of earlier ones whose other parameters lie in this stage's
/// ranges and beyond no end at which another parameter was found to explain divergence better.
/// Stages are judged one by one, since each drew from ranges of its own, and their chances put
/// together: where one parameter of a stage makes trials diverge, the positions of another are
/// blind to it.
struct Divergence {
    /// At least so many of the trials at an end diverge where it is cut.
    private static let shareOfCut = 0.8
    /// How often chance may stop a range that leans on an end: once in 20 such cases. A needless
    /// stop costs a stage, a range that grows into divergence wastes one.
    static let chanceOfStop = 1.0 / 20

    private let parameter: Int
    private let scale: Scale
    private let elite: [StageEvidence.Observation]
    private let trials: [StageEvidence.Observation]
    private let isSelection: Bool
    /// Stages in which some of the trials diverged, and not all.
    private let stages: [Int]

    init(parameter: Int, scale: Scale, _ evidence: StageEvidence) {
        self.parameter = parameter
        self.scale = scale
        elite = Array(evidence.elite)
        let all = evidence.everComplete + evidence.everDiverged
        trials = all.filter { evidence.isComparable($0, but: parameter) }
        isSelection = trials.count < all.count
        let diverged = trials.filter { $0.score == -.infinity }
        var stages: [Int] = []
        for stage in diverged.map(\.stage) where !stages.contains(stage) {
            let hasOthers = trials.contains { $0.stage == stage && $0.score > -.infinity }
            if hasOthers { stages.append(stage) }
        }
        self.stages = stages
    }

    /// The smallest chance that an end of these trials can have.
    var leastChance: Double {
        let chances = stages.map { stage in
            let own = trials.filter { $0.stage == stage }
            let diverged = own.count { $0.score == -.infinity }
            return Hypergeometric.chance(
                ofAtLeast: diverged, drawn: diverged, marked: diverged, total: own.count)
        }
        return min(1, 2 * Self.together(chances))
    }

    /// The end beyond which trials diverge: what a range is cut by. The elite's are never beyond.
    func cut(_ end: RangeEnd, _ budget: ChanceBudget) -> BadEnd? {
        let elite = BadEnd.Entry.sorted(elite, parameter, scale, end).first?.distance ?? .infinity
        return longest(
            end, share: Self.shareOfCut, factor: 2, isRare: budget.allows, reaches: { $0 < elite })
    }

    /// The end at which trials begin to diverge: too little to cut it, enough not to cross it.
    func stop(_ end: RangeEnd) -> BadEnd? {
        let elite = BadEnd.Entry.sorted(elite, parameter, scale, end).first?.distance ?? 0
        let zone = max(2 * RangeEnd.border, elite)
        return longest(
            end, share: 0, factor: 1, isRare: { $0 <= Self.chanceOfStop * (1 + 1e-9) },
            reaches: { $0 <= zone })
    }

    /// The longest run of trials from an end inwards that is rich in DIVERGED ones.
    ///
    /// - Parameters:
    ///   - share: of them that diverged, at least.
    ///   - factor: ends that are looked at.
    ///   - reaches: whether a run may reach this far from the end.
    private func longest(
        _ end: RangeEnd, share: Double, factor: Double, isRare: (Double) -> Bool,
        reaches: (Double) -> Bool
    ) -> BadEnd? {
        let all = BadEnd.Entry.sorted(trials, parameter, scale, end)
        let runs = stages.map { stage in Run(all.filter { $0.stage == stage }) }
        var diverged = 0
        var candidates: [Int] = []
        for (index, entry) in all.enumerated() where reaches(entry.distance) {
            if entry.hasDiverged { diverged += 1 }
            let isLastHere = index + 1 == all.count || all[index + 1].distance > entry.distance
            if isLastHere, Double(diverged) >= share * Double(index + 1) {
                candidates.append(index + 1)
            }
        }
        // Tails that were not rare enough: neither are larger ones.
        var failed: [[Double]] = []
        for count in candidates.reversed() {
            let reach = all[count - 1].distance
            let last = all[..<count].reversed().prefix { $0.distance == reach }
            guard last.contains(where: \.hasDiverged),
                let good = all[count...].first(where: { !$0.hasDiverged })
            else { continue }
            let tails = runs.map { $0.tail(upTo: reach) }
            guard isRare(factor * Self.together(tails)),
                !failed.contains(where: { zip($0, tails).allSatisfy(<=) })
            else { continue }
            let chance = factor * Self.together(zip(runs, tails).map { $0.chance(ofTail: $1) })
            guard isRare(chance) else {
                failed.append(tails)
                continue
            }
            return BadEnd(
                .infeasible, bad: all[..<count], lastGood: good, end, chance: min(1, chance),
                isSelection: isSelection)
        }
        return nil
    }
}

extension Divergence {
    /// How often independent tests come out as rare together (Fisher 1932).
    fileprivate static func together(_ chances: [Double]) -> Double {
        guard !chances.isEmpty else { return 1 }
        let product = chances.reduce(1, *)
        guard product > 0 else { return 0 }
        var term = product
        var sum = term
        for index in 1..<chances.count {
            term *= -log(product) / Double(index)
            sum += term
        }
        return min(1, sum)
    }
}

/// The trials of one stage from an end inwards.
private struct Run {
    /// Distances that occur, ascending, and how many trials there are up to each.
    private var distances: [Double] = []
    private var counts: [Int] = []
    /// How many of these DIVERGED.
    private var divergedCounts: [Int] = []
    private let total: Int

    init(_ entries: [BadEnd.Entry]) {
        total = entries.count
        var divergedCount = 0
        for (index, entry) in entries.enumerated() {
            if entry.hasDiverged { divergedCount += 1 }
            if distances.last == entry.distance {
                counts[counts.count - 1] = index + 1
                divergedCounts[divergedCounts.count - 1] = divergedCount
            } else {
                distances.append(entry.distance)
                counts.append(index + 1)
                divergedCounts.append(divergedCount)
            }
        }
    }

    private var divergedCount: Int { divergedCounts.last ?? 0 }

    /// How often chance alone puts as many DIVERGED trials up to a distance.
    func tail(upTo reach: Double) -> Double {
        let place = distances.partitioningIndex { $0 > reach }
        guard place > 0 else { return 1 }
        return Hypergeometric.chance(
            ofAtLeast: divergedCounts[place - 1], drawn: counts[place - 1],
            marked: divergedCount, total: total)
    }

    /// How often some distance is as rich.
    func chance(ofTail tail: Double) -> Double {
        guard tail < 1 else { return 1 }
        return RichPrefix.chance(
            ofTail: tail, ends: Array(counts.dropLast()), marked: divergedCount, total: total)
    }
}
