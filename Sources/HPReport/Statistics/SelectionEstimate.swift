import HPSearch

/// Estimates what the leader's value is worth on new data.
///
/// The best of many configurations at the best of many epochs was chosen on the rows that it is
/// measured on, which flatters. So the choice is made again for each fold of the validation rows
/// without that fold, as `CrossedCorrectness` chooses epochs, and measured on it: no row is judged
/// by a choice that it had a part in (Cawley and Talbot 2010, "On over-fitting in model selection
/// and subsequent selection bias in performance evaluation").
///
/// The luck of seeds was chosen, too. So one seed of each configuration is left out of the choice
/// along with the fold, and measured: each in turn. Where the leader has a single seed, those that
/// can't be told apart from the best stand for it together, over which such luck evens out.
struct SelectionEstimate: Sendable, Hashable {
    /// The leader's mean, as the report ranks it.
    var value: Double
    /// The accuracy to expect on new data.
    var expected: Double
    /// The interval that holds the accuracy on new data in 95 of 100 studies.
    var interval: ClosedRange<Double>
    /// Configurations that were chosen from, and evaluations of each trial.
    var configurationCount: Int
    var evaluationCount: Int
    /// Rows of the validation split.
    var rowCount: Int

    /// How much choosing flatters.
    var flattery: Double { value - expected }

    /// The share of studies whose interval holds the truth.
    static let level = 0.95

    /// - Returns: nil where it isn't known which rows the trials got right.
    init?(of study: Study, _ ranking: Ranking) {
        guard study.spec.objective.metric == .validationAccuracy,
            study.spec.objective.goal == .maximize, let leader = ranking.leader,
            let choice = SelectionChoice(of: study, ranking, leader)
        else { return nil }
        let rowCount = choice.rowCount
        let folds = CrossedCorrectness.foldCount(of: rowCount)
        guard folds > 1 else { return nil }
        var sum = 0.0
        var squares = 0.0
        for fold in 0..<folds {
            let parts = (0..<choice.replicateCount).map { choice.part(fold: fold, replicate: $0) }
            for row in stride(from: fold, to: rowCount, by: folds) {
                let share = parts.reduce(0) { $0 + $1.share(ofRow: row) } / Double(parts.count)
                sum += share
                squares += share * share
            }
        }
        value = leader.values.mean
        expected = sum / Double(rowCount)
        let mean = (sum + 0.5) / Double(rowCount + 1)
        let variance =
            max(0, (squares + 0.5) / Double(rowCount + 1) - mean * mean) / Double(rowCount + 1)
        // As many rows as would give such a variance by themselves.
        let count = mean * (1 - mean) / (variance + choice.seedVariance(of: leader))
        interval = WilsonInterval.around(
            expected, of: count, quantile: Self.quantiles[folds - 2])
        configurationCount = choice.configurationCount
        evaluationCount =
            leader.trials.compactMap { study.trials[$0].result?.objectiveCurve.count }.max() ?? 1
        self.rowCount = rowCount
    }

    /// Student's quantiles at 97.5% of 1 to 9 degrees of freedom: the choice was made as many times
    /// and once more.
    private static let quantiles = [
        12.706_204_74, 4.302_652_73, 3.182_446_31, 2.776_445_11, 2.570_581_84, 2.446_911_85,
        2.364_624_25, 2.306_004_14, 2.262_157_16,
    ]
}

/// The choice of a leader, made again without a part of the rows.
private struct SelectionChoice {
    /// An entry that may lead.
    struct Candidate {
        let entry: RankedEntry
        let replicates: [CrossedCorrectness]

        /// The replicate that is measured where one is left out of the choice.
        func measured(_ replicate: Int) -> CrossedCorrectness {
            replicates[replicate % replicates.count]
        }

        /// Rows outside a fold that are right, on average over the replicates but one; a single
        /// one stays.
        func rightCount(outside fold: Int, without replicate: Int? = nil) -> Double {
            let all = replicates.reduce(0) { $0 + $1.rightOutside[fold] }
            guard let replicate, replicates.count > 1 else {
                return Double(all) / Double(replicates.count)
            }
            return Double(all - measured(replicate).rightOutside[fold])
                / Double(replicates.count - 1)
        }
    }

    /// One fold of the rows and one replicate, and who leads without them.
    struct Part {
        let measured: [CrossedCorrectness]

        /// The share of those who lead that got a row right.
        func share(ofRow row: Int) -> Double {
            Double(measured.count { $0.rows[row] }) / Double(measured.count)
        }
    }

    /// In the order of the ranking.
    private let candidates: [Candidate]
    /// The sampled trials that the refitted configurations were chosen from; empty where the
    /// leader was not refitted.
    private let drawn: [Candidate]
    let rowCount: Int
    let configurationCount: Int
    /// The most replicates that a candidate has.
    let replicateCount: Int
    /// The error of the difference between a leader of a single seed and those tied with it; 0
    /// where there are several seeds, or no ties.
    private let tieMargin: Double

    init?(of study: Study, _ ranking: Ranking, _ leader: RankedEntry) {
        guard let rowCount = ranking.errors.trialRows(of: leader)?.first?.correctness.count else {
            return nil
        }
        let entries = { (isIncluded: (RankedEntry) -> Bool) in
            ranking.entries.filter(isIncluded).compactMap { entry in
                Self.candidate(entry, ranking.errors, rowCount)
            }
        }
        let isSampled = leader.standing == .sampled
        candidates = entries {
            $0.standing == leader.standing && (isSampled || $0.stage == leader.stage)
        }
        drawn = isSampled ? [] : entries { $0.standing == .sampled }
        guard candidates.contains(where: { $0.entry == leader }) else { return nil }
        let tied = ranking.tiedWithLeader.filter { $0 != leader }
        let errors = tied.compactMap { ranking.errors.error(between: leader, and: $0)?.total }
        tieMargin =
            leader.values.count > 1 || errors.isEmpty
            ? 0 : errors.reduce(0, +) / Double(errors.count)
        self.rowCount = rowCount
        replicateCount = candidates.map(\.replicates.count).max() ?? 1
        configurationCount = ranking.entries.count { $0.standing == .sampled }
    }

    /// - Returns: nil where it isn't known which of so many rows all replicates got right.
    private static func candidate(
        _ entry: RankedEntry, _ errors: EntryErrors, _ rowCount: Int
    ) -> Candidate? {
        guard let rows = errors.trialRows(of: entry) else { return nil }
        let crossed = rows.compactMap(\.crossed).filter { $0.rows.count == rowCount }
        return crossed.count == rows.count ? Candidate(entry: entry, replicates: crossed) : nil
    }

    /// The leader that rows outside of a fold and the other replicates choose: first which sampled
    /// configurations are refitted, then the best of these; with it those that can't be told apart
    /// from it, where there is one seed each.
    func part(fold: Int, replicate: Int) -> Part {
        let refitted = drawn.isEmpty ? candidates : candidatesDrawn(without: fold)
        let rightCount = { (candidate: Candidate) in
            candidate.rightCount(outside: fold, without: replicate)
        }
        let best = Self.best(of: refitted.isEmpty ? candidates : refitted, by: rightCount)
        guard tieMargin > 0 else { return Part(measured: [best.measured(replicate)]) }
        let outside =
            rowCount - CrossedCorrectness.rowCount(ofFold: fold, of: rowCount)
        let least = rightCount(best) - tieMargin * Double(outside)
        return Part(
            measured: candidates.filter { rightCount($0) >= least }.map { $0.measured(replicate) })
    }

    private func candidatesDrawn(without fold: Int) -> [Candidate] {
        let best = drawn.enumerated().sorted { left, right in
            let first = left.element.rightCount(outside: fold)
            let second = right.element.rightCount(outside: fold)
            return first != second ? first > second : left.offset < right.offset
        }.prefix(candidates.count).map(\.element.entry.configuration)
        let chosen = Set(best)
        return candidates.filter { chosen.contains($0.entry.configuration) }
    }

    private static func best(
        of candidates: [Candidate], by rightCount: (Candidate) -> Double
    ) -> Candidate {
        var best = candidates[0]
        for candidate in candidates.dropFirst() where rightCount(candidate) > rightCount(best) {
            best = candidate
        }
        return best
    }

    /// The variance of a mean over the leader's seeds, from the spread of all entries that were
    /// refitted with several.
    func seedVariance(of leader: RankedEntry) -> Double {
        var squares = 0.0
        var freedom = 0
        for candidate in candidates {
            guard let variance = candidate.entry.values.variance else { continue }
            squares += variance * Double(candidate.entry.values.count - 1)
            freedom += candidate.entry.values.count - 1
        }
        guard freedom > 0 else { return 0 }
        return squares / Double(freedom) / Double(leader.values.count)
    }
}
