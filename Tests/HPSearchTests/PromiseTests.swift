import HPMath
import RandomStudies
import Testing

@testable import HPSearch

/// Tests what chance may move, and what counts as evidence.
@Suite("The promise of narrowing")
struct PromiseTests {
    @Test func `chance moves something in at most 1 of 100 studies, and not never`() {
        var moved = 0
        var count = 0
        for rows in [6, 12, 30] {
            for parameterCount in [1, 3] {
                var studies = NullStudies(rows: rows, parameterCount: parameterCount)
                for errors in [NullStudies.Errors.unknown, .small] {
                    studies.errors = errors
                    let calibration = Calibration(studies, count: 150)
                    #expect(!calibration.isTooHigh, "\(studies)")
                    moved += calibration.movedCount
                    count += calibration.count
                }
            }
        }
        #expect(moved > 0)
        #expect(moved <= count / 100)
    }

    @Test(arguments: NullStudies.Kind.allCases, [NullStudies.Divergence.blind, .other])
    func `divergence that has to do with nothing, or with another parameter, moves nothing`(
        kind: NullStudies.Kind, divergence: NullStudies.Divergence
    ) {
        var studies = NullStudies(rows: 20, parameterCount: 3)
        studies.kind = kind
        studies.divergence = divergence
        studies.hasTies = kind == .discrete
        #expect(!Calibration(studies, count: 150).isTooHigh)
    }

    @Test func `five rows in perfect order are no evidence`() throws {
        var study = Planned.study(
            try Planned.spec(parameters: ["dropout: {uniform: [0, 0.9]}"], stages: Self.two(5)))
        try Planned.run(&study) { _ in 0 }
        let rows = [(0.1, 0.55), (0.25, 0.52), (0.4, 0.49), (0.6, 0.46), (0.8, 0.43)]
        for (index, row) in rows.enumerated() {
            study.trials[index].parameters = [.number(row.0)]
            study.trials[index].result?.value = row.1
        }
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        #expect(move.action == .keep)
        #expect(move.because.contains("no sign that dropout matters"))
    }

    private static func two(_ count: Int) -> [String] {
        ["{name: a, trials: \(count), epochs: 1}", "{name: b, trials: 5, epochs: 1}"]
    }

    // MARK: - Copies

    @Test(arguments: 1...12)
    func `copies of four configurations are four observations`(seed: Int) throws {
        let spec = try Planned.spec(
            parameters: ["batch_size: {int: [30, 33]}"], stages: Self.two(60), seed: seed)
        var study = Planned.study(spec)
        var values: [Int: Double] = [:]
        var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 8)
        for size in 30...33 { values[size] = 0.9 + 0.01 * stream.nextNormal() }
        try Planned.run(&study) { trial in
            guard case .integer(let size) = trial.parameters[0] else { return nil }
            return values[size]
        }
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        #expect(move.action == .keep)
        #expect(StageEvidence(of: study.stages[0], in: study).ranked.count == 4)
    }

    @Test func `a choice among copies loses nothing that four configurations don't show`() throws {
        let spec = try Planned.spec(
            parameters: [
                "activation: {choice: [relu, tanh]}", "batch_norm: {choice: [true, false]}",
            ],
            stages: Self.two(40))
        var study = Planned.study(spec)
        try Planned.run(&study) { $0.parameters[0] == .text("relu") ? nil : 0.9 }
        let moves = Narrowing.moves(of: study, after: study.stages[0])
        #expect(moves.allSatisfy { $0.action == .keep })
    }

    // MARK: - Edges

    /// Two stages whose second has a lower rate and less regularization; the first diverges at
    /// high rates, and more regularization is better.
    private static func innocent(_ seed: Int) throws -> Study {
        let spec = try Planned.spec(
            parameters: [
                "learning_rate: {log_uniform: [1.0e-4, 1.0]}", "reg: {log_uniform: [1.0e-5, 1.0]}",
            ],
            stages: [
                "{name: a, trials: 40, epochs: 1}",
                "{name: b, trials: 40, epochs: 1, narrow: {"
                    + "learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}, "
                    + "reg: {log_uniform: [1.0e-5, 1.0e-2]}}}",
                "{name: c, trials: 5, epochs: 1}",
            ], seed: seed)
        var study = Planned.study(spec)
        for _ in 0..<2 {
            let before = study
            try Planned.run(&study) { trial in
                guard before.number("learning_rate", of: trial) < 0.1 else { return nil }
                return 0.5 + 0.01 * log(before.number("reg", of: trial))
                    + SyntheticObjectiveTests.noise(before, trial)
            }
        }
        return study
    }

    @Test func `divergence at high rates is no edge of regularization`() throws {
        var leanings = 0
        for seed in 1...30 {
            let study = try Self.innocent(seed)
            let verdicts = Borders.verdicts(of: study).filter { $0.parameter == "reg" }
            leanings += verdicts.count
            #expect(verdicts.allSatisfy { $0.code == "best-on-border" }, "seed \(seed)")
            let move = Narrowing.moves(of: study, after: study.stages[1])[1]
            #expect(verdicts.isEmpty || (move.to.bounds?.high ?? 0) > 0.02)
        }
        #expect(leanings > 15)
    }

    @Test func `divergence by accident is called an edge in at most 1 of 20 cases`() throws {
        var edges = 0
        var leanings = 0
        for seed in 1...100 {
            let spec = try Planned.spec(
                parameters: ["learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}"],
                stages: Self.two(40), seed: seed)
            var study = Planned.study(spec)
            let before = study
            var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, a: 9)
            try Planned.run(&study) { trial in
                if stream.nextUnit() < 0.15 { return nil }
                return 0.5 + 0.05 * log(before.number("learning_rate", of: trial))
                    + SyntheticObjectiveTests.noise(before, trial)
            }
            let codes = Borders.verdicts(of: study).map(\.code)
            leanings += codes.count
            edges += codes.count { $0 == "edge-of-stability" }
        }
        #expect(leanings > 80)
        // 5 expected at most; more than 11 come once in 200 times.
        #expect(edges <= 11)
    }

    @Test func `a parameter is judged by the trials that another one leaves unexplained`() throws {
        // High rates diverge; of these trials, and of no others, regularization is high, too.
        let rows = (0..<60).map { index in
            let isHigh = index >= 45
            let place = Double(index * 7 % 45) / 45
            let rate = isHigh ? 0.1 + 0.01 * Double(index - 45) : 1e-4 * exp(4 * place)
            let regularization =
                isHigh && index % 5 > 0 ? 0.5 : 1e-4 * exp(7 * Double(index % 44) / 44)
            return (
                rate, regularization, isHigh ? nil : Double?(0.5 + 0.001 * Double(index * 11 % 13))
            )
        }
        var study = Planned.study(
            try Planned.spec(
                parameters: [
                    "learning_rate: {log_uniform: [1.0e-4, 1.0]}",
                    "reg: {log_uniform: [1.0e-4, 1.0]}",
                ], stages: Self.two(60)))
        try Planned.run(&study) { _ in 0 }
        for (index, row) in rows.enumerated() {
            study.trials[index] = Planned.ended(
                study.trials[index], value: row.2, standardError: 0.01)
            study.trials[index].parameters = [.number(row.0), .number(row.1)]
        }
        let moves = Narrowing.moves(of: study, after: study.stages[0])
        #expect((moves[0].to.bounds?.high ?? 1) < 0.1)
        #expect(moves[0].because.contains("15 of the 15 trials from 0.1 up DIVERGED"))
        #expect(moves[1].action == .keep, "\(moves)")
    }
}
