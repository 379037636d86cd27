import HPSearch

/// `selection`: how much choosing the best of many flatters the leader, and what to expect of it.
enum SelectionVerdict {
    static func verdict(of findings: Findings) -> Verdict? {
        guard let estimate = findings.selection else { return nil }
        let low = NumberFormat.fixed(estimate.interval.lowerBound, decimals: 4)
        let high = NumberFormat.fixed(estimate.interval.upperBound, decimals: 4)
        let flattery = NumberFormat.fixed(max(0, estimate.flattery), decimals: 4)
        return Verdict(
            code: "selection",
            message: "\(NumberFormat.fixed(estimate.value, decimals: 4)) is \(choice(estimate)), "
                + "chosen on the \(estimate.rowCount) rows that it is measured on, which flatters "
                + "by \(flattery): expect \(NumberFormat.fixed(estimate.expected, decimals: 4)) on "
                + "new data, 95% interval \(low) to \(high)")
    }

    /// `the best of 64 configurations at the best of 30 epochs`
    private static func choice(_ estimate: SelectionEstimate) -> String {
        let configurations =
            estimate.configurationCount == 1
            ? "one configuration" : "the best of \(estimate.configurationCount) configurations"
        return estimate.evaluationCount == 1
            ? configurations
            : configurations + " at the best of \(estimate.evaluationCount) evaluations"
    }
}
