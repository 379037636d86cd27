/// Every entry of a study, the best first.
///
/// Refitted entries whose replicates all completed come first, those of the latest stage before
/// others, by mean; then unstable and incomplete ones, likewise; then COMPLETE sampled trials of
/// all stages, by value, also those whose configuration was refitted later; then PRUNED trials by
/// the epoch that they reached, and by value; then what runs and what waits; then what DIVERGED,
/// what is FAIL and what was canceled, by number.
package struct Standings: Sendable {
    package let entries: [RankedEntry]

    package init(of study: Study) {
        self.init(study.sampledEntries + study.refittedEntries, of: study)
    }

    private init(_ entries: [RankedEntry], of study: Study) {
        let keys = entries.indices.map { Key(entries[$0], at: $0, of: study) }
        self.entries = keys.sorted().map { entries[$0.position] }
    }

    /// The entry that a study stands for: the first refitted one whose replicates all completed;
    /// if there is none, the best sampled one whose configuration was not refitted; else the first
    /// unstable one. Nil while nothing is COMPLETE.
    ///
    /// - Parameter study: that the entries are of.
    package func leader(of study: Study) -> RankedEntry? {
        let first = { (standing: RankedEntry.Standing) in
            entries.first { $0.standing == standing }
        }
        if let refitted = first(.refitted) { return refitted }
        let ended = entries.filter { study.isRefit($0) && $0.hasEnded }
        let sampled = entries.first { entry in
            entry.standing == .sampled
                && !ended.contains { study.haveSameParameters($0, entry) }
        }
        return sampled ?? first(.unstable)
    }

    /// The leader of a study whose best sampled trial is known, without ranking them all.
    ///
    /// - Parameter bestSampled: the index of the COMPLETE sampled trial that ranks first; nil
    ///   without one.
    package static func leader(of study: Study, bestSampled: Int?) -> RankedEntry? {
        let sampled = bestSampled.map { RankedEntry(sampled: $0, of: study) }
        let few = Standings(study.refittedEntries + [sampled].compactMap(\.self), of: study)
        let leader = few.leader(of: study)
        // The best sampled one may have been refitted in vain: then it is the next one's turn.
        if sampled == nil || leader?.standing == .refitted || leader?.standing == .sampled {
            return leader
        }
        return Standings(of: study).leader(of: study)
    }

    /// The columns that order entries, without the entries: sorting moves few bytes.
    private struct Key: Comparable {
        let position: Int
        let standing: UInt8
        /// The more, the earlier.
        let level: Double
        /// The more, the earlier.
        let score: Double
        let configuration: Int
        let number: Int

        init(_ entry: RankedEntry, at position: Int, of study: Study) {
            let trial = study.trials[entry.first]
            self.position = position
            standing = UInt8(entry.standing.rawValue)
            configuration = entry.configuration
            number = trial.number
            score =
                entry.values.count > 0
                ? study.spec.objective.score(entry.values.mean) : -.infinity
            switch entry.standing {
            case .refitted, .unstable, .incomplete: level = Double(entry.stage)
            case .pruned: level = trial.result?.epochs ?? 0
            case .sampled, .running, .waiting, .diverged, .fail, .canceled: level = 0
            }
        }

        static func < (left: Key, right: Key) -> Bool {
            if left.standing != right.standing { return left.standing < right.standing }
            if left.level != right.level { return left.level > right.level }
            if left.score != right.score { return left.score > right.score }
            if left.score > -.infinity, left.configuration != right.configuration {
                return left.configuration < right.configuration
            }
            return left.number < right.number
        }
    }
}

extension Objective {
    /// `value`, negated where the goal is to minimize: the more the better.
    package func score(_ value: Double) -> Double { goal == .maximize ? value : -value }
}

extension Study {
    /// One entry for each sampled trial, in trial order.
    fileprivate var sampledEntries: [RankedEntry] {
        trials.indices.filter { spec.stages[trials[$0].stage].source == .sampler }
            .map { RankedEntry(sampled: $0, of: self) }
    }

    /// One entry for each refitted configuration, in trial order.
    fileprivate var refittedEntries: [RankedEntry] {
        stages.filter { spec.stages[$0.index].source == .top }.flatMap { stage in
            let own = (stage.firstTrial - 1)..<(stage.firstTrial - 1 + stage.trialCount)
            var groups: [[Int]] = []
            var positions: [Int: Int] = [:]
            for index in own.clamped(to: trials.indices) {
                let configuration = trials[index].configuration
                if let position = positions[configuration] {
                    groups[position].append(index)
                } else {
                    positions[configuration] = groups.count
                    groups.append([index])
                }
            }
            return groups.map { RankedEntry(refitted: $0, of: self) }
        }
    }

    fileprivate func isRefit(_ entry: RankedEntry) -> Bool {
        spec.stages[entry.stage].source == .top
    }

    fileprivate func haveSameParameters(_ first: RankedEntry, _ second: RankedEntry) -> Bool {
        trials[first.first].parameters == trials[second.first].parameters
    }
}
