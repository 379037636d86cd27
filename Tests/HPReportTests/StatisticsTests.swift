import HPReport
import HPSearch
import Testing

@Suite struct ImportanceTests {
    /// The rows of the lecture's fine slide: rate, regularization, validation accuracy.
    private static let lecture: [(Double, Double, Double)] = [
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
    ]

    private static func lectureStudy(
        _ goal: Objective.Goal = .maximize, _ metric: Objective.Metric = .validationAccuracy
    ) -> Study {
        let trials = lecture.enumerated().map { index, row in
            Fixtures.trained(index + 1, curve: [row.2], [.number(row.0), .number(row.1)])
        }
        let spec = Fixtures.spec(
            stages: [StageSpec(name: "fine", configurations: lecture.count, epochs: 5)],
            objective: Objective(metric: metric, goal: goal))
        return Fixtures.study(spec, .complete, trials)
    }

    /// Coefficients from SciPy's `spearmanr`, intervals after Bonett and Wright.
    @Test func `the lecture's fine table says that the rate matters and the strength does not`()
        throws
    {
        let found = Importance.all(of: Self.lectureStudy())
        #expect(found.map(\.parameter) == ["learning_rate", "reg"])
        #expect(found.allSatisfy { $0.kind == .rankCorrelation && $0.trialCount == 22 })
        let expected = [
            (0.80847471, 0.54036643, 0.92754888), (-0.01016949, -0.42994405, 0.41322025),
        ]
        for (importance, numbers) in zip(found, expected) {
            let interval = try #require(importance.interval)
            #expect((importance.correlation - numbers.0).magnitude < 1e-7)
            #expect((interval.lowerBound - numbers.1).magnitude < 1e-7)
            #expect((interval.upperBound - numbers.2).magnitude < 1e-7)
        }
    }

    @Test func `the table says it in a sentence`() {
        let table = Report.render(ReportInput(study: Self.lectureStudy()), format: .table)
        #expect(
            table.contains(
                "\nimportance in stage fine: learning_rate +0.81 [0.54, 0.93], "
                    + "reg -0.01 [-0.43, 0.41] (rank correlation with"))
    }

    @Test func `a positive sign leads to better values whatever the goal is`() {
        let found = Importance.all(of: Self.lectureStudy(.minimize, .validationLoss))
        #expect((found[0].correlation + 0.80847471).magnitude < 1e-7)
    }

    /// SciPy's `kruskal` gives H = 7.302130898, of which epsilon squared is made.
    @Test func `a choice has the correlation ratio of its ranks and its best value`() throws {
        let values: [(String, [Double])] = [
            ("sigmoid", [0.3, 0.31, 0.41]), ("relu", [0.5, 0.52, 0.55, 0.51]),
            ("tanh", [0.4, 0.45, 0.51, 0.42]),
        ]
        let domain = ParameterDomain.choice(values.map { .text($0.0) })
        let rows = values.flatMap { name, accuracies in accuracies.map { (name, $0) } }
        let trials = rows.enumerated().map { index, row in
            Fixtures.trained(
                index + 1, curve: [row.1], [.text(row.0), .number(1e-3 * Double(index + 1))])
        }
        let spec = Fixtures.spec(
            parameters: [
                ParameterSpec(name: "activation", domain: domain), Fixtures.learningRate,
            ])
        let study = Fixtures.study(spec, .complete, trials)
        let found = try #require(Importance.all(of: study).first)
        #expect(found.kind == .correlationRatio)
        #expect((found.correlation - 0.81410464).magnitude < 1e-7)
        #expect(found.interval == nil)
        #expect(found.bestValue == .text("relu"))
        let table = Report.render(ReportInput(study: study), format: .table)
        #expect(table.contains("activation 0.81, best relu, learning_rate "))
    }

    @Test func `only trials in which a parameter is active count for it`() throws {
        var study = Self.lectureStudy()
        for index in 0..<10 { study.trials[index].parameters[1] = .inactive }
        let found = Importance.all(of: study)
        #expect(found.map(\.trialCount) == [22, 12])
        for index in 0..<20 { study.trials[index].parameters[1] = .inactive }
        #expect(Importance.all(of: study).map(\.parameter) == ["learning_rate"])
        let table = Report.render(ReportInput(study: study), format: .table, top: 22)
        #expect(!table.contains("inactive"))
    }

    @Test func `the last sampled stage with four complete trials is asked`() {
        let stages = [
            StageSpec(name: "coarse", configurations: 5, epochs: 1),
            StageSpec(name: "fine", configurations: 3, epochs: 2),
            StageSpec(name: "final", configurations: 5, epochs: 9, source: .top),
        ]
        let trials = (1...13).map { number in
            Fixtures.trained(
                number, stage: number < 6 ? 0 : number < 9 ? 1 : 2, curve: [Double(number)],
                [.number(Double(number) / 100), .number(1)])
        }
        let found = Importance.all(
            of: Fixtures.study(Fixtures.spec(stages: stages), .complete, trials))
        #expect(found.map(\.stage) == [0])
        // The strength was the same in all trials: nothing can be said of it.
        #expect(found.map(\.parameter) == ["learning_rate"])
        #expect(found.map(\.trialCount) == [5])
    }
}

@Suite struct InfeasibleShareTests {
    /// Intervals from SciPy's `binomtest(...).proportion_ci(method="wilson")`.
    @Test(arguments: [
        (3, 40, 0.0258360258, 0.1986423352), (0, 24, 0, 0.1379762047),
        (5, 5, 0.5655175352, 1),
    ])
    func `the interval is Wilson's`(diverged: Int, finished: Int, low: Double, high: Double) {
        let share = InfeasibleShare(stage: 0, divergedCount: diverged, finishedCount: finished)
        #expect((share.interval.lowerBound - low).magnitude < 1e-9)
        #expect((share.interval.upperBound - high).magnitude < 1e-9)
    }

    @Test func `trials that trained in sampled stages are counted`() {
        let stages = [
            StageSpec(name: "coarse", configurations: 6, epochs: 1),
            StageSpec(name: "final", configurations: 1, epochs: 5, source: .top),
        ]
        let trials = [
            Fixtures.trained(1, .diverged, curve: [.nan]), Fixtures.trial(2, .fail),
            Fixtures.complete(3, 0.5), Fixtures.trained(4, .pruned, curve: [0.1]),
            Fixtures.trial(5, .waiting), Fixtures.complete(6, 0.4),
            Fixtures.trained(7, stage: 1, configuration: 3, replicate: 1, .diverged, curve: [.nan]),
        ]
        let study = Fixtures.study(Fixtures.spec(stages: stages), .running, trials)
        let shares = InfeasibleShare.all(of: study)
        #expect(shares == [InfeasibleShare(stage: 0, divergedCount: 1, finishedCount: 4)])
    }

    /// Of a study of a release that drew configurations twice.
    @Test func `copies of a configuration are counted once`() {
        let space = [ParameterSpec(name: "batch_size", domain: .integer(low: 30, high: 33))]
        let trials = (1...8).map { number in
            Fixtures.trained(
                number, number % 4 == 0 ? .diverged : .complete, curve: [0.5],
                [.integer(30 + number % 4)])
        }
        let study = Fixtures.study(Fixtures.spec(parameters: space), .complete, trials)
        #expect(
            InfeasibleShare.all(of: study) == [
                InfeasibleShare(stage: 0, divergedCount: 1, finishedCount: 4)
            ])
        #expect(Importance.all(of: study).isEmpty)
    }
}

@Suite struct BudgetCorrelationTests {
    /// Eight trials of a fine stage with these values after its first epoch and its last.
    private static func study(_ before: [Double], _ after: [Double]) -> Study {
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: 1),
            StageSpec(name: "fine", configurations: before.count, epochs: 2),
        ]
        let fine = before.indices.map {
            Fixtures.trained($0 + 2, stage: 1, curve: [before[$0], after[$0]])
        }
        return Fixtures.study(
            Fixtures.spec(stages: stages), .complete, [Fixtures.complete(1, 0.3)] + fine)
    }

    private static let ascending = (1...16).map { Double($0) / 20 }

    @Test func `a budget that says the opposite of a larger one misleads`() {
        let study = Self.study(Self.ascending, Self.ascending.reversed())
        let verdict = StudyVerdicts.verdicts(of: study).first { $0.code == "budget-misleads" }
        #expect(
            verdict?.message
                == "in stage fine the order at epoch 1 of 2 foretells the order at the end with "
                + "rank correlation -1.00 [-1.00, -0.99], 16 trials: so few epochs hardly tell "
                + "which configurations are good; give stage coarse more of them")
    }

    /// Errors are 0.01 each: what differs by less has no order to foretell.
    @Test func `values that differ by noise alone mislead nobody`() {
        let noise = Self.ascending.map { 0.5 + $0 / 100 }
        let study = Self.study(Self.ascending, noise.reversed())
        #expect(!BudgetCorrelation.all(of: study).isEmpty)
        #expect(!StudyVerdicts.verdicts(of: study).contains { $0.code == "budget-misleads" })
    }

    @Test func `refitted configurations foretell nothing, being the best ones only`() {
        let stages = [
            StageSpec(name: "coarse", configurations: 4, epochs: 1),
            StageSpec(name: "final", configurations: 4, epochs: 5, source: .top),
        ]
        let trials =
            (1...4).map { Fixtures.complete($0, Double($0) / 10) }
            + (1...4).map {
                Fixtures.complete($0 + 4, stage: 1, configuration: $0, replicate: 1, 0.5)
            }
        let study = Fixtures.study(Fixtures.spec(stages: stages), .complete, trials)
        #expect(BudgetCorrelation.all(of: study).isEmpty)
    }

    private static func curves(coarseEpochs: Double) -> Study {
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: coarseEpochs),
            StageSpec(name: "fine", configurations: 5, epochs: 3),
        ]
        let curves = [
            [0.1, 0.2, 0.5], [0.2, 0.3, 0.4], [0.3, 0.4, 0.6], [0.4, 0.1, 0.7], [0.5, 0.6, 0.8],
        ]
        let fine = curves.enumerated().map {
            Fixtures.trained($0 + 2, stage: 1, curve: $1)
        }
        return Fixtures.study(
            Fixtures.spec(stages: stages), .complete, [Fixtures.complete(1, 0.3)] + fine)
    }

    /// After two epochs the values are 0.2, 0.3, 0.4, 0.1 and 0.6; the best so far would be 0.4
    /// for the fourth.
    @Test(arguments: [(1.0, 1.0, 0.9), (0.5, 1.0, 0.9), (2.0, 2.0, 0.3)])
    func `trials of one stage are compared by their values at an epoch`(
        coarseEpochs: Double, epoch: Double, coefficient: Double
    ) throws {
        let found = BudgetCorrelation.all(of: Self.curves(coarseEpochs: coarseEpochs))
        let only = try #require(found.first)
        #expect(only.fromEpochs == epoch)
        #expect(only.toEpochs == 3)
        #expect((only.correlation.coefficient - coefficient).magnitude < 1e-5)
    }

    @Test func `stages of equal budgets are not compared`() {
        #expect(BudgetCorrelation.all(of: Self.curves(coarseEpochs: 3)).isEmpty)
    }
}

@Suite struct ReplicateTests {
    private static func study(_ values: [Double], standardError: Double) -> Study {
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: 1),
            StageSpec(
                name: "final", configurations: 1, epochs: 1, source: .top,
                replicates: values.count),
        ]
        let final = values.enumerated().map {
            Fixtures.complete(
                $0 + 2, stage: 1, configuration: 1, replicate: $0 + 1, $1,
                standardError: standardError)
        }
        return Fixtures.study(
            Fixtures.spec(stages: stages), .complete, [Fixtures.complete(1, 0.4)] + final)
    }

    /// The seeds' variance is 0.01, a third of it for the mean; the rows are those of all three.
    @Test func `the error of a mean is that of its rows and of its seeds`() throws {
        let study = Self.study([0.5, 0.6, 0.7], standardError: 0.03)
        let rows = Ranking(of: study).rows
        let error = try #require(rows[0].configuration.standardError)
        #expect((error - (0.0009 + 0.01 / 3).squareRoot()).magnitude < 1e-12)
        #expect(rows.map(\.configuration.completeCount) == [3, 3, 3, 1])
        let table = Report.render(ReportInput(study: study), format: .table)
        #expect(table.contains("0.6000 ±0.0651  3 of 3"))
        let json = Report.render(ReportInput(study: study), format: .json)
        #expect(json.contains(#""configuration_mean": 0.4, "configuration_standard_error": null"#))
    }

    @Test func `equal replicates have the error of their rows`() {
        let study = Self.study([0.9888475836431226, 0.9888475836431226], standardError: 0.02)
        #expect(Ranking(of: study).rows[0].configuration.standardError == 0.02)
    }

    /// Two replicates, four rows: m = 1, 1, ½, 0; one more row is half right.
    @Test func `known rows give the variance of the mean correctness`() throws {
        let study = Self.study([0.75, 0.5], standardError: 0.02)
        let rows = [
            TrialRows(trial: 2, correctness: RowCorrectness([true, true, true, false])),
            TrialRows(trial: 3, correctness: RowCorrectness([true, true, false, false])),
        ]
        let error = try #require(
            Ranking(of: study, rows: rows).rows[0].configuration.standardError)
        let variance = (2.75 / 5 - 0.6 * 0.6) / 5 + 0.03125 / 2
        #expect((error - variance.squareRoot()).magnitude < 1e-12)
    }
}
