import HPSearch

/// Studies made by hand.
enum Fixtures {
    static let specDigest = String(repeating: "1a", count: 32)
    static let dataDigest = String(repeating: "2b", count: 32)

    static let learningRate = ParameterSpec(
        name: "learning_rate", domain: .logUniform(low: 1e-6, high: 0.1))
    static let regularization = ParameterSpec(
        name: "reg", domain: .logUniform(low: 1e-5, high: 1e5))

    static func spec(
        parameters: [ParameterSpec] = [learningRate, regularization],
        stages: [StageSpec] = [StageSpec(name: "coarse", configurations: 4, epochs: 1)],
        objective: Objective = Objective(metric: .validationAccuracy, goal: .maximize)
    ) -> StudySpec {
        StudySpec(
            name: "demo", seed: 231, objective: objective,
            data: DataSpec(
                dataset: .digits, training: .fraction(0.8), validation: .fraction(0.2),
                preprocessing: [.zeroMean]),
            model: ModelSpec(hidden: [50], activation: .relu, initialization: .he, dropout: 0),
            train: TrainSpec(
                optimizer: .momentum, learningRate: 0.01, regularization: 0, momentum: 0.9,
                learningRateDecay: 0.95, batchSize: 200),
            parameters: parameters, sampler: .random, stages: stages,
            stopTrial: StopTrialSpec(lossFactor: 3),
            limits: LimitsSpec(attempts: 3, maximumFailed: nil))
    }

    /// A study with these trials, all of its stages begun as far as a trial belongs to them.
    static func study(
        _ spec: StudySpec, _ state: Study.State, _ trials: [Trial], moves: [[Move]] = []
    ) -> Study {
        var study = Study(id: 1, spec: spec, specDigest: specDigest, contentDigest: specDigest)
        study.state = state
        study.dataDigest = dataDigest
        study.dataSummary = "digits: 1797 rows of 64 features"
        study.engineRevision = "hpnet/1"
        study.trials = trials
        for (index, stage) in spec.stages.enumerated() {
            let own = trials.filter { $0.stage == index }
            guard let first = own.first else { break }
            study.stages.append(
                Stage(
                    index: index, name: stage.name, epochs: stage.epochs,
                    domains: spec.parameters.map(\.domain),
                    moves: moves.indices.contains(index) ? moves[index] : [],
                    firstTrial: first.number, trialCount: own.count))
        }
        return study
    }

    /// A trial that was not trained.
    static func trial(
        _ number: Int, stage: Int = 0, _ state: Trial.State,
        _ parameters: [ParameterValue] = [.number(1e-3), .number(1)]
    ) -> Trial {
        var trial = Trial(
            number: number, stage: stage, configuration: number, replicate: 0,
            parameters: parameters)
        trial.state = state
        return trial
    }

    /// A trial with a result: of `curve`, the last value is its best.
    static func trained(
        _ number: Int, stage: Int = 0, configuration: Int? = nil, replicate: Int = 0,
        _ state: Trial.State = .complete, curve: [Double], standardError: Double? = 0.01,
        _ parameters: [ParameterValue] = [.number(1e-3), .number(1)]
    ) -> Trial {
        var trial = trial(number, stage: stage, state, parameters)
        trial.configuration = configuration ?? number
        trial.replicate = replicate
        trial.attempts = 1
        trial.worker = "host/slot-0"
        let value = state == .diverged ? nil : curve.last
        trial.result = TrialResult(
            objectiveCurve: curve, value: value, standardError: value == nil ? nil : standardError,
            bestEpoch: Double(curve.count), epochs: Double(curve.count),
            metrics: TrialMetrics(), seconds: 3.25)
        return trial
    }

    /// COMPLETE, with one evaluation.
    static func complete(
        _ number: Int, stage: Int = 0, configuration: Int? = nil, replicate: Int = 0,
        _ value: Double, standardError: Double? = 0.01
    ) -> Trial {
        trained(
            number, stage: stage, configuration: configuration, replicate: replicate,
            curve: [value], standardError: standardError)
    }
}

// MARK: - A study in the middle of its second stage

extension Fixtures {
    static var runningStudy: Study {
        let stages = [
            StageSpec(name: "coarse", configurations: 5, epochs: 1),
            StageSpec(name: "fine", configurations: 4, epochs: 5),
            StageSpec(name: "final", configurations: 2, epochs: 20, source: .top, replicates: 2),
        ]
        let narrowed = ParameterDomain.logUniform(low: 1e-4, high: 1e-2)
        var study = study(spec(stages: stages), .running, coarseTrials + fineTrials)
        study.stages[1].domains[0] = narrowed
        study.stages[1].moves = [
            Move(
                parameter: "learning_rate", action: .narrow, from: learningRate.domain,
                to: narrowed, because: "the best trials lie between 1.4e-4 and 4.3e-4",
                evidence: [5, 2, 1]),
            Move(
                parameter: "reg", action: .keep, from: regularization.domain,
                to: regularization.domain, because: "the best trials are spread over the range",
                evidence: []),
        ]
        return study
    }

    private static var coarseTrials: [Trial] {
        var diverged = trained(
            3, .diverged, curve: [.nan], [.number(0.05), .number(0.25)])
        diverged.reason = "nan"
        diverged.detail = "the loss was NaN in epoch 1"
        diverged.result?.epochs = 0.25
        diverged.result?.metrics = TrialMetrics(trainingLoss: .nan, initialLoss: 2.302)
        var failed = trial(4, .fail, [.number(2e-3), .number(3)])
        failed.reason = "poison"
        failed.detail = "3 attempts crashed, the last with \"signal 9\""
        failed.attempts = 3
        return [
            measured(1, 0, [0.412], 0.42, 1.75, [.number(1.405206e-4), .number(0.4793564)]),
            measured(2, 0, [0.441], 0.45, 1.65, [.number(1.750259e-4), .number(2.110807e-4)]),
            diverged, failed,
            measured(5, 0, [0.482], 0.5, 1.5, [.number(4.296863e-4), .number(0.6642555)]),
        ]
    }

    private static var fineTrials: [Trial] {
        var running = trial(8, stage: 1, .running, [.number(6.5e-4), .number(0.01)])
        running.attempts = 2
        running.worker = "host/slot-1"
        return [
            measured(
                6, 1, [0.4, 0.45, 0.48, 0.5, 0.527], 0.61, 1.2,
                [.number(5.340517e-4), .number(0.4097824)]),
            measured(
                7, 1, [0.4, 0.45, 0.49, 0.512, 0.51], 0.58, 1.25,
                [.number(8.680827e-4), .number(0.01349727)]),
            running,
            trial(9, stage: 1, .waiting, [.number(2.5e-4), .number(12)]),
        ]
    }

    private static func measured(
        _ number: Int, _ stage: Int, _ curve: [Double], _ trainingAccuracy: Double,
        _ trainingLoss: Double, _ parameters: [ParameterValue]
    ) -> Trial {
        var trial = trained(
            number, stage: stage, curve: curve, standardError: 0.0158, parameters)
        let best = curve.indices.max { curve[$0] < curve[$1] } ?? 0
        trial.result?.value = curve[best]
        trial.result?.bestEpoch = Double(best + 1)
        trial.result?.metrics = TrialMetrics(
            validationAccuracy: curve[best], validationLoss: trainingLoss + 0.1,
            trainingAccuracy: trainingAccuracy, trainingLoss: trainingLoss, initialLoss: 2.303)
        return trial
    }
}
