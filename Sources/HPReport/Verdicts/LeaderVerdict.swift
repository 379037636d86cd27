import HPSearch

/// `leader`: the configuration to use.
enum LeaderVerdict {
    /// Configurations that are named; the table marks them all.
    static let namedMaximum = 8

    static func verdict(of findings: Findings) -> Verdict? {
        let ranking = findings.ranking
        let study = findings.study
        guard let entry = ranking.leader else { return nil }
        let leader = Leader(entry, of: study)
        let error = ranking.leaderError.map { " ± \(NumberFormat.fixed($0, decimals: 4))" }
        var parts = [
            "use configuration \(leader.configuration)\(parameters(of: leader, study)): "
                + "\(study.spec.objective.metric.rawValue) "
                + NumberFormat.fixed(leader.value, decimals: 4) + (error ?? "")
        ]
        parts.append(seeds(leader))
        let tied = ranking.tiedWithLeader.filter { $0 != entry }.map(\.configuration)
        if !tied.isEmpty { parts.append("tied with \(list(tied))") }
        return Verdict(code: "leader", message: parts.joined(separator: ", "))
    }

    private static func seeds(_ leader: Leader) -> String {
        leader.replicateCount == 1
            ? "one seed" : "\(leader.completeCount) of \(leader.replicateCount) seeds"
    }

    /// ` (learning_rate 0.01545, reg 6.629e-6)`
    private static func parameters(of leader: Leader, _ study: Study) -> String {
        guard let trial = study.trials.first(where: { $0.number == leader.trial }) else {
            return ""
        }
        let texts = zip(study.spec.parameters, trial.parameters).filter { $1 != .inactive }.map {
            "\($0.name) \($1.asNumber.map { NumberFormat.short($0) } ?? $1.text)"
        }
        return texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
    }

    /// `62, 65 and 3 more`
    static func list(_ numbers: [Int]) -> String {
        let named = numbers.prefix(namedMaximum).map(String.init)
        let left = numbers.count - named.count
        if left > 0 { return "\(named.joined(separator: ", ")) and \(left) more" }
        guard let last = named.last, named.count > 1 else { return named.first ?? "" }
        return "\(named.dropLast().joined(separator: ", ")) and \(last)"
    }
}
