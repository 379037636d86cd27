import HPSearch

/// One row per trial, as RFC 4180 has it: lines end with CR LF, numbers keep all their digits.
enum ReportCSV {
    static func text(of study: Study, rows: ArraySlice<Ranking.Row>) -> String {
        let parameterNames = study.spec.parameters.map(\.name)
        let titles =
            [
                "rank", "tie_group", "trial", "configuration", "replicate", "stage", "state",
                "reason", "detail", "value", "standard_error", "best_epoch", "epochs",
            ] + parameterNames + [
                "val_accuracy", "val_loss", "train_accuracy", "train_loss", "initial_loss",
                "flags", "attempts", "worker", "seconds",
            ]
        let lines = [titles] + rows.map { fields(of: study, $0) }
        return lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func fields(of study: Study, _ row: Ranking.Row) -> [String] {
        let trial = row.trial
        let result = trial.result
        let metrics = result?.metrics ?? TrialMetrics()
        let identity = [
            "\(row.rank)", "\(row.tieGroup)", "\(trial.number)", "\(trial.configuration)",
            "\(trial.replicate)", study.spec.stages[trial.stage].name, trial.state.rawValue,
            trial.reason, trial.detail,
        ]
        let outcome = [
            result?.value, result?.standardError, result?.value == nil ? nil : result?.bestEpoch,
            result?.epochs,
        ]
        let measured = [
            metrics.validationAccuracy, metrics.validationLoss, metrics.trainingAccuracy,
            metrics.trainingLoss, metrics.initialLoss,
        ]
        let flags = TrialJSON.flags(of: study, trial).joined(separator: " ")
        return identity + outcome.map(number) + trial.parameters.map(\.text)
            + measured.map(number)
            + [flags, "\(trial.attempts)", trial.worker, number(result?.seconds)]
    }

    /// Empty where there is no finite number.
    private static func number(_ number: Double?) -> String {
        guard let number, number.isFinite else { return "" }
        return JSONValue.text(of: number)
    }

    private static func quoted(_ field: String) -> String {
        let special: [UInt8] = [
            UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
        ]
        guard field.utf8.contains(where: special.contains) else { return field }
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ParameterValue {
    /// The value with all its digits: `5.34e-4`, `relu`, `[50, 20]`.
    var text: String {
        switch self {
        case .inactive: ""
        case .boolean(let boolean): boolean ? "true" : "false"
        case .integer(let integer): "\(integer)"
        case .number(let number): JSONValue.text(of: number)
        case .text(let text): text
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        }
    }
}
