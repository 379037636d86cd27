import HPSearch

/// Findings in words, as the table and the figures' captions have them.
enum FindingsText {
    /// The importance of every parameter, then what few epochs foretell; wrapped.
    static func lines(of findings: Findings) -> [String] {
        let importance = importance(of: findings).map { sentence in
            TextLayout.wrap(sentence.text, after: sentence.title + ": ")
        }
        return (importance ?? [])
            + findings.budgetCorrelations.flatMap {
                TextLayout.wrap(sentence(of: $0, in: findings), after: "budget: ")
            }
    }

    /// `importance in stage fine` and `learning_rate +0.88 [0.72, 0.95], ... (22 trials)`.
    static func importance(of findings: Findings) -> (title: String, text: String)? {
        guard let first = findings.importances.first else { return nil }
        let counts = findings.importances.map(\.trialCount)
        let isShared = counts.allSatisfy { $0 == first.trialCount }
        let parts = findings.importances.map { importance in
            let count = isShared ? "" : " of \(TextLayout.count(importance.trialCount, "trial"))"
            return "\(TextLayout.printable(importance.parameter)) \(value(of: importance))" + count
        }
        let basis =
            "rank correlation with \(objective(findings.study.spec.objective))"
            + (isShared ? ", \(TextLayout.count(first.trialCount, "trial"))" : "")
        return (
            "importance in stage \(TextLayout.printable(findings.stageName(first.stage)))",
            "\(parts.joined(separator: ", ")) (\(basis))"
        )
    }

    /// `+0.88 [0.72, 0.95]`; `0.41, best relu` for a choice.
    static func value(of importance: Importance) -> String {
        let number = NumberFormat.fixed(importance.correlation, decimals: 2)
        guard let interval = importance.interval else {
            let best = importance.bestValue.map { ", best \(TextLayout.printable($0.text))" }
            return number + (best ?? "")
        }
        let sign = importance.correlation > 0 ? "+" : ""
        return sign + number + " " + text(of: interval)
    }

    /// `val_accuracy`, or `a lower val_loss`: what positive correlations lead to.
    static func objective(_ objective: Objective) -> String {
        (objective.goal == .minimize ? "a lower " : "") + objective.metric.rawValue
    }

    /// What the few epochs of a stage foretell of the many of another.
    static func sentence(of budget: BudgetCorrelation, in findings: Findings) -> String {
        let to = TextLayout.printable(findings.stageName(budget.to))
        let interval = budget.correlation.interval
        let strength =
            "rank correlation \(NumberFormat.fixed(budget.correlation.coefficient, decimals: 2)) "
            + text(of: interval.low...interval.high)
        let epochs = NumberFormat.short(budget.fromEpochs)
        let allEpochs = NumberFormat.short(budget.toEpochs)
        return "in stage \(to) the order at epoch \(epochs) of \(allEpochs) foretells the order at "
            + "the end with \(strength), "
            + TextLayout.count(budget.correlation.count, "trial")
    }

    /// `1 epoch`, `0.5 epochs`.
    static func epochs(_ count: Double) -> String {
        "\(NumberFormat.short(count)) epoch\(count == 1 ? "" : "s")"
    }

    /// `[0.72, 0.95]`.
    static func text(of interval: ClosedRange<Double>) -> String {
        "[\(NumberFormat.fixed(interval.lowerBound, decimals: 2)), "
            + "\(NumberFormat.fixed(interval.upperBound, decimals: 2))]"
    }
}
