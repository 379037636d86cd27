import HPReport
import HPSearch
import Testing

@Suite struct RankingTests {
    private func ranking(
        _ trials: [Trial], stages: Int = 2, goal: Objective.Goal = .maximize
    ) -> Ranking {
        let stages = (0..<stages).map {
            StageSpec(name: "stage \($0)", configurations: 4, epochs: 1)
        }
        let metric: Objective.Metric = goal == .maximize ? .validationAccuracy : .validationLoss
        let spec = Fixtures.spec(
            stages: stages, objective: Objective(metric: metric, goal: goal))
        return Ranking(of: Fixtures.study(spec, .running, trials))
    }

    private func numbers(_ ranking: Ranking) -> [Int] { ranking.rows.map(\.trial.number) }

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
            Fixtures.trained(1, .diverged, curve: [0.9]), Fixtures.trial(2, .fail),
            Fixtures.trial(3, .canceled), Fixtures.trial(4, .waiting), Fixtures.trial(5, .running),
            Fixtures.trained(6, .pruned, curve: [0.9]), .init(7, 0.1),
        ]
        let ranking = ranking(trials)
        #expect(numbers(ranking) == [7, 6, 5, 4, 3, 2, 1])
        #expect(ranking.rows.map(\.tieGroup) == [1, 0, 0, 0, 0, 0, 0])
        #expect(ranking.leader?.number == 7)
    }

    @Test func `a later stage ranks above a better value of an earlier one`() {
        let ranking = ranking([.init(1, 0.9), Fixtures.complete(2, stage: 1, 0.5)])
        #expect(numbers(ranking) == [2, 1])
        #expect(ranking.rows.map(\.tieGroup) == [1, 2])
    }

    @Test func `untrained trials rank by stage and then by number`() {
        let ranking = ranking([
            Fixtures.trial(1, .waiting), Fixtures.trial(2, .waiting),
            Fixtures.trial(3, stage: 1, .waiting), Fixtures.trial(4, stage: 1, .waiting),
        ])
        #expect(numbers(ranking) == [3, 4, 1, 2])
        #expect(ranking.leader == nil)
    }

    @Test func `equal values rank by number and tie`() {
        let ranking = ranking([
            Fixtures.complete(1, 0.5, standardError: nil),
            Fixtures.complete(2, 0.5, standardError: nil),
        ])
        #expect(numbers(ranking) == [1, 2])
        #expect(ranking.rows.map(\.tieGroup) == [1, 1])
    }

    @Test func `a tie group is measured from its leader and not from row to row`() {
        let values = [0.500, 0.495, 0.490, 0.485, 0.480]
        let trials = values.enumerated().map {
            Fixtures.complete($0 + 1, $1, standardError: 0.0105)
        }
        #expect(ranking(trials).rows.map(\.tieGroup) == [1, 1, 1, 2, 2])
    }

    @Test func `replicates rank by their mean and stay together`() {
        let ranking = ranking([
            Fixtures.complete(1, configuration: 1, replicate: 1, 0.60, standardError: 0.001),
            Fixtures.complete(2, configuration: 1, replicate: 2, 0.50, standardError: 0.001),
            Fixtures.complete(3, configuration: 3, replicate: 1, 0.58, standardError: 0.001),
            Fixtures.complete(4, configuration: 3, replicate: 2, 0.57, standardError: 0.001),
        ])
        #expect(numbers(ranking) == [3, 4, 1, 2])
        #expect(ranking.rows.map(\.tieGroup) == [1, 1, 2, 2])
    }

    @Test func `configurations with one mean do not mix their replicates`() {
        let ranking = ranking([
            Fixtures.complete(1, configuration: 5, replicate: 1, 0.5),
            Fixtures.complete(2, configuration: 4, replicate: 1, 0.5),
            Fixtures.complete(3, configuration: 5, replicate: 2, 0.5),
            Fixtures.complete(4, configuration: 4, replicate: 2, 0.5),
        ])
        #expect(numbers(ranking) == [2, 4, 1, 3])
    }

    @Test func `only complete replicates of the same stage count for the mean`() {
        let ranking = ranking([
            Fixtures.complete(1, configuration: 1, 0.99),
            .init(2, 0.2),
            Fixtures.complete(3, stage: 1, configuration: 1, replicate: 1, 0.5),
            Fixtures.trained(
                4, stage: 1, configuration: 1, replicate: 2, .diverged, curve: [0.0]),
            Fixtures.complete(5, stage: 1, configuration: 2, replicate: 1, 0.55),
        ])
        #expect(numbers(ranking) == [5, 3, 1, 2, 4])
    }

    @Test func `a value that is not a number ranks last among its state`() {
        let ranking = ranking([.init(1, .nan), .init(2, 0.1), .init(3, .nan)])
        #expect(numbers(ranking) == [2, 1, 3])
    }

    @Test func `the standard error of the leader decides and not that of the follower`() {
        let wide = Fixtures.complete(1, 0.5, standardError: 1)
        let narrow = Fixtures.complete(2, 0.51, standardError: 0.001)
        #expect(numbers(ranking([wide, narrow])) == [2, 1])
        #expect(ranking([wide, narrow]).rows.map(\.tieGroup) == [1, 2])
    }

    @Test func `a study without trials has no rows`() {
        #expect(ranking([]).rows.isEmpty)
    }
}

extension Trial {
    /// COMPLETE in the first stage.
    fileprivate init(_ number: Int, _ value: Double) {
        self = Fixtures.complete(number, value)
    }
}
