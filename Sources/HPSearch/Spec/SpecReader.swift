import HPDigest

/// Reads a whole spec: every key known and every value checked, defaults filled in.
struct SpecReader {
    let file: String
    let scalars: SpecScalars

    init(file: String) {
        self.file = file
        self.scalars = SpecScalars(file: file)
    }

    func read(
        _ text: String
    ) throws(SearchError) -> (spec: StudySpec, warnings: [SpecWarning]) {
        let root = try SpecParser(file: file).parse(text)
        let spec = try SpecMapping(
            root, file: file, name: "", keys: SpecKeys.spec,
            unsupported: [
                "command": "use the built-in engine: `data`, `model` and `train`"
            ])
        let parameterReader = ParameterReader(scalars: scalars)
        let parametersNode = try spec.required(
            "parameters", example: "{learning_rate: {log_uniform: [1.0e-4, 1.0e-1]}}")
        let parameters = try parameterReader.read(parametersNode)
        let stagesNode = try spec.required(
            "stages", example: "[{name: coarse, trials: 20, epochs: 1}]")
        let sampler = try sampler(spec["sampler"])
        let stageReader = StageReader(
            scalars: scalars, parameters: parameters, sampler: sampler)
        let dataNode = try spec.required("data", example: "{dataset: digits}")
        let objectiveNode = try spec.required(
            "objective", example: "{metric: val_accuracy, goal: maximize}")
        var resolved = StudySpec(
            name: try name(spec), seed: 0, objective: try objective(objectiveNode),
            data: try DataReader(scalars: scalars).read(dataNode),
            model: try EngineReader(scalars: scalars).model(spec["model"]),
            train: try EngineReader(scalars: scalars).train(spec["train"]),
            parameters: parameters, sampler: sampler,
            stages: try stageReader.read(stagesNode),
            stopTrial: try stopTrial(spec["stop_trial"]), limits: try limits(spec["limits"]))
        resolved.seed = try seed(spec["seed"], of: resolved)
        try NetworkSize(of: resolved).requireTrainable(spec["model"] ?? parametersNode, scalars)
        guard resolved.content.utf8.count <= SpecParser.byteCountMaximum else {
            throw scalars.fail(
                root, "the spec with its defaults has more than 256 KiB",
                fix: "list fewer values")
        }
        let settings = SettingWarnings(file: file, spec: resolved)
        return (
            resolved,
            ObjectiveWarnings(file: file, objective: resolved.objective).find(in: objectiveNode)
                + settings.find(in: [spec["model"], spec["train"], parametersNode])
                + ScaleWarnings(file: file).find(parameters, in: parametersNode)
                + SpaceWarnings(file: file, spec: resolved).find(in: stagesNode)
                + BudgetWarnings(file: file, stages: resolved.stages).find(in: stagesNode)
        )
    }

    private func name(_ spec: SpecMapping) throws(SearchError) -> String {
        let node = try spec.required("study", example: "NAME")
        let name = try scalars.text(node, "study")
        let isLegal = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isLegal, (1...64).contains(name.utf8.count) else {
            throw scalars.fail(
                node, "`study` can't be \(scalars.shown(node))",
                fix: "a name has 1 to 64 letters, digits, dots, dashes and underscores")
        }
        return name
    }

    /// A seed that was left out follows from the rest of the spec: the same content is the same
    /// study, however often it is submitted.
    private func seed(
        _ node: SpecNode?, of spec: StudySpec
    ) throws(SearchError) -> UInt64 {
        guard let node else {
            let digits = spec.contentDigest.prefix(13)
            return UInt64(digits, radix: 16) ?? 0
        }
        let seed = try scalars.integer(node, "seed")
        guard seed >= 0 else {
            throw scalars.fail(
                node, "`seed` can't be negative", fix: "choose one from 0 to 9223372036854775807")
        }
        return UInt64(seed)
    }

    private func objective(_ node: SpecNode) throws(SearchError) -> Objective {
        let mapping = try SpecMapping(
            node, file: file, name: "objective", keys: SpecKeys.objective)
        let metricNode = try mapping.required("metric", example: "val_accuracy")
        let metric = try scalars.word(
            metricNode, "objective.metric", as: Objective.Metric.self,
            unsupported: ["train_accuracy", "train_loss"])
        let goalNode = try mapping.required(
            "goal", example: metric == .validationAccuracy ? "maximize" : "minimize")
        let goal = try scalars.word(goalNode, "objective.goal", as: Objective.Goal.self)
        let target = try mapping["target"].map { node throws(SearchError) in
            try scalars.number(node, "objective.target")
        }
        let at = try mapping["at"].map { node throws(SearchError) in
            try scalars.word(node, "objective.at", as: Objective.Evaluation.self)
        }
        return Objective(metric: metric, goal: goal, at: at ?? .best, target: target)
    }

    private func sampler(_ node: SpecNode?) throws(SearchError) -> SamplerSpec {
        guard let node else { return .random }
        if case .mapping(let entries) = node.content, let first = entries.first {
            throw scalars.refusedWord(
                node, "sampler", first.key, supported: SamplerSpec.allCases.map(\.rawValue),
                unsupported: ["tpe"])
        }
        return try scalars.word(node, "sampler", as: SamplerSpec.self, unsupported: ["tpe"])
    }

    private func stopTrial(_ node: SpecNode?) throws(SearchError) -> StopTrialSpec {
        guard let node else { return StopTrialSpec(lossFactor: 3) }
        let mapping = try SpecMapping(
            node, file: file, name: "stop_trial", keys: SpecKeys.stopTrial,
            unsupported: [
                "median": "only `loss_factor` stops a trial early",
                "halving": "only `loss_factor` stops a trial early",
            ])
        guard let node = mapping["loss_factor"] else { return StopTrialSpec(lossFactor: 3) }
        let factor = try scalars.number(node, "stop_trial.loss_factor")
        guard factor > 1 else {
            throw scalars.fail(
                node, "`stop_trial.loss_factor` can't be \(scalars.shown(node))",
                fix: "it must be above 1: 3 stops a trial whose loss is three times the initial")
        }
        return StopTrialSpec(lossFactor: factor)
    }

    private func limits(_ node: SpecNode?) throws(SearchError) -> LimitsSpec {
        var limits = LimitsSpec(attempts: 3, maximumFailed: nil)
        guard let node else { return limits }
        let mapping = try SpecMapping(
            node, file: file, name: "limits", keys: SpecKeys.limits,
            unsupported: [
                "study_time": "leave it out: time limits are not built",
                "trial_time": "leave it out: time limits are not built",
            ])
        if let node = mapping["attempts"] {
            limits.attempts = try scalars.integer(node, "limits.attempts")
            guard (1...100).contains(limits.attempts) else {
                throw scalars.fail(
                    node, "`limits.attempts` can't be \(scalars.shown(node))",
                    fix: "it must be from 1 to 100")
            }
        }
        if let node = mapping["max_failed"] {
            let maximum = try scalars.integer(node, "limits.max_failed")
            guard maximum >= 0 else {
                throw scalars.fail(
                    node, "`limits.max_failed` can't be negative",
                    fix: "0 fails the study at its first failed trial")
            }
            limits.maximumFailed = maximum
        }
        return limits
    }
}
