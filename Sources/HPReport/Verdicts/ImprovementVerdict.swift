import HPSearch

/// `still-improving`: the best trials of the last stage ended before they were done.
enum ImprovementVerdict {
    static func verdict(of findings: Findings) -> Verdict? {
        guard let leader = findings.leaderTrial else { return nil }
        let objective = findings.study.spec.objective
        let best = findings.ranking.rows.prefix {
            $0.trial.state == .complete && $0.trial.stage == leader.stage
        }.prefix(5).map(\.trial)
        let improving = best.filter {
            TrialFlag.flags(of: $0, objective: objective).contains(.stillImproving)
        }
        let isLeader = improving.first?.number == leader.number
        guard isLeader || improving.count >= 2 else { return nil }
        let numbers = improving.map { "\($0.number)" }.joined(separator: ", ")
        let stage = findings.stageName(leader.stage)
        let who =
            improving.count == 1
            ? "the best trial of stage \(stage) (\(numbers))"
            : "\(improving.count) of the best \(best.count) trials of stage \(stage) (\(numbers))"
        return Verdict(
            code: "still-improving",
            message: "\(who) rose to the last epoch by more than noise: more epochs would probably "
                + "help")
    }
}
