import HPSearch

/// `tie`: how many configurations can't be told apart from the leader, and what would tell them
/// apart; `no-error` where nothing can be said of ties.
enum TieVerdict {
    static func verdict(of findings: Findings) -> Verdict? {
        let ranking = findings.ranking
        guard let leader = ranking.leader else { return nil }
        guard ranking.leaderError != nil else {
            return Verdict(
                code: "no-error",
                message: "the standard error of "
                    + "\(findings.study.spec.objective.metric.rawValue) isn't known: no ties are "
                    + "told, and configurations are ranked by their values alone")
        }
        let tied = ranking.tiedWithLeader.filter { $0 != leader }
        let errors = tied.compactMap { ranking.errors.error(between: leader, and: $0) }
        guard !tied.isEmpty, errors.count == tied.count else { return nil }
        let typical = typicalError(errors)
        let isPaired = errors.allSatisfy(\.isPaired)
        let basis =
            isPaired
            ? "compared on the same rows" : "taken as independent: their rows are not known"
        return Verdict(
            code: "tie",
            message: "\(tied.count + 1) configurations, the leader's included, lie within one "
                + "standard error of the difference "
                + "(\(NumberFormat.fixed(typical.total, decimals: 4)), \(basis)): a tie; "
                + advice(findings, leader, typical))
    }

    /// The mean variances of the differences.
    private static func typicalError(_ errors: [EntryError]) -> EntryError {
        let count = Double(errors.count)
        return EntryError(
            rows: errors.reduce(0) { $0 + $1.rows } / count,
            seeds: errors.reduce(0) { $0 + $1.seeds } / count,
            isPaired: errors.allSatisfy(\.isPaired))
    }

    private static func advice(
        _ findings: Findings, _ leader: RankedEntry, _ error: EntryError
    ) -> String {
        guard leader.values.count > 1 else {
            let isPlanned = findings.study.spec.stages.dropFirst(findings.study.stages.count)
                .contains { $0.source == .top && $0.replicates > 1 }
            return isPlanned && !findings.study.state.isTerminal
                ? "a later stage compares the best over several seeds"
                : "one seed each: a stage with `from: top` and `seeds: 3` shows what is the seed's "
                    + "luck, and more validation rows shrink the rest"
        }
        let share = Int((100 * error.rows / (error.rows + error.seeds)).rounded())
        return error.rows >= error.seeds
            ? "\(share)% of that variance comes of the validation rows: four times as many halve it"
            : "\(100 - share)% of that variance comes of the seeds: four times as many as the "
                + "\(leader.replicateCount) of each halve it"
    }
}
