import HPMath
import HPSearch
import Testing

@Suite("Planning")
struct PlanTests {
    static func spec(
        parameters: String = "learning_rate: {log_uniform: [1.0e-4, 1.0]}",
        stages: String = """
        - {name: coarse, trials: 30, epochs: 1}
          - {name: fine, trials: 10, epochs: 2}
        """, seed: Int = 3
    ) throws -> StudySpec {
        try StudySpec.read(
            text: """
                study: s
                seed: \(seed)
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits}
                parameters:
                  \(parameters)
                stages:
                  \(stages)
                """, file: "test")
    }

    static func study(_ spec: StudySpec) -> Study {
        Study(id: 1, spec: spec, specDigest: "", contentDigest: "")
    }

    /// Begins the next stage and ends its trials with what `value` gives; nil diverges.
    static func run(_ study: inout Study, value: (Trial) -> Double?) throws {
        let plan = try #require(StagePlanner.nextStage(of: study))
        study.stages.append(plan.stage)
        for var trial in plan.trials {
            let value = value(trial)
            trial.state = value == nil ? .diverged : .complete
            trial.result = TrialResult(
                objectiveCurve: value.map { [$0] } ?? [], value: value,
                standardError: value.map { _ in 0.01 }, bestEpoch: 1, epochs: 1,
                metrics: TrialMetrics(), seconds: 0)
            study.trials.append(trial)
        }
    }

    private static func rate(_ trial: Trial) -> Double { trial.parameters[0].asNumber ?? 0 }

    @Test func `trials are numbered across stages`() throws {
        var study = Self.study(try Self.spec())
        try Self.run(&study) { -(Self.rate($0) - 0.01).magnitude }
        try Self.run(&study) { -(Self.rate($0) - 0.01).magnitude }
        #expect(study.trials.map(\.number) == Array(1...40))
        #expect(study.stages.map(\.trialNumbers) == [1..<31, 31..<41])
        #expect(study.trials.allSatisfy { $0.configuration == $0.number && $0.replicate == 0 })
    }

    @Test func `the next ranges are what the moves say, inside the old ones, around the optimum`()
        throws
    {
        for seed in 0..<20 {
            var study = Self.study(try Self.spec(seed: seed))
            try Self.run(&study) { -(log(Self.rate($0)) - log(0.01)).magnitude }
            try Self.run(&study) { _ in 0.5 }
            let fine = study.stages[1]
            #expect(fine.domains == fine.moves.map(\.to))
            let bounds = try #require(fine.domains[0].bounds)
            #expect(fine.moves[0].action == .narrow)
            #expect(bounds.low >= 1e-4 && bounds.high <= 1)
            #expect(bounds.low < 0.01 && bounds.high > 0.01)
            #expect(bounds.high / bounds.low < 1000)
            #expect(!fine.moves[0].evidence.isEmpty)
            for trial in study.trials.suffix(10) {
                #expect(Self.rate(trial) >= bounds.low && Self.rate(trial) <= bounds.high)
            }
        }
    }

    @Test func `an end on which the best trials lean is moved outwards, and said out loud`()
        throws
    {
        let stages = """
            - {name: coarse, trials: 30, epochs: 1}
              - {name: fine, trials: 60, epochs: 2}
            """
        var study = Self.study(try Self.spec(stages: stages))
        try Self.run(&study) { log(Self.rate($0)) }
        try Self.run(&study) { log(Self.rate($0)) }
        let bounds = try #require(study.stages[1].domains[0].bounds)
        #expect(bounds.low > 1e-4 && bounds.high > 50)
        #expect(study.stages[1].moves[0].action == .shift)
        #expect(study.stages[1].moves[0].because.contains("lean on the high border"))
        let verdicts = Borders.verdicts(of: study)
        #expect(verdicts.map(\.code) == ["best-on-border"])
        #expect(verdicts.map(\.parameter) == ["learning_rate"])
    }

    @Test func `an optimum inside its range gives no verdict`() throws {
        var study = Self.study(try Self.spec(stages: "- {name: coarse, trials: 60, epochs: 1}"))
        try Self.run(&study) { -(log(Self.rate($0)) - log(0.01)).magnitude }
        #expect(Borders.verdicts(of: study).isEmpty)
    }

    @Test func `trials that diverged beyond the best ones are said`() throws {
        var study = Self.study(try Self.spec())
        try Self.run(&study) { Self.rate($0) > 0.02 ? nil : log(Self.rate($0)) }
        try Self.run(&study) { _ in 0.5 }
        #expect(study.stages[1].moves[0].because.contains("DIVERGED"))
        #expect((study.stages[1].domains[0].bounds?.high ?? 1) < 0.1)
    }

    @Test func `too few trials move nothing`() throws {
        let stages = """
            - {name: coarse, trials: 4, epochs: 1}
              - {name: fine, trials: 4, epochs: 1}
            """
        var study = Self.study(try Self.spec(stages: stages))
        try Self.run(&study) { Self.rate($0) }
        try Self.run(&study) { Self.rate($0) }
        #expect(study.stages[1].moves[0].action == .keep)
        #expect(study.stages[1].domains == study.stages[0].domains)
    }

    @Test func `nothing follows a stage without a success`() throws {
        var study = Self.study(try Self.spec())
        try Self.run(&study) { _ in nil }
        #expect(StagePlanner.nextStage(of: study) == nil)
    }

    @Test func `the top configurations are refitted with seeds of their own`() throws {
        let stages = """
            - {name: coarse, trials: 20, epochs: 1}
              - {name: final, trials: 3, epochs: 5, from: top, seeds: 2}
            """
        var study = Self.study(try Self.spec(stages: stages))
        try Self.run(&study) { -(Self.rate($0) - 0.01).magnitude }
        try Self.run(&study) { _ in 0.5 }
        let best = study.trials.prefix(20).sorted { left, right in
            (left.result?.value ?? 0) > (right.result?.value ?? 0)
        }.prefix(3)
        let final = study.trials.suffix(6)
        #expect(final.map(\.configuration) == best.flatMap { [$0.number, $0.number] })
        #expect(final.map(\.replicate) == [1, 2, 1, 2, 1, 2])
        #expect(final.first?.parameters == best.first?.parameters)
    }

    @Test func `explicit ranges and narrow off are taken as they are`() throws {
        let stages = """
            - {name: a, trials: 5, epochs: 1}
              - {name: b, trials: 5, epochs: 1, narrow: off}
              - {name: c, trials: 5, epochs: 1, narrow: {learning_rate: {log_uniform: [0.1, 10]}}}
            """
        var study = Self.study(try Self.spec(stages: stages))
        for _ in 0..<3 { try Self.run(&study) { Self.rate($0) } }
        #expect(study.stages[1].domains == study.stages[0].domains)
        #expect(study.stages[2].domains == [.logUniform(low: 0.1, high: 10)])
        #expect(study.stages[2].moves[0].action == .shift)
    }

    @Test func `draws have the right marginals`() throws {
        let parameters = """
            learning_rate: {log_uniform: [1.0e-4, 1.0]}
              momentum: {uniform: [0.5, 0.9]}
              batch_size: {log_int: [1, 1000]}
              hidden: {int: [1, 6]}
              optimizer: {choice: [sgd, momentum]}
            """
        let count = 5000
        var study = Self.study(
            try Self.spec(
                parameters: parameters,
                stages: "- {name: a, trials: \(count), epochs: 1}"))
        try Self.run(&study) { _ in 0 }
        let names = study.spec.parameters.map(\.name)
        let numbers = { (name: String) -> [Double] in
            let index = names.firstIndex(of: name) ?? 0
            return study.trials.compactMap { $0.parameters[index].asNumber }
        }
        let distance = { (positions: [Double]) -> Double in
            positions.sorted().enumerated().map { index, position in
                (position - (Double(index) + 0.5) / Double(count)).magnitude
            }.max() ?? 1
        }
        let limit = 1.63 / Double(count).squareRoot()
        #expect(
            distance(numbers("learning_rate").map { (log($0) - log(1e-4)) / -log(1e-4) }) < limit)
        #expect(distance(numbers("momentum").map { ($0 - 0.5) / 0.4 }) < limit)
        let sizes = numbers("batch_size")
        #expect(sizes.allSatisfy { $0 >= 1 && $0 <= 1000 })
        #expect((0.25...0.38).contains(Double(sizes.count { $0 < 10 }) / Double(count)))
        for units in 1...6 {
            #expect((650...1020).contains(numbers("hidden").count { $0 == Double(units) }))
        }
    }

    /// The configurations that this seed has always had.
    @Test func `golden draws hold`() throws {
        var study = Self.study(try Self.spec(seed: 231))
        try Self.run(&study) { _ in 0 }
        let again = Self.study(try Self.spec(seed: 231))
        let plan = try #require(StagePlanner.nextStage(of: again))
        #expect(study.trials.map(\.parameters) == plan.trials.map(\.parameters))
    }
}
