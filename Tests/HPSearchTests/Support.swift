import HPMath
import HPSearch
import Testing

/// Studies that tests plan and run by hand.
enum Planned {
    static func spec(
        parameters: [String] = ["learning_rate: {log_uniform: [1.0e-4, 1.0]}"],
        stages: [String] = [
            "{name: coarse, trials: 30, epochs: 1}", "{name: fine, trials: 10, epochs: 2}",
        ],
        seed: Int = 3, extra: [String] = []
    ) throws -> StudySpec {
        let lines =
            [
                "study: s", "seed: \(seed)",
                "objective: {metric: val_accuracy, goal: maximize}", "data: {dataset: digits}",
                "parameters:",
            ] + parameters.map { "  \($0)" } + ["stages:"] + stages.map { "  - \($0)" } + extra
        return try StudySpec.read(text: lines.joined(separator: "\n"), file: "test")
    }

    static func study(_ spec: StudySpec) -> Study {
        Study(id: 1, spec: spec, specDigest: "", contentDigest: "")
    }

    /// Begins the next stage and ends its trials with what `value` gives; nil diverges.
    static func run(
        _ study: inout Study, standardError: Double? = 0.01, value: (Trial) -> Double?
    ) throws {
        let plan = try #require(StagePlanner.nextStage(of: study))
        study.stages.append(plan.stage)
        for trial in plan.trials {
            study.trials.append(
                ended(trial, value: value(trial), standardError: standardError))
        }
    }

    static func ended(_ trial: Trial, value: Double?, standardError: Double?) -> Trial {
        var trial = trial
        trial.state = value == nil ? .diverged : .complete
        trial.result = TrialResult(
            objectiveCurve: value.map { [$0] } ?? [], value: value,
            standardError: value == nil ? nil : standardError, bestEpoch: 1, epochs: 1,
            metrics: TrialMetrics(), seconds: 0)
        return trial
    }
}

extension Study {
    /// A trial's value of a parameter.
    func number(_ name: String, of trial: Trial) -> Double {
        guard let index = spec.parameters.firstIndex(where: { $0.name == name }) else {
            return .nan
        }
        return trial.parameters[index].asNumber ?? .nan
    }

    func domain(_ name: String, inStage stage: Int) -> ParameterDomain? {
        spec.parameters.firstIndex { $0.name == name }.map { stages[stage].domains[$0] }
    }

    func move(_ name: String, toStage stage: Int) -> Move? {
        stages[stage].moves.first { $0.parameter == name }
    }
}
