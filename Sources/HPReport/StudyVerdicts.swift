package import HPSearch

/// What can be said of a study as a whole.
package enum StudyVerdicts {
    /// Fewer finished trials say nothing about a range.
    private static let divergenceEvidenceMinimum = 4

    /// They come in a fixed order: the leader; want of success; divergence: that most trials did,
    /// then which share; what is unstable, or better than the leader; the borders; and how far the
    /// order can be trusted: ties, what choosing flatters, trials that were still improving,
    /// budgets that mislead, a grid's few values, spaces that have no more configurations.
    package static func verdicts(of study: Study) -> [Verdict] {
        Findings(of: study, Ranking(of: study)).verdicts
    }

    static func verdicts(of findings: Findings) -> [Verdict] {
        let study = findings.study
        let accounting = Accounting(of: study)
        let outcomes = [
            noTrialSucceeded(study, accounting), mostlyDiverged(study, accounting),
            InfeasibleVerdict.verdict(of: findings),
        ]
        let trust = [
            TieVerdict.verdict(of: findings), SelectionVerdict.verdict(of: findings),
            ImprovementVerdict.verdict(of: findings),
        ]
        return [LeaderVerdict.verdict(of: findings)].compactMap(\.self)
            + outcomes.compactMap(\.self) + StabilityVerdicts.verdicts(of: findings)
            + Borders.verdicts(of: study) + trust.compactMap(\.self)
            + BudgetVerdicts.verdicts(of: findings)
            + [GridVerdict.verdict(of: study)].compactMap(\.self)
            + SpaceVerdict.verdicts(of: study)
    }

    private static func noTrialSucceeded(_ study: Study, _ accounting: Accounting) -> Verdict? {
        guard study.state.isTerminal, accounting.complete == 0 else { return nil }
        var message =
            "no trial succeeded: \(accounting.diverged) diverged, \(accounting.fail) failed, "
            + "\(accounting.canceled) were canceled"
        if let first = study.trials.first(where: { $0.state == .fail }) {
            message += "; trial \(first.number) failed first (\(first.reason)): \(first.detail)"
        }
        return Verdict(code: "no-trial-succeeded", parameter: nil, message: message)
    }

    private static func mostlyDiverged(_ study: Study, _ accounting: Accounting) -> Verdict? {
        guard accounting.finished >= divergenceEvidenceMinimum,
            2 * accounting.diverged > accounting.finished
        else { return nil }
        let share = "\(accounting.diverged) of \(accounting.finished) finished trials diverged"
        guard let index = study.spec.parameters.firstIndex(where: { $0.name == "learning_rate" }),
            let bounds = study.spec.parameters[index].domain.bounds
        else {
            let rate = NumberFormat.short(study.spec.train.learningRate)
            return Verdict(
                code: "mostly-diverged", parameter: nil,
                message: "\(share): learning_rate \(rate) is probably too high")
        }
        let lowest = study.trials.filter { $0.state == .diverged }
            .compactMap { $0.parameters[index].asNumber }.min()
        let from = lowest.map { ", from learning_rate \(NumberFormat.short($0)) on" } ?? ""
        return Verdict(
            code: "mostly-diverged", parameter: "learning_rate",
            message: "\(share)\(from): the high end of its range, "
                + "\(NumberFormat.short(bounds.high)), is too high")
    }
}
