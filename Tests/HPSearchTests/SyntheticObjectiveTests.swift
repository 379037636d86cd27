import HPMath
import HPSearch
import Testing

/// Searches of made-up objectives whose answer is known, over twenty seeds each.
@Suite("Synthetic objectives")
struct SyntheticObjectiveTests {
    static let seeds = 1...20
    static let noise = 0.01

    /// Normal noise that a trial always has.
    static func noise(_ study: Study, _ trial: Trial) -> Double {
        var stream = RandomStream(
            seed: study.spec.seed &+ 1000, purpose: .sampling, a: 99, b: UInt32(trial.number))
        return noise * stream.nextNormal()
    }

    static func decades(_ value: Double, from other: Double) -> Double {
        (log(value) - log(other)) / log(10)
    }

    static func spec(
        rate: String, seed: Int, stages: Int = 4, sampler: SamplerSpec = .random
    ) throws -> StudySpec {
        var spec = try Planned.spec(
            parameters: [
                "learning_rate: {log_uniform: \(rate)}", "reg: {log_uniform: [1.0e-5, 1.0]}",
            ],
            stages: (1...stages).map { "{name: stage\($0), trials: 40, epochs: \($0)}" },
            seed: seed)
        spec.sampler = sampler
        return spec
    }

    /// Runs every stage; the value falls with the square of the decades from the optimum, nil
    /// above the edge.
    static func run(
        _ spec: StudySpec, optimum: Double, edge: Double = .infinity
    ) throws -> Study {
        var study = Planned.study(spec)
        for _ in spec.stages {
            let before = study
            try Planned.run(&study, standardError: noise) { trial in
                let rate = before.number("learning_rate", of: trial)
                guard rate <= edge else { return nil }
                let distance = decades(rate, from: optimum)
                return 0.6 - 0.05 * distance * distance + noise(before, trial)
            }
        }
        return study
    }

    @Test(arguments: [
        (1e-1, [SamplerSpec.random, .sobol]), (3e-2, [.random]), (1e0, [.random]),
        (1e-5, [.random, .sobol]), (1e-6, [.random]), (3e-5, [.grid]),
    ])
    func `an optimum outside the first range is reached`(
        optimum: Double, samplers: [SamplerSpec]
    ) throws {
        for sampler in samplers {
            for seed in Self.seeds {
                let spec = try Self.spec(rate: "[1.0e-4, 1.0e-2]", seed: seed, sampler: sampler)
                let study = try Self.run(spec, optimum: optimum)
                let last = try #require(study.domain("learning_rate", inStage: 3)?.bounds)
                #expect(last.low < optimum && optimum < last.high, "seed \(seed), \(last)")
                let actions = study.stages.flatMap(\.moves).filter {
                    $0.parameter == "learning_rate"
                }.map(\.action)
                #expect(actions.contains { $0 == .shift || $0 == .widen })
                let best = study.trials.max {
                    ($0.result?.value ?? 0) < ($1.result?.value ?? 0)
                }
                let rate = best.map { study.number("learning_rate", of: $0) } ?? 0
                #expect(Self.decades(rate, from: optimum).magnitude < 0.7, "seed \(seed)")
            }
        }
    }

    @Test(arguments: ["[1.0e-4, 1.0]", "[1.0e-3, 6.0e-2]", "[1.0e-4, 1.0e-2]"])
    func `nothing widens into divergence`(rate: String) throws {
        for seed in Self.seeds {
            let spec = try Self.spec(rate: rate, seed: seed)
            // Better and better up to the edge of stability.
            let study = try Self.run(spec, optimum: 1, edge: 0.05)
            for (before, stage) in zip(study.stages, study.stages.dropFirst()) {
                let diverged = study.trials.filter {
                    $0.stage <= before.index && $0.state == .diverged
                }.map { study.number("learning_rate", of: $0) }
                guard diverged.count >= 4, let lowest = diverged.min() else { continue }
                let old = try #require(before.domains[0].bounds)
                let new = try #require(stage.domains[0].bounds)
                #expect(new.high <= old.high * 1.0001, "seed \(seed) stage \(stage.index)")
                // A range that was cut closely before is not cut again for a thousandth of it.
                #expect(new.high <= max(lowest, 0.05) * 1.01, "seed \(seed): \(new) \(lowest)")
            }
            let last = try #require(study.stages.last?.domains[0].bounds)
            #expect(last.high > 0.03, "seed \(seed): the best rates are still there")
        }
    }

    @Test func `an irrelevant parameter keeps its range`() throws {
        for (optimum, edge) in [(1e-2, Double.infinity), (1e-1, 0.2), (1e-3, 0.01)] {
            let kept = try Self.seeds.count { seed in
                let spec = try Self.spec(rate: "[1.0e-4, 1.0]", seed: seed)
                let study = try Self.run(spec, optimum: optimum, edge: edge)
                return study.stages.allSatisfy { $0.domains[1] == spec.parameters[1].domain }
            }
            #expect(kept >= 19)
        }
    }

    @Test(arguments: [0.01, nil])
    func `pure noise narrows nothing`(standardError: Double?) throws {
        for seed in Self.seeds {
            let spec = try Self.spec(rate: "[1.0e-4, 1.0]", seed: seed)
            var study = Planned.study(spec)
            for _ in spec.stages {
                let before = study
                try Planned.run(&study, standardError: standardError) {
                    0.5 + Self.noise(before, $0)
                }
            }
            let moved = study.stages.flatMap(\.moves).filter { $0.action != .keep }
            #expect(moved == [], "seed \(seed)")
            #expect(Borders.verdicts(of: study) == [])
        }
    }

    @Test func `a value that never does well is dropped from a choice, the others stay`() throws {
        for seed in Self.seeds {
            let spec = try Planned.spec(
                parameters: [
                    "learning_rate: {log_uniform: [1.0e-4, 1.0]}",
                    "init: {choice: [small, xavier, he]}",
                ],
                stages: [
                    "{name: coarse, trials: 90, epochs: 1}", "{name: fine, trials: 9, epochs: 1}",
                ], seed: seed)
            var study = Planned.study(spec)
            let before = study
            try Planned.run(&study) { trial in
                let isSmall = trial.parameters[0] == .text("small")
                let distance = Self.decades(
                    trial.parameters[1].asNumber ?? 0, from: 1e-2)
                return 0.6 - 0.05 * distance.magnitude - (isSmall ? 0.15 : 0)
                    + Self.noise(before, trial)
            }
            try Planned.run(&study) { _ in 0.5 }
            let move = try #require(study.move("init", toStage: 1))
            #expect(move.to == .choice([.text("xavier"), .text("he")]), "seed \(seed)")
            #expect(move.because.contains("small is dropped"))
            #expect(study.trials.suffix(9).allSatisfy { $0.parameters[0] != .text("small") })
        }
    }

    @Test func `a conditional parameter is judged by the trials that had it`() throws {
        for seed in Self.seeds {
            var spec = try Planned.spec(
                parameters: [
                    "momentum: {uniform: [0.1, 0.9]}", "optimizer: {choice: [sgd, momentum]}",
                ],
                stages: [
                    "{name: coarse, trials: 80, epochs: 1}", "{name: fine, trials: 20, epochs: 1}",
                ], seed: seed)
            spec.parameters[0].conditions = [
                ParameterCondition(parameter: "optimizer", values: [.text("momentum")])
            ]
            var study = Planned.study(spec)
            let before = study
            try Planned.run(&study) { trial in
                let momentum = trial.parameters[0].asNumber
                return momentum.map { 0.5 + 0.2 * $0 } ?? 0.6 + Self.noise(before, trial)
            }
            try Planned.run(&study) { _ in 0.5 }
            for trial in study.trials {
                let isActive = trial.parameters[0] != .inactive
                #expect(isActive == (trial.parameters[1] == .text("momentum")))
            }
            let move = try #require(study.move("momentum", toStage: 1))
            #expect([.narrow, .shift].contains(move.action), "seed \(seed)")
            #expect((move.to.bounds?.low ?? 0) > 0.3)
            #expect(move.evidence.allSatisfy { study.trials[$0 - 1].parameters[0] != .inactive })
        }
    }
}
