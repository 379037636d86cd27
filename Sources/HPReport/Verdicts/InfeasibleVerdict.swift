import HPSearch

/// `infeasible-share`: how much of each stage's space can't be trained.
enum InfeasibleVerdict {
    static func verdict(of findings: Findings) -> Verdict? {
        let shares = findings.infeasibleShares
        guard shares.contains(where: { $0.divergedCount > 0 }) else { return nil }
        let parts = shares.map { share in
            let low = percent(share.interval.lowerBound)
            let high = percent(share.interval.upperBound)
            return "\(findings.stageName(share.stage)) \(percent(share.share)) "
                + "(\(share.divergedCount) of \(TextLayout.count(share.finishedCount, "trial")) "
                + "diverged, 95% interval \(low) to \(high))"
        }
        return Verdict(
            code: "infeasible-share",
            message: "share of each stage's space that can't be trained: "
                + parts.joined(separator: ", "))
    }

    private static func percent(_ share: Double) -> String {
        NumberFormat.fixed(share * 100, decimals: share > 0 && share < 0.1 ? 1 : 0) + "%"
    }
}
