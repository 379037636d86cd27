package import HPSearch

/// Every trial that exists in the order of the report, the best first.
///
/// `Standings` orders entries, one configuration at one stage each. The rows of an entry stand
/// together, in the order of their replicates, whatever their state.
package struct Ranking: Sendable {
    package struct Row: Sendable, Hashable {
        /// From 1.
        package var rank: Int
        /// The group's number: from 1 for a COMPLETE trial whose entry has a known error, 0 for the
        /// others.
        ///
        /// A group is an entry and those after it, of the same kind and stage, whose mean differs
        /// from its mean by at most one standard error of the difference.
        package var tieGroup: Int
        package var trial: Trial
        /// The trial's entry.
        package var configuration: ConfigurationSummary
    }

    package private(set) var rows: [Row] = []
    /// The entries, the best first.
    let entries: [RankedEntry]
    /// The entry that the study stands for; nil while nothing is COMPLETE.
    package let leader: RankedEntry?
    let errors: EntryErrors
    /// The entries of the leader's tie group, the first of the ranking first.
    private(set) var tiedWithLeader: [RankedEntry] = []

    /// Ranks the trials that a study has now.
    ///
    /// - Parameter correctness: the validation rows of its trials, of as many as are known; ties
    ///   are told by them.
    package init(of study: Study, rows correctness: [TrialRows] = []) {
        let standings = Standings(of: study)
        entries = standings.entries
        leader = standings.leader(of: study)
        errors = EntryErrors(of: study, rows: correctness)
        rows.reserveCapacity(study.trials.count)
        var groups = TieGroups(errors)
        let numbers = entries.map { groups.next($0) }
        if let leader, let place = entries.firstIndex(of: leader), numbers[place] > 0 {
            tiedWithLeader = entries.indices.filter { numbers[$0] == numbers[place] }
                .map { entries[$0] }
        }
        for (entry, group) in zip(entries, numbers) {
            let summary = ConfigurationSummary(entry, error: errors.error(of: entry)?.total)
            for index in entry.trials {
                let trial = study.trials[index]
                rows.append(
                    Row(
                        rank: rows.count + 1, tieGroup: trial.state == .complete ? group : 0,
                        trial: trial, configuration: summary))
            }
        }
    }

    /// The standard error of the leader's mean; nil where it isn't known.
    var leaderError: Double? { leader.flatMap { errors.error(of: $0)?.total } }

    /// Each trial's rank, that of trial `n` at index `n - 1`.
    package var ranks: [Int] {
        var ranks = [Int](repeating: 0, count: rows.count)
        for row in rows { ranks[row.trial.number - 1] = row.rank }
        return ranks
    }
}

/// How the replicates of one configuration came out at one stage.
package struct ConfigurationSummary: Sendable, Hashable {
    package var standing: RankedEntry.Standing
    /// The mean of the COMPLETE replicates; nil without one.
    package var mean: Double?
    /// The standard error of the mean, from the validation rows and the spread of the replicates;
    /// nil where it isn't known.
    package var standardError: Double?
    package var completeCount: Int
    package var replicateCount: Int

    /// `refitted`, `unstable` or `incomplete`; nil for what was not refitted, or came to nothing.
    var mark: String? {
        switch standing {
        case .refitted: "refitted"
        case .unstable: "unstable"
        case .incomplete: "incomplete"
        case .sampled, .pruned, .running, .waiting, .diverged, .fail, .canceled: nil
        }
    }

    init(_ entry: RankedEntry, error: Double?) {
        standing = entry.standing
        mean = entry.values.count > 0 ? entry.values.mean : nil
        standardError = entry.values.count > 0 ? error : nil
        completeCount = entry.values.count
        replicateCount = entry.replicateCount
    }
}

/// Numbers tie groups down the ranked entries.
private struct TieGroups {
    private let errors: EntryErrors
    private var count = 0
    /// The first entry of the last group.
    private var leader: RankedEntry?

    init(_ errors: EntryErrors) { self.errors = errors }

    mutating func next(_ entry: RankedEntry) -> Int {
        guard entry.canTie, errors.error(of: entry) != nil else { return 0 }
        if let leader, errors.areTied(leader, entry) { return count }
        count += 1
        leader = entry
        return count
    }
}

extension RankedEntry {
    /// Whether it has a value of trials that ran to their end.
    fileprivate var canTie: Bool {
        switch standing {
        case .refitted, .unstable, .incomplete, .sampled: true
        case .pruned, .running, .waiting, .diverged, .fail, .canceled: false
        }
    }
}
