import HPSearch
import Testing

/// The trials printed on two slides of CS231n's lecture 6: what a careful reader does with them.
@Suite("The lecture's trials")
struct LectureTests {
    struct Row {
        var rate: Double
        var regularization: Double
        var accuracy: Double
    }

    static let coarse: [Row] = [
        (1.405206e-04, 4.793564e-01, 0.412), (7.231888e-06, 2.321281e-04, 0.214),
        (2.119571e-06, 8.011857e+01, 0.208), (1.551131e-05, 4.374936e-05, 0.196),
        (1.753300e-05, 1.200424e+03, 0.079), (4.215128e-05, 4.196174e+01, 0.223),
        (1.750259e-04, 2.110807e-04, 0.441), (6.749231e-05, 4.226413e+01, 0.241),
        (4.296863e-04, 6.642555e-01, 0.482), (5.401602e-06, 1.599828e+04, 0.079),
        (1.618508e-06, 4.925252e-01, 0.154),
    ].map(Row.init)

    static let fine: [Row] = [
        (5.340517e-4, 4.097824e-1, 0.527), (2.279484e-4, 9.991345e-4, 0.492),
        (8.680827e-4, 1.349727e-2, 0.512), (1.028377e-4, 1.220193e-2, 0.461),
        (1.113730e-4, 5.244309e-2, 0.460), (9.477776e-4, 2.001293e-3, 0.498),
        (1.484369e-4, 4.328313e-1, 0.469), (5.586261e-4, 2.312685e-4, 0.522),
        (5.808183e-4, 8.259964e-2, 0.530), (1.979168e-4, 1.010889e-4, 0.489),
        (2.036031e-4, 2.406271e-3, 0.490), (2.021162e-4, 2.287807e-1, 0.475),
        (1.135527e-4, 3.905040e-2, 0.460), (6.947668e-4, 1.562808e-2, 0.515),
        (9.471549e-4, 1.433895e-3, 0.531), (3.140888e-4, 2.857518e-1, 0.509),
        (6.438349e-4, 3.033781e-1, 0.514), (3.921784e-4, 2.707126e-4, 0.502),
        (9.752279e-4, 2.850865e-3, 0.509), (2.412048e-4, 4.997821e-4, 0.500),
        (1.319314e-4, 1.189915e-2, 0.466), (8.039527e-4, 1.528291e-2, 0.516),
    ].map(Row.init)

    /// A stage with these rows as its trials, on 1,000 validation images.
    static func study(_ rows: [Row], rate: String, regularization: String) throws -> Study {
        let spec = try Planned.spec(
            parameters: [
                "learning_rate: {log_uniform: \(rate)}", "reg: {log_uniform: \(regularization)}",
            ],
            stages: [
                "{name: first, trials: \(rows.count), epochs: 5}",
                "{name: second, trials: 5, epochs: 5}",
            ])
        var study = Planned.study(spec)
        try Planned.run(&study) { _ in 0 }
        for (index, row) in rows.enumerated() {
            let error = (row.accuracy * (1 - row.accuracy) / 1000).squareRoot()
            study.trials[index].parameters = [.number(row.rate), .number(row.regularization)]
            study.trials[index].result?.value = row.accuracy
            study.trials[index].result?.standardError = error
        }
        return study
    }

    static func coarseStudy() throws -> Study {
        try study(coarse, rate: "[1.0e-6, 1.0e-3]", regularization: "[1.0e-5, 1.0e+5]")
    }

    static func fineStudy() throws -> Study {
        try study(fine, rate: "[1.0e-4, 1.0e-3]", regularization: "[1.0e-4, 1.0]")
    }

    @Test func `coarse narrows the rate to about a decade`() throws {
        let study = try Self.coarseStudy()
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        let bounds = try #require(move.to.bounds)
        #expect(move.action == .narrow)
        #expect((0.7e-4...1.4e-4).contains(bounds.low))
        #expect((0.7e-3...1.0e-3).contains(bounds.high))
        #expect(move.evidence.prefix(3) == [9, 7, 1])
    }

    @Test func `coarse says how often chance would order the rates so`() throws {
        let study = try Self.coarseStudy()
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        // Once in 292 of all orders, for either of two parameters.
        #expect(move.because.contains("val_accuracy +0.82, by chance once in 146 studies"))
    }

    @Test func `two drowned trials at an end, once in 55 by chance, are no evidence`() throws {
        let study = try Self.coarseStudy()
        let move = Narrowing.moves(of: study, after: study.stages[0])[1]
        #expect(move.action == .keep)
        #expect(move.because.contains("no sign that reg matters"))
    }

    @Test func `fine finds the best rate on the border`() throws {
        let study = try Self.fineStudy()
        let verdicts = Borders.verdicts(of: study)
        #expect(verdicts.map(\.code) == ["best-on-border"])
        #expect(verdicts.first?.parameter == "learning_rate")
        #expect(verdicts.first?.message.contains("97.6%") == true)
        let move = Narrowing.moves(of: study, after: study.stages[0])[0]
        #expect([.widen, .shift].contains(move.action))
        #expect((move.to.bounds?.high ?? 0) > 1e-3)
    }

    @Test func `fine keeps regularization, which does not matter there`() throws {
        let study = try Self.fineStudy()
        let move = Narrowing.moves(of: study, after: study.stages[0])[1]
        #expect(move.action == .keep)
        #expect(move.from == move.to)
        #expect(move.because.contains("no sign that reg matters"))
    }

    @Test func `the correlations are those of the lecture's rows`() throws {
        let accuracies = Self.fine.map(\.accuracy)
        let rate = try #require(RankCorrelation(Self.fine.map(\.rate), accuracies))
        let strength = try #require(RankCorrelation(Self.fine.map(\.regularization), accuracies))
        // scipy.stats.spearmanr
        #expect((rate.coefficient - 0.8085).magnitude < 5e-4)
        #expect((strength.coefficient + 0.0102).magnitude < 5e-4)
        #expect(rate.interval.low > 0.5 && rate.interval.high < 0.95)
    }
}
