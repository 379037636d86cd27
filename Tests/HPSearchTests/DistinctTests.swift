import Testing

@testable import HPSearch

@Suite("Distinct configurations")
struct DistinctTests {
    private static let choices = [
        "activation: {choice: [relu, tanh, elu]}", "batch_size: {choice: [16, 32]}",
    ]

    private static func distinctCount(_ trials: [Trial]) -> Int {
        Set(trials.map(\.parameters)).count
    }

    @Test(arguments: ["random", "sobol", "grid"])
    func `a stage has every configuration of a small space once`(sampler: String) throws {
        let spec = try Planned.spec(
            parameters: Self.choices, stages: ["{name: one, trials: 30, epochs: 2}"],
            extra: ["sampler: \(sampler)"])
        let plan = try #require(StagePlanner.nextStage(of: Planned.study(spec)))
        #expect(plan.trials.count == 6)
        #expect(plan.stage.trialCount == 6)
        #expect(Self.distinctCount(plan.trials) == 6)
        #expect(plan.trials.map(\.number) == Array(1...6))
    }

    @Test(arguments: ["random", "sobol", "grid"], 1...20)
    func `copies are drawn again while there are others`(sampler: String, seed: Int) throws {
        let spec = try Planned.spec(
            parameters: ["batch_size: {log_int: [8, 40]}", "momentum: {value: 0.9}"],
            stages: ["{name: one, trials: 33, epochs: 2}"], seed: seed,
            extra: ["sampler: \(sampler)"])
        let plan = try #require(StagePlanner.nextStage(of: Planned.study(spec)))
        #expect(Self.distinctCount(plan.trials) == 33)
    }

    @Test(arguments: ["random", "sobol", "grid"])
    func `parameters that a condition makes inactive make no new configuration`(
        sampler: String
    ) throws {
        let spec = try Planned.spec(
            parameters: [
                "optimizer: {choice: [sgd, momentum]}",
                "momentum: {choice: [0.5, 0.9, 0.99], when: {optimizer: momentum}}",
            ],
            stages: ["{name: one, trials: 10, epochs: 2}"], extra: ["sampler: \(sampler)"])
        let plan = try #require(StagePlanner.nextStage(of: Planned.study(spec)))
        #expect(plan.trials.count == 4)
    }

    @Test func `a continuous space is drawn as before`() throws {
        let spec = try Planned.spec()
        let plan = try #require(StagePlanner.nextStage(of: Planned.study(spec)))
        let sampler = Sampler(
            spec, stage: 0, domains: spec.parameters.map(\.domain), configurationCount: 30)
        for trial in plan.trials {
            var stream = sampler.stream(ofTrial: trial.number)
            #expect(
                trial.parameters == sampler.draw(place: trial.number - 1, from: &stream))
        }
        #expect(plan.trials.count == 30)
    }

    @Test func `the best are refitted whatever their stage, each configuration once`() throws {
        let spec = try Planned.spec(
            parameters: Self.choices,
            stages: [
                "{name: one, trials: 6, epochs: 2}", "{name: two, trials: 6, epochs: 2}",
                "{name: final, trials: 4, epochs: 6, from: top, seeds: 2}",
            ])
        var study = Planned.study(spec)
        // The second stage has the same six once more; the best of them comes first in both.
        try Planned.run(&study) { 0.9 - Double($0.number) / 100 }
        let first = study.trials
        try Planned.run(&study) { trial in
            first.first { $0.parameters == trial.parameters }?.finiteValue.map { $0 - 1e-4 }
        }
        #expect(study.trials.count == 12)
        let plan = try #require(StagePlanner.nextStage(of: study))
        #expect(plan.trials.map(\.configuration) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(Self.distinctCount(plan.trials) == 4)
    }

    @Test func `a second stage that refits goes on with the first one's`() throws {
        let spec = try Planned.spec(
            stages: [
                "{name: one, trials: 6, epochs: 2}",
                "{name: semi, trials: 3, epochs: 2, from: top, seeds: 2}",
                "{name: final, trials: 2, epochs: 6, from: top, seeds: 2}",
            ])
        var study = Planned.study(spec)
        try Planned.run(&study) { Double($0.number) / 100 }
        // Configurations 6, 5 and 4; the last of them turns out best, the first diverges.
        try Planned.run(&study) {
            $0.configuration == 6 ? nil : 0.5 - Double($0.configuration) / 100
        }
        let plan = try #require(StagePlanner.nextStage(of: study))
        #expect(plan.trials.map(\.configuration) == [4, 4, 5, 5])
    }

    @Test(arguments: [
        (["{name: one, trials: 30, epochs: 2}"], "one asks for 30 configurations, there are 6"),
        (
            [
                "{name: one, trials: 2, epochs: 2}",
                "{name: final, trials: 5, epochs: 2, from: top}",
            ], "final asks for 5 configurations, there are 2"
        ),
    ])
    func `a stage that asks for more than there are is warned of`(
        stages: [String], problem: String
    ) throws {
        let spec = try Planned.spec(parameters: Self.choices, stages: stages)
        let text = spec.resolvedYAML
        let warnings = try StudySpec.examine(text: text, file: "test").warnings
        #expect(warnings.map(\.problem) == ["stage \(problem) different ones"])
    }

    @Test func `a space that is large enough is not warned of`() throws {
        let spec = try Planned.spec(
            parameters: Self.choices, stages: ["{name: one, trials: 6, epochs: 2}"])
        #expect(
            try StudySpec.examine(text: spec.resolvedYAML, file: "test").warnings.isEmpty)
    }
}
