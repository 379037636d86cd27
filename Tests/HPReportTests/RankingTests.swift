import HPReport
import HPSearch
import Testing

@Suite struct RankingTests {
    /// Two sampled stages and two that refit, whatever the trials need of them.
    private static func study(
        _ trials: [Trial], goal: Objective.Goal = .maximize
    ) -> Study {
        let stages = [
            StageSpec(name: "coarse", configurations: 4, epochs: 1),
            StageSpec(name: "fine", configurations: 4, epochs: 1),
            StageSpec(name: "semi", configurations: 4, epochs: 1, source: .top, replicates: 2),
            StageSpec(name: "final", configurations: 4, epochs: 1, source: .top, replicates: 3),
        ]
        let metric: Objective.Metric = goal == .maximize ? .validationAccuracy : .validationLoss
        let spec = Fixtures.spec(
            stages: stages, objective: Objective(metric: metric, goal: goal))
        return Fixtures.study(spec, .running, trials)
    }

    private func ranking(_ trials: [Trial], goal: Objective.Goal = .maximize) -> Ranking {
        Ranking(of: Self.study(trials, goal: goal))
    }

    private func numbers(_ ranking: Ranking) -> [Int] { ranking.rows.map(\.trial.number) }

    /// A coarse and a fine trial, so that stages that refit have begun with trial 3.
    private static let sampled = [
        Fixtures.complete(1, 0.50), Fixtures.complete(2, stage: 1, 0.40),
    ]

    private static func refit(
        _ number: Int, stage: Int = 2, of configuration: Int, _ replicate: Int, _ value: Double,
        standardError: Double? = 0.01
    ) -> Trial {
        Fixtures.complete(
            number, stage: stage, configuration: configuration, replicate: replicate, value,
            standardError: standardError)
    }

    private static func refit(
        _ number: Int, of configuration: Int, _ replicate: Int, _ state: Trial.State
    ) -> Trial {
        var trial = Fixtures.trial(number, stage: 2, state)
        trial.configuration = configuration
        trial.replicate = replicate
        return trial
    }

    // MARK: - Sampled trials

    @Test func `a larger value ranks higher when the goal is to maximize`() {
        let ranking = ranking([.init(1, 0.3), .init(2, 0.5), .init(3, 0.4)])
        #expect(numbers(ranking) == [2, 3, 1])
        #expect(ranking.rows.map(\.rank) == [1, 2, 3])
        #expect(ranking.ranks == [3, 1, 2])
    }

    @Test func `a smaller value ranks higher when the goal is to minimize`() {
        let trials: [Trial] = [.init(1, 0.3), .init(2, 0.5), .init(3, 0.305)]
        let ranking = ranking(trials, goal: .minimize)
        #expect(numbers(ranking) == [1, 3, 2])
        #expect(ranking.rows.map(\.tieGroup) == [1, 1, 2])
    }

    @Test func `states rank in their order whatever the values are`() {
        let trials: [Trial] = [
            Fixtures.trial(1, .canceled), Fixtures.trial(2, .fail),
            Fixtures.trained(3, .diverged, curve: [0.9]), Fixtures.trial(4, .waiting),
            Fixtures.trial(5, .running), Fixtures.trained(6, .pruned, curve: [0.9]), .init(7, 0.1),
        ]
        let ranking = ranking(trials)
        #expect(numbers(ranking) == [7, 6, 5, 4, 3, 2, 1])
        #expect(ranking.rows.map(\.tieGroup) == [1, 0, 0, 0, 0, 0, 0])
        #expect(ranking.leader?.configuration == 7)
    }

    @Test func `sampled trials of all stages rank by value`() {
        let ranking = ranking([.init(1, 0.9), Fixtures.complete(2, stage: 1, 0.5)])
        #expect(numbers(ranking) == [1, 2])
        #expect(ranking.leader?.configuration == 1)
    }

    @Test func `a pruned trial that came further ranks above a better one that came less far`() {
        let ranking = ranking([
            Fixtures.trained(1, .pruned, curve: [0.9]),
            Fixtures.trained(2, .pruned, curve: [0.1, 0.2]),
        ])
        #expect(numbers(ranking) == [2, 1])
        #expect(ranking.leader == nil)
    }

    @Test func `untrained trials rank by number`() {
        let ranking = ranking([
            Fixtures.trial(1, .waiting), Fixtures.trial(2, .waiting),
            Fixtures.trial(3, stage: 1, .waiting), Fixtures.trial(4, stage: 1, .waiting),
        ])
        #expect(numbers(ranking) == [1, 2, 3, 4])
        #expect(ranking.leader == nil)
    }

    @Test func `a value that is not a number ranks below all that are`() {
        let ranking = ranking([.init(1, .nan), .init(2, 0.1), .init(3, .nan)])
        #expect(numbers(ranking) == [2, 1, 3])
    }

    @Test func `a study without trials has no rows`() {
        #expect(ranking([]).rows.isEmpty)
    }

    // MARK: - Refitted configurations

    @Test func `refitted configurations rank above sampled ones, by their mean`() {
        let ranking = ranking(
            Self.sampled + [
                Self.refit(3, of: 1, 1, 0.30), Self.refit(4, of: 1, 2, 0.20),
                Self.refit(5, of: 2, 1, 0.28), Self.refit(6, of: 2, 2, 0.27),
            ])
        #expect(numbers(ranking) == [5, 6, 3, 4, 1, 2])
        #expect(ranking.leader?.configuration == 2)
    }

    @Test func `the latest stage that refits ranks first`() {
        let ranking = ranking(
            Self.sampled + [
                Self.refit(3, of: 1, 1, 0.9), Self.refit(4, of: 1, 2, 0.9),
                Self.refit(5, stage: 3, of: 1, 1, 0.8), Self.refit(6, stage: 3, of: 1, 2, 0.8),
            ])
        #expect(numbers(ranking) == [5, 6, 3, 4, 1, 2])
    }

    @Test func `configurations with one mean do not mix their replicates`() {
        let ranking = ranking(
            Self.sampled + [
                Self.refit(3, of: 2, 1, 0.5), Self.refit(4, of: 1, 1, 0.5),
                Self.refit(5, of: 2, 2, 0.5), Self.refit(6, of: 1, 2, 0.5),
            ])
        #expect(numbers(ranking) == [4, 6, 3, 5, 1, 2])
    }

    /// The survivors' mean is better than what completed with every seed.
    @Test func `a configuration with a replicate that diverged ranks below those without`() {
        let ranking = ranking(
            Self.sampled + [
                Self.refit(3, of: 1, 1, .diverged), Self.refit(4, of: 1, 2, 0.9),
                Self.refit(5, of: 2, 1, 0.3), Self.refit(6, of: 2, 2, 0.3),
            ])
        #expect(numbers(ranking) == [5, 6, 3, 4, 1, 2])
        #expect(ranking.rows.map(\.tieGroup).prefix(4) == [1, 1, 0, 2])
        let unstable = ranking.rows[2].configuration
        #expect(unstable.standing == .unstable)
        #expect([unstable.completeCount, unstable.replicateCount] == [1, 2])
        #expect(unstable.mean == 0.9)
    }

    @Test func `a configuration with a replicate that waits is incomplete`() {
        let ranking = ranking(
            Self.sampled + [
                Self.refit(3, of: 1, 1, 0.9), Self.refit(4, of: 1, 2, .waiting),
                Self.refit(5, of: 2, 1, .running), Self.refit(6, of: 2, 2, .waiting),
            ])
        #expect(numbers(ranking) == [3, 4, 1, 2, 5, 6])
        #expect(ranking.rows[0].configuration.standing == .incomplete)
        #expect(ranking.leader?.standing == .sampled)
        #expect(ranking.leader?.configuration == 1)
    }

    @Test func `a configuration that came to nothing when it was refitted does not lead`() {
        var trials =
            Self.sampled + [
                Self.refit(3, of: 1, 1, .diverged), Self.refit(4, of: 1, 2, .fail),
            ]
        trials[1].parameters = [.number(2e-3), .number(1)]
        let ranking = ranking(trials)
        #expect(numbers(ranking) == [1, 2, 3, 4])
        #expect(ranking.leader?.configuration == 2)
    }

    @Test func `an unstable configuration leads where nothing else is left`() {
        let ranking = ranking([
            Self.sampled[0], Fixtures.trial(2, stage: 1, .fail),
            Self.refit(3, of: 1, 1, 0.4), Self.refit(4, of: 1, 2, .diverged),
        ])
        #expect(ranking.leader?.standing == .unstable)
    }

    @Test func `a progress line names the leader of the report`() {
        let trials =
            Self.sampled + [
                Self.refit(3, of: 1, 1, 0.30), Self.refit(4, of: 1, 2, 0.20),
                Self.refit(5, of: 2, 1, 0.28), Self.refit(6, of: 2, 2, .diverged),
            ]
        for count in 0...trials.count {
            let study = Self.study(Array(trials.prefix(count)))
            #expect(
                Standings.leader(of: study, bestSampled: count > 0 ? 0 : nil)
                    == Standings(of: study).leader(of: study))
        }
    }

    // MARK: - Ties

    @Test func `a tie is told by the error of the difference`() {
        let trials = [0.500, 0.490, 0.485].enumerated().map {
            Fixtures.complete($0 + 1, $1, standardError: 0.0105)
        }
        // The root of 2 times 0.0105 is 0.01485.
        #expect(ranking(trials).rows.map(\.tieGroup) == [1, 1, 2])
    }

    @Test func `a tie group is measured from its leader and not from row to row`() {
        let values = [0.500, 0.495, 0.490, 0.485, 0.480]
        let trials = values.enumerated().map {
            Fixtures.complete($0 + 1, $1, standardError: 0.0075)
        }
        #expect(ranking(trials).rows.map(\.tieGroup) == [1, 1, 1, 2, 2])
    }

    @Test func `without a known error there are no ties`() {
        let ranking = ranking([
            Fixtures.complete(1, 0.5, standardError: nil),
            Fixtures.complete(2, 0.5, standardError: 0),
        ])
        #expect(numbers(ranking) == [1, 2])
        #expect(ranking.rows.map(\.tieGroup) == [0, 0])
        let codes = StudyVerdicts.verdicts(
            of: Self.study([Fixtures.complete(1, 0.5, standardError: 0)])
        ).map(\.code)
        #expect(codes.contains("no-error"))
    }

    /// Of 100 rows the first has 50 right, the second the same but for 2, the third 48 others.
    @Test func `trials that get the same rows right are told apart by few rows`() {
        let trials = [Fixtures.complete(1, 0.50), .init(2, 0.48), .init(3, 0.48)].map {
            var trial = $0
            trial.result?.standardError = 0.05
            return trial
        }
        let study = Self.study(trials)
        let right = { (rows: Range<Int>) in RowCorrectness((0..<100).map(rows.contains)) }
        let rows = [
            TrialRows(trial: 1, correctness: right(0..<50)),
            TrialRows(trial: 2, correctness: right(0..<48)),
            TrialRows(trial: 3, correctness: right(50..<98)),
        ]
        #expect(Ranking(of: study).rows.map(\.tieGroup) == [1, 1, 1])
        // √((2.5/101 − (2/101)²)/101) = 0.0155 for the second, 0.098 for the third.
        #expect(Ranking(of: study, rows: rows).rows.map(\.tieGroup) == [1, 2, 2])
    }
}

extension Trial {
    /// COMPLETE in the first stage.
    fileprivate init(_ number: Int, _ value: Double) {
        self = Fixtures.complete(number, value)
    }
}
