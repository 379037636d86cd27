import HPSearch

/// The lines of the CS231n slides: `val_acc: 0.412000, lr: 1.405206e-04, (1 / 100)`.
///
/// In parentheses: the number of the trial, and the trials that the study plans.
enum ReportCS231n {
    /// Lists the trials that were trained: COMPLETE, PRUNED and DIVERGED ones.
    static func text(of study: Study, rows: ArraySlice<Ranking.Row>) -> String {
        let planned = Accounting(of: study).planned
        let metric = study.spec.objective.metric.shortName
        return rows.map(\.trial).filter(wasTrained).sorted { $0.number < $1.number }.map { trial in
            let value = NumberFormat.fixed(trial.result?.value ?? .nan, decimals: 6)
            let settings = zip(study.spec.parameters, trial.parameters).map { parameter, value in
                "\(shortName(of: parameter.name)): \(text(of: value)), "
            }
            return "\(metric): \(value), \(settings.joined())(\(trial.number) / \(planned))\n"
        }.joined()
    }

    private static func wasTrained(_ trial: Trial) -> Bool {
        switch trial.state {
        case .complete, .pruned, .diverged: true
        case .waiting, .running, .fail, .canceled: false
        }
    }

    private static func shortName(of parameter: String) -> String {
        parameter == "learning_rate" ? "lr" : parameter
    }

    private static func text(of value: ParameterValue) -> String {
        guard case .number(let number) = value else { return TextLayout.printable(value.text) }
        return NumberFormat.scientific(number, decimals: 6, exponentDigits: 2)
    }
}

extension Objective.Metric {
    /// The title of its column.
    var shortName: String {
        switch self {
        case .validationAccuracy: "val_acc"
        case .validationLoss: "val_loss"
        }
    }
}
