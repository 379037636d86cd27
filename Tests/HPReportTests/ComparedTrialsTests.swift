import HPSearch
import Testing

@testable import HPReport

@Suite struct `The trials that a report compares row by row` {
    private func study(_ trials: [Trial], goal: Objective.Goal = .maximize) -> Study {
        let stages = [
            StageSpec(name: "first", configurations: 4, epochs: 1),
            StageSpec(name: "final", configurations: 2, epochs: 1, source: .top),
        ]
        let objective = Objective(metric: .validationAccuracy, goal: goal)
        return Fixtures.study(
            Fixtures.spec(stages: stages, objective: objective), .running, trials)
    }

    @Test func `are COMPLETE ones, refitted or sampled`() {
        let trials: [Trial] = [
            Fixtures.complete(1, 0.4), Fixtures.trial(2, .fail),
            Fixtures.trained(3, .diverged, curve: [0.9]), Fixtures.complete(4, 0.5),
            Fixtures.trial(5, stage: 1, .running), Fixtures.complete(6, stage: 1, 0.3),
        ]
        #expect(Report.comparedTrials(of: study(trials)) == [1, 4, 6])
    }

    @Test(arguments: [Objective.Goal.maximize, .minimize])
    func `are the best of many, the first of equals, and all that were refitted`(
        goal: Objective.Goal
    ) {
        let count = Report.comparedSampledMaximum
        // The first is the worst; all others but the last two are equal.
        let worst = goal == .maximize ? 0.1 : 0.9
        let best = goal == .maximize ? 0.8 : 0.2
        let sampled = (1...count + 3).map { number in
            Fixtures.complete(number, number == 1 ? worst : number > count + 1 ? best : 0.5)
        }
        let refitted = Fixtures.complete(count + 4, stage: 1, worst)
        let numbers = Report.comparedTrials(of: study(sampled + [refitted], goal: goal))
        #expect(numbers == Array(2...count - 1) + [count + 2, count + 3, count + 4])
    }
}
