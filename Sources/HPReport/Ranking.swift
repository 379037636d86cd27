package import HPSearch

/// Every trial that exists in the order of the report, the best first.
///
/// States come in the order COMPLETE, PRUNED, RUNNING, WAITING, CANCELED, FAIL, DIVERGED, and
/// within a state the later stage comes first. COMPLETE and PRUNED trials of one stage follow by
/// the mean value of their configuration, then by configuration, then by trial number; the others
/// by trial number.
package struct Ranking: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        /// From 1.
        package var rank: Int
        /// From 1 for COMPLETE trials, 0 for the others. A group is its leader and the rows after
        /// it, of the same stage, whose mean value lies within one standard error of the leader's.
        package var tieGroup: Int
        package var trial: Trial
        /// Over the replicates of the trial's configuration in its stage and state; nil without a
        /// value.
        package var configuration: ReplicateSummary?
    }

    package private(set) var rows: [Row]

    /// Ranks the trials that a study has now.
    package init(of study: Study) {
        let means = ConfigurationMeans(study.trials)
        let entries = study.trials.enumerated().map { index, trial in
            Entry(
                trial, at: index, mean: means.summary(of: trial)?.mean,
                goal: study.spec.objective.goal)
        }
        var groups = TieGroups()
        rows = entries.sorted(by: <).enumerated().map { position, entry in
            let trial = study.trials[entry.index]
            return Row(
                rank: position + 1, tieGroup: groups.next(entry), trial: trial,
                configuration: means.summary(of: trial))
        }
    }

    /// The best COMPLETE trial of the latest stage that has one; nil while there is none.
    package var leader: Trial? {
        rows.first.flatMap { $0.trial.state == .complete ? $0.trial : nil }
    }

    /// Each trial's rank, that of trial `n` at index `n - 1`.
    package var ranks: [Int] {
        var ranks = [Int](repeating: 0, count: rows.count)
        for row in rows { ranks[row.trial.number - 1] = row.rank }
        return ranks
    }
}

/// What a trial is ranked by; without the trial, so that sorting moves few bytes.
private struct Entry: Comparable {
    /// In the study's trials: those of a table may have numbers of their own.
    let index: Int
    let number: Int
    let stage: Int
    let configuration: Int
    let statePosition: Int
    let isComplete: Bool
    /// The more the better, whatever the goal; minus infinity without a value.
    let score: Double
    let standardError: Double

    init(_ trial: Trial, at index: Int, mean: Double?, goal: Objective.Goal) {
        self.index = index
        number = trial.number
        stage = trial.stage
        configuration = trial.configuration
        statePosition = Self.position(of: trial.state)
        isComplete = trial.state == .complete
        score = mean.map { goal == .maximize ? $0 : -$0 } ?? -.infinity
        standardError = trial.result?.standardError ?? 0
    }

    static func < (left: Entry, right: Entry) -> Bool {
        if left.statePosition != right.statePosition {
            return left.statePosition < right.statePosition
        }
        if left.stage != right.stage { return left.stage > right.stage }
        if left.score != right.score { return left.score > right.score }
        if left.score > -.infinity, left.configuration != right.configuration {
            return left.configuration < right.configuration
        }
        return left.number < right.number
    }

    private static func position(of state: Trial.State) -> Int {
        switch state {
        case .complete: 0
        case .pruned: 1
        case .running: 2
        case .waiting: 3
        case .canceled: 4
        case .fail: 5
        case .diverged: 6
        }
    }
}

/// The mean values of configurations over their replicates of one stage and state.
private struct ConfigurationMeans {
    private struct Key: Hashable {
        let stage: Int
        let configuration: Int
        let state: Trial.State

        /// Nil for a trial that has no mean, and for one that is alone: a search's trials, of
        /// which there may be a million, are replicate 0 of configurations of their own.
        init?(_ trial: Trial) {
            guard ConfigurationMeans.hasMean(trial), trial.replicate > 0 else { return nil }
            stage = trial.stage
            configuration = trial.configuration
            state = trial.state
        }
    }

    private var summaries: [Key: ReplicateSummary] = [:]

    /// Adds up in trial order, so that a mean has the same bits everywhere.
    init(_ trials: [Trial]) {
        for trial in trials {
            guard let key = Key(trial), let value = trial.result?.value, value.isFinite else {
                continue
            }
            summaries[key, default: ReplicateSummary()].add(value)
        }
    }

    func summary(of trial: Trial) -> ReplicateSummary? {
        if let key = Key(trial) { return summaries[key] }
        guard Self.hasMean(trial), let value = trial.result?.value, value.isFinite else {
            return nil
        }
        var summary = ReplicateSummary()
        summary.add(value)
        return summary
    }

    private static func hasMean(_ trial: Trial) -> Bool {
        trial.state == .complete || trial.state == .pruned
    }
}

/// Numbers tie groups down the ranked rows.
private struct TieGroups {
    private var group = 0
    private var leader: Entry?

    mutating func next(_ entry: Entry) -> Int {
        guard entry.isComplete else { return 0 }
        if let leader, belongs(entry, to: leader) { return group }
        group += 1
        leader = entry
        return group
    }

    private func belongs(_ entry: Entry, to leader: Entry) -> Bool {
        guard entry.stage == leader.stage else { return false }
        if entry.score == leader.score { return true }
        return leader.score - entry.score <= leader.standardError
    }
}
