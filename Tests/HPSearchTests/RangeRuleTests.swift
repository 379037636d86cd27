import HPMath
import Testing

@testable import HPSearch

/// Cases that a rule of thumb gets wrong.
@Suite("The rule of ranges")
struct RangeRuleTests {
    /// The move of one parameter by trials at these values, with these results; nil diverged.
    private static func move(
        _ parameter: String, _ trials: [(ParameterValue, Double?)], error: Double? = 0.01
    ) throws -> Move {
        let study = try study(parameter, trials, error: error)
        return Narrowing.moves(of: study, after: study.stages[0])[0]
    }

    private static func study(
        _ parameter: String, _ trials: [(ParameterValue, Double?)], error: Double?
    ) throws -> Study {
        let spec = try Planned.spec(
            parameters: [parameter],
            stages: [
                "{name: a, trials: \(trials.count), epochs: 1}", "{name: b, trials: 5, epochs: 1}",
            ])
        var study = Planned.study(spec)
        try Planned.run(&study) { _ in 0 }
        study.stages[0].trialCount = trials.count
        study.trials = trials.enumerated().map { index, trial in
            Planned.ended(
                Trial(
                    number: index + 1, stage: 0, configuration: index + 1, replicate: 0,
                    parameters: [trial.0]),
                value: trial.1, standardError: error)
        }
        return study
    }

    private static let rate = "learning_rate: {log_uniform: [1.0e-5, 0.1]}"

    /// Rates spread evenly over the log range, the lowest first.
    private static func rates(_ count: Int) -> [Double] {
        (0..<count).map { exp(log(1e-5) + (Double($0) + 0.5) / Double(count) * log(1e4)) }
    }

    @Test(arguments: [20, 40, 60, 100], [1, 2, 3])
    func `few diverged trials at the top are enough not to go beyond`(
        count: Int, diverged: Int
    ) throws {
        let trials = Self.rates(count).enumerated().map { index, rate in
            (
                ParameterValue.number(rate),
                index >= count - diverged ? nil : 0.2 + 0.3 * Double(index) / Double(count)
            )
        }
        let study = try Self.study(Self.rate, trials, error: 0.01)
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        #expect((move.to.bounds?.high ?? 1) <= 0.1)
        #expect(move.action == .narrow)
        let codes = Borders.verdicts(of: study).map(\.code)
        #expect(!codes.contains("best-on-border"))
        if codes == ["edge-of-stability"] { #expect(move.because.contains("DIVERGED")) }
    }

    @Test(arguments: 1...4)
    func `every second trial diverging at the top is enough, too`(diverged: Int) throws {
        let trials = Self.rates(40).enumerated().map { index, rate in
            let place = 39 - index
            let hasDiverged = place % 2 == 1 && place < 2 * diverged
            return (ParameterValue.number(rate), hasDiverged ? nil : 0.2 + 0.01 * Double(index))
        }
        let move = try Self.move(Self.rate, trials)
        #expect((move.to.bounds?.high ?? 1) <= 0.1)
    }

    @Test func `a range far from the edge goes on`() throws {
        var study = Planned.study(
            try Planned.spec(
                parameters: ["learning_rate: {log_uniform: [1.0e-5, 10]}"],
                stages: [
                    "{name: a, trials: 40, epochs: 1}",
                    "{name: b, trials: 40, epochs: 1, narrow: "
                        + "{learning_rate: {log_uniform: [1.0e-5, 1.0e-3]}}}",
                    "{name: c, trials: 5, epochs: 1}",
                ]))
        for _ in 0..<2 {
            let before = study
            try Planned.run(&study) { trial in
                let rate = before.number("learning_rate", of: trial)
                return rate > 1.5 ? nil : 0.5 + 0.05 * log(rate) / log(10)
            }
        }
        let move = Narrowing.moves(of: study, after: study.stages[1])[0]
        #expect((move.to.bounds?.high ?? 0) > 5e-3)
        #expect((move.to.bounds?.high ?? 9) < 1.5)
        #expect(Borders.verdicts(of: study).map(\.code) == ["best-on-border"])
    }

    @Test func `sizes keep to the spec's range at either end`() throws {
        for isGood in [{ (size: Int) in size }, { (size: Int) in -size }] {
            let trials = (1...40).map { size in
                (ParameterValue.integer(size), Double?(0.5 + 0.005 * Double(isGood(size))))
            }
            let move = try Self.move("batch_size: {int: [1, 40]}", trials)
            let bounds = try #require(move.to.bounds)
            #expect(bounds.low >= 1 && bounds.high <= 40)
            #expect(move.because.contains("hard limit"))
        }
    }

    @Test func `whole numbers that diverge stay outside`() throws {
        let trials = (1...60).map { size in
            (ParameterValue.integer(size), size > 48 ? nil : Double?(0.5))
        }
        let move = try Self.move("batch_size: {int: [1, 60]}", trials)
        #expect(move.to == .integer(low: 1, high: 48))
        #expect(move.action == .narrow)
    }

    @Test func `ranges to copy can be read again`() throws {
        let domains: [ParameterDomain] = [
            .logUniform(low: 3.5e-4, high: 0.1), .integer(low: 4, high: 4),
            .logInteger(low: 2, high: 2), .integer(low: 1, high: 4),
        ]
        let texts = domains.map { domain in
            StageSpec.narrowingText(of: [
                Move(
                    parameter: "x", action: .keep, from: domain, to: domain, because: "",
                    evidence: [])
            ])
        }
        #expect(
            texts == [
                "{x: {log_uniform: [0.00035, 0.1]}}", "{x: {value: 4}}", "{x: {value: 2}}",
                "{x: {int: [1, 4]}}",
            ])
    }

    @Test func `a value of a choice whose trials all diverge is dropped, even among noise`() throws
    {
        let spec = try Planned.spec(
            parameters: [
                "activation: {choice: [relu, tanh]}", "momentum: {uniform: [0.1, 0.9]}",
            ],
            stages: ["{name: a, trials: 40, epochs: 1}", "{name: b, trials: 5, epochs: 1}"])
        var study = Planned.study(spec)
        try Planned.run(&study) { $0.parameters[0] == .text("relu") ? nil : 0.5 }
        let count = study.trials.count { $0.state == .diverged }
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        #expect(move.to == .choice([.text("tanh")]))
        #expect(move.because == "relu is dropped: all of its \(count) trials DIVERGED")
    }

    @Test func `noise of unknown size cuts no end and never the elite`() throws {
        for seed in 0..<200 {
            var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 5)
            let trials = Self.rates(12).map {
                (ParameterValue.number($0), Double?(0.5 + 0.01 * stream.nextNormal()))
            }
            let move = try Self.move(Self.rate, trials, error: nil)
            #expect(!move.because.contains("clearly worse"))
        }
        let monotone = Self.rates(60).enumerated().map {
            (ParameterValue.number($1), Double?(0.5 - 0.005 * Double($0)))
        }
        let move = try Self.move(Self.rate, monotone, error: 0.0001)
        #expect((move.to.bounds?.high ?? 0) > Self.rates(60)[11])
    }

    @Test func `an accuracy of exactly 1 has no error and hides that of the others no more`() throws
    {
        for seed in 0..<100 {
            var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 6)
            var study = try Self.study(
                Self.rate, Self.rates(15).map { (.number($0), 0.998) }, error: 0.0014)
            for index in study.trials.indices where stream.nextUnit() < 0.3 {
                study.trials[index].result?.value = 1
                study.trials[index].result?.standardError = 0
            }
            let move = Narrowing.moves(of: study, after: study.stages[0])[0]
            #expect(move.action == .keep)
        }
    }

    @Test func `an end that moved outwards is not moved back for want of width`() throws {
        let trials = Self.rates(60).enumerated().map { index, rate in
            (ParameterValue.number(rate), Double?(0.5 - 0.005 * Double(index)))
        }
        let move = try Self.move(
            "learning_rate: {log_uniform: [1.0e-5, 0.1], limits: [9.0e-6, 1]}", trials)
        #expect(move.to.bounds?.low == 9e-6)
        #expect(move.action == .shift)
    }

    @Test func `a linear range reaches an optimum beyond it`() throws {
        let trials = (0..<40).map { index in
            let momentum = 0.1 + 0.3 * (Double(index) + 0.5) / 40
            return (ParameterValue.number(momentum), Double?(0.5 + 0.5 * momentum))
        }
        let move = try Self.move("momentum: {uniform: [0.1, 0.4]}", trials)
        #expect((move.to.bounds?.high ?? 0) > 0.65)
    }
}
