import HPSearch

/// How far a mean, or the difference of two, may be off.
struct EntryError: Sendable, Hashable {
    /// The variance that comes of the validation rows being a sample.
    var rows: Double
    /// The variance that comes of the seeds; 0 where a single seed shows none.
    var seeds: Double
    /// Whether two entries were compared row by row.
    var isPaired: Bool

    /// The standard error.
    var total: Double { (rows + seeds).squareRoot() }
}

/// The errors of a study's entries.
///
/// All entries are measured on the same validation rows. Where it is known which rows they got
/// right, differences are taken row by row: √(row variance of the mean correctness / n + seed
/// variance / r) for a mean over r replicates. Elsewhere errors are taken as independent.
struct EntryErrors: Sendable {
    private let study: Study
    private let rows: [Int: TrialRows]

    init(of study: Study, rows: [TrialRows]) {
        self.study = study
        self.rows = Dictionary(rows.map { ($0.trial, $0) }) { first, _ in first }
    }

    /// The rows of the COMPLETE trials of an entry, in the order of their replicates; nil where
    /// one isn't known.
    func trialRows(of entry: RankedEntry) -> [TrialRows]? {
        let known = completeTrials(of: entry).map { rows[$0.number] }
        let all = known.compactMap(\.self)
        return all.isEmpty || all.count < known.count ? nil : all
    }

    /// The error of the mean; nil where it isn't known.
    func error(of entry: RankedEntry) -> EntryError? {
        guard entry.values.count > 0 else { return nil }
        // A search may have a million entries of one trial each.
        if entry.replicateCount == 1 {
            return study.trials[entry.first].standardError.map {
                EntryError(rows: $0 * $0, seeds: 0, isPaired: false)
            }
        }
        guard let rows = rowVariance(of: entry) else { return nil }
        return EntryError(rows: rows, seeds: seedVariance(of: entry), isPaired: false)
    }

    /// The error of the difference between the means; nil where it isn't known.
    func error(between first: RankedEntry, and second: RankedEntry) -> EntryError? {
        let seeds = seedVariance(of: first) + seedVariance(of: second)
        if first.replicateCount == 1, second.replicateCount == 1 {
            return errorOfSingles(study.trials[first.first], study.trials[second.first])
        }
        if let left = counts(of: first), let right = counts(of: second),
            left.rowCount == right.rowCount
        {
            return EntryError(
                rows: RowCounts.varianceOfDifference(left, right), seeds: seeds, isPaired: true)
        }
        guard let left = rowVariance(of: first), let right = rowVariance(of: second) else {
            return nil
        }
        return EntryError(rows: left + right, seeds: seeds, isPaired: false)
    }

    /// Whether two entries of one kind can't be told apart.
    func areTied(_ first: RankedEntry, _ second: RankedEntry) -> Bool {
        guard first.standing == second.standing,
            first.standing == .sampled || first.stage == second.stage,
            let error = error(between: first, and: second)
        else { return false }
        return (first.values.mean - second.values.mean).magnitude <= error.total
    }

    // MARK: - Parts

    private func errorOfSingles(_ first: Trial, _ second: Trial) -> EntryError? {
        if let left = rows[first.number]?.correctness, let right = rows[second.number]?.correctness,
            let variance = RowCounts.varianceOfDifference(left, right)
        {
            return EntryError(rows: variance, seeds: 0, isPaired: true)
        }
        guard let left = first.standardError, let right = second.standardError else { return nil }
        return EntryError(rows: left * left + right * right, seeds: 0, isPaired: false)
    }

    private func completeTrials(of entry: RankedEntry) -> [Trial] {
        entry.trials.map { study.trials[$0] }.filter {
            $0.state == .complete && $0.finiteValue != nil
        }
    }

    private func counts(of entry: RankedEntry) -> RowCounts? {
        trialRows(of: entry).flatMap { RowCounts($0.map(\.correctness)) }
    }

    private func seedVariance(of entry: RankedEntry) -> Double {
        (entry.values.variance ?? 0) / Double(max(1, entry.values.count))
    }

    /// Replicates share their rows: without the rows themselves, their mean is taken to be as far
    /// off as one of them.
    private func rowVariance(of entry: RankedEntry) -> Double? {
        if let counts = counts(of: entry) { return counts.varianceOfMean }
        let errors = completeTrials(of: entry).map(\.standardError)
        let known = errors.compactMap(\.self)
        guard !known.isEmpty, known.count == errors.count else { return nil }
        return known.reduce(0) { $0 + $1 * $1 } / Double(known.count)
    }
}

extension Trial {
    /// The standard error of the value; nil where it isn't known. No value is exact: an error of 0
    /// is one that a former release could not tell.
    var standardError: Double? {
        result?.standardError.flatMap { $0 > 0 ? $0 : nil }
    }
}
