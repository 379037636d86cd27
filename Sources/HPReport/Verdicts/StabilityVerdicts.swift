import HPSearch

/// Says where the order of stages is not to be trusted: `unstable` configurations, and values
/// below the leader that are better than its own.
enum StabilityVerdicts {
    static func verdicts(of findings: Findings) -> [Verdict] {
        [unstable(findings), betterBelow(findings)].compactMap(\.self)
    }

    /// `unstable`: configurations that came to nothing with some seeds.
    private static func unstable(_ findings: Findings) -> Verdict? {
        let entries = findings.ranking.entries.filter { $0.standing == .unstable }
        guard !entries.isEmpty else { return nil }
        let named = entries.prefix(LeaderVerdict.namedMaximum).map { entry in
            "configuration \(entry.configuration) (\(entry.values.count) of "
                + "\(entry.replicateCount) seeds)"
        }
        let left = entries.count - named.count
        return Verdict(
            code: "unstable",
            message: named.joined(separator: ", ") + (left > 0 ? " and \(left) more" : "")
                + ": with the other seeds training DIVERGED or was FAIL, so the mean is that of "
                + "the survivors; they rank below all whose seeds completed")
    }

    /// `better-below`: something that ranks below the leader has a better value, by more than both
    /// errors together.
    private static func betterBelow(_ findings: Findings) -> Verdict? {
        let ranking = findings.ranking
        let study = findings.study
        let objective = study.spec.objective
        guard let leader = ranking.leader, let leaderError = ranking.leaderError else {
            return nil
        }
        let score = objective.score(leader.values.mean)
        let better = ranking.entries.filter { entry in
            guard entry != leader, entry.isComparable, entry.values.count > 0,
                let error = ranking.errors.error(of: entry)?.total
            else { return false }
            return objective.score(entry.values.mean) - score > error + leaderError
        }
        let best = better.max {
            objective.score($0.values.mean) < objective.score($1.values.mean)
        }
        guard let best, let error = ranking.errors.error(of: best)?.total else { return nil }
        let value = NumberFormat.fixed(best.values.mean, decimals: 4)
        let errors = [error, leaderError].map { NumberFormat.fixed($0, decimals: 4) }
        return Verdict(
            code: "better-below",
            message: "\(name(of: best, findings)) has \(value), better than the leader's "
                + "\(NumberFormat.fixed(leader.values.mean, decimals: 4)) by more than their "
                + "errors (\(errors[0]) and \(errors[1])): \(meaning(of: best, leader, findings))")
    }

    private static func name(of entry: RankedEntry, _ findings: Findings) -> String {
        let stage = findings.stageName(entry.stage)
        return entry.standing == .sampled
            ? "trial \(findings.study.trials[entry.first].number) of stage \(stage)"
            : "configuration \(entry.configuration) in stage \(stage)"
    }

    private static func meaning(
        of entry: RankedEntry, _ leader: RankedEntry, _ findings: Findings
    ) -> String {
        if entry.standing == .unstable {
            return "some of its seeds came to nothing, which its mean doesn't show"
        }
        let before = findings.study.spec.stages[entry.stage].epochs
        let now = findings.study.spec.stages[leader.stage].epochs
        if now < before {
            return "stage \(findings.stageName(leader.stage)) trains "
                + "\(FindingsText.epochs(now)) where that had \(FindingsText.epochs(before)), too "
                + "few to compare: give it as many"
        }
        return entry.configuration == leader.configuration
            ? "its seed was a lucky one, as the other seeds show: rely on the leader's value"
            : "it has one seed, the leader several: refit it with `from: top` before you rely on "
                + "either"
    }
}

extension RankedEntry {
    /// Whether its value is that of trials that ran to their end.
    fileprivate var isComparable: Bool {
        switch standing {
        case .refitted, .unstable, .sampled: true
        case .incomplete, .pruned, .running, .waiting, .diverged, .fail, .canceled: false
        }
    }
}
