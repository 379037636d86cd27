import HPSearch

/// `tie`: who can't be told apart from the leader.
enum TieVerdict {
    /// What is named; the table marks them all.
    private static let namedMaximum = 8

    static func verdict(of findings: Findings) -> Verdict? {
        let group = findings.ranking.rows.prefix { $0.tieGroup == 1 }
        /// The best replicate of each configuration.
        var leaders: [Trial] = []
        for row in group where leaders.last?.configuration != row.trial.configuration {
            leaders.append(row.trial)
        }
        guard leaders.count > 1, let leader = group.first else { return nil }
        let replicates = group.map { $0.configuration?.count ?? 1 }.min() ?? 1
        let named = list(leaders.map(\.number))
        let who =
            replicates > 1
            ? "configurations (of trials \(named) and their replicates)" : "trials (\(named))"
        let error = leader.trial.result?.standardError.map {
            " (\(NumberFormat.fixed($0, decimals: 4)))"
        }
        return Verdict(
            code: "tie",
            message:
                "the best \(leaders.count) \(who) lie within one standard error\(error ?? ""): "
                + "a tie; " + advice(findings, replicates))
    }

    private static func advice(_ findings: Findings, _ replicates: Int) -> String {
        if replicates > 1 {
            return "each has \(replicates) replicates already: more seeds, and more validation "
                + "examples, would tell them apart"
        }
        let isPlanned = findings.study.spec.stages.dropFirst(findings.study.stages.count)
            .contains { $0.source == .top && $0.replicates > 1 }
        return isPlanned && !findings.study.state.isTerminal
            ? "a later stage tells them apart with more seeds"
            : "a stage with `from: top` and `seeds: 3` would tell them apart"
    }

    private static func list(_ numbers: [Int]) -> String {
        let named = numbers.prefix(namedMaximum).map(String.init).joined(separator: ", ")
        let left = numbers.count - namedMaximum
        return left > 0 ? "\(named) and \(left) more" : named
    }
}
