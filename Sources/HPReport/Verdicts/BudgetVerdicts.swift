import HPSearch

/// `budget-misleads`: few epochs say too little about many.
enum BudgetVerdicts {
    /// HpBandSter's documentation: below it, small budgets are of no use.
    private static let correlationMinimum = 0.2
    /// The true correlation lies surely below it.
    private static let correlationMaximum = 0.5
    /// Fewer pairs say nothing.
    private static let evidenceMinimum = 8

    static func verdicts(of findings: Findings) -> [Verdict] {
        findings.budgetCorrelations.filter { budget in
            budget.differsBeyondNoise
                && budget.correlation.coefficient < correlationMinimum
                && budget.correlation.interval.high < correlationMaximum
                && budget.correlation.count >= evidenceMinimum
        }.map { budget in
            Verdict(
                code: "budget-misleads",
                message: FindingsText.sentence(of: budget, in: findings)
                    + ": so few epochs hardly tell which configurations are good; give stage "
                    + "\(findings.stageName(budget.from)) more of them")
        }
    }
}
