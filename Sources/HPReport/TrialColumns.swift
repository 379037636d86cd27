import HPSearch

/// The columns of the ranked table; `att` has something to say from the second attempt on.
struct TrialColumns {
    var study: Study
    var rows: ArraySlice<Ranking.Row>

    func all() -> [TextTable.Column] {
        let metric = study.spec.objective.metric
        return [
            TextTable.Column("rank", .left, ranks()),
            column("trial") { "\($0.number)" },
            column("stage", .left) { study.spec.stages[$0.stage].name },
            column("state", .left) { $0.state.rawValue },
            column(metric.shortName) { fixed($0.result?.value, decimals: 4) },
            column("±") { fixed($0.standardError, decimals: 4) },
            TextTable.Column("mean", .right, means()),
            TextTable.Column("seeds", .left, seeds()),
            column("best@ep") { $0.result?.value == nil ? "" : short($0.result?.bestEpoch) },
            column("train_acc") { fixed($0.result?.metrics.trainingAccuracy, decimals: 4) },
            column("gap") { gap($0.result?.metrics) },
            column("loss0→loss") { losses($0.result?.metrics) },
        ] + parameters() + [
            column("epochs") { short($0.result?.epochs) },
            column("time") { $0.result.map { NumberFormat.duration(seconds: $0.seconds) } ?? "" },
            column("worker", .left) { $0.worker },
            column("att") { $0.attempts < 2 ? "" : "\($0.attempts)" },
            column("flags", .left) { marks(of: $0) },
        ]
    }

    /// Whether the second row can't be told apart from the leader of the first.
    static func isTied(_ row: Ranking.Row, _ next: Ranking.Row) -> Bool {
        next.tieGroup > 0 && next.tieGroup == row.tieGroup
    }

    private func column(
        _ title: String, _ alignment: TextTable.Alignment = .right, _ cell: (Trial) -> String
    ) -> TextTable.Column {
        TextTable.Column(title, alignment, rows.map { cell($0.trial) })
    }

    /// `=` marks a row that is tied to the one above it.
    private func ranks() -> [String] {
        var previous: Ranking.Row?
        return rows.map { row in
            defer { previous = row }
            let isTied = previous.map { Self.isTied($0, row) } ?? false
            return "\(row.rank)\(isTied ? "=" : "")"
        }
    }

    /// The mean of each configuration's replicates with its standard error; nothing where no
    /// configuration has several.
    private func means() -> [String] {
        rows.map { row in
            let summary = row.configuration
            guard summary.replicateCount > 1, let mean = summary.mean else { return "" }
            let error = summary.standardError.map { " ±\(fixed($0, decimals: 4))" }
            return fixed(mean, decimals: 4) + (error ?? "")
        }
    }

    /// `3 of 6 unstable`: the seeds that completed; nothing where no configuration has several.
    private func seeds() -> [String] {
        rows.map { row in
            let summary = row.configuration
            guard summary.replicateCount > 1, let mark = summary.mark else { return "" }
            return "\(summary.completeCount) of \(summary.replicateCount)"
                + (summary.standing == .refitted ? "" : " \(mark)")
        }
    }

    /// The flags of a trial, and why it came to nothing: first what says more. That a trial's loss
    /// grew too large its state says already, and its flag what to do about it.
    private func marks(of trial: Trial) -> String {
        let reason = trial.reason.isEmpty ? [] : [trial.reason]
        let flags = TrialJSON.flags(of: study, trial)
        let marks = trial.state == .diverged ? flags + reason : reason + flags
        var text = marks.first ?? ""
        var left = max(0, marks.count - 1)
        for mark in marks.dropFirst() {
            guard text.count + 1 + mark.count <= Self.marksWidth - (left > 1 ? 3 : 0) else { break }
            text += " " + mark
            left -= 1
        }
        return left > 0 ? "\(text) +\(left)" : text
    }

    /// What two flags may take; the rest are counted.
    private static let marksWidth = 16

    private func gap(_ metrics: TrialMetrics?) -> String {
        guard let training = metrics?.trainingAccuracy,
            let validation = metrics?.validationAccuracy
        else { return "" }
        return fixed(training - validation, decimals: 3)
    }

    private func losses(_ metrics: TrialMetrics?) -> String {
        if metrics?.initialLoss == nil, metrics?.trainingLoss == nil { return "" }
        let texts = [metrics?.initialLoss, metrics?.trainingLoss].map { loss in
            guard let loss else { return "?" }
            return NumberFormat.prefersExponent(loss) && loss > 1
                ? NumberFormat.scientific(loss, decimals: 1)
                : NumberFormat.fixed(loss, decimals: 3)
        }
        return texts.joined(separator: "→")
    }

    // MARK: - Parameters

    private func parameters() -> [TextTable.Column] {
        study.spec.parameters.indices.map { index in
            let name = study.spec.parameters[index].name
            let values = rows.map { $0.trial.parameters[index] }
            if name == "init" {
                return TextTable.Column(name, .left, values.map(Self.initialization))
            }
            let areNumbers = values.allSatisfy { $0.asNumber != nil || $0 == .inactive }
            return TextTable.Column(name, areNumbers ? .right : .left, Self.texts(values))
        }
    }

    /// `he`, or a deviation of the spec's as `scale 0.05`.
    private static func initialization(_ value: ParameterValue) -> String {
        guard case .number(let scale) = value else { return value.text }
        return "scale \(NumberFormat.short(scale))"
    }

    /// One notation down the whole column: with exponents as soon as one number needs one.
    private static func texts(_ values: [ParameterValue]) -> [String] {
        let hasExponents = values.contains { value in
            guard case .number(let number) = value else { return false }
            return NumberFormat.prefersExponent(number)
        }
        return values.map { value in
            guard case .number(let number) = value else { return value.text }
            return hasExponents
                ? NumberFormat.scientific(number, decimals: 3)
                : NumberFormat.significant(number, digits: 4)
        }
    }

    private func fixed(_ number: Double?, decimals: Int) -> String {
        number.map { NumberFormat.fixed($0, decimals: decimals) } ?? ""
    }

    private func short(_ number: Double?) -> String {
        number.map { NumberFormat.short($0) } ?? ""
    }
}
