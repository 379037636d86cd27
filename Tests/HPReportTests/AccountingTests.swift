import HPReport
import HPSearch
import Testing

@Suite struct AccountingTests {
    private static let stages = [
        StageSpec(name: "coarse", configurations: 7, epochs: 1),
        StageSpec(name: "final", configurations: 2, epochs: 5, source: .top, replicates: 3),
    ]

    @Test func `every state is counted once and the sum is what was planned`() {
        let trials = Trial.State.allCases.enumerated().map { Fixtures.trial($0 + 1, $1) }
        let study = Fixtures.study(Fixtures.spec(stages: Self.stages), .running, trials)
        let accounting = Accounting(of: study)
        let counts = [
            accounting.complete, accounting.pruned, accounting.diverged, accounting.fail,
            accounting.canceled, accounting.waiting, accounting.running,
        ]
        #expect(counts == [1, 1, 1, 1, 1, 1, 1])
        #expect(accounting.future == 6)
        #expect(accounting.planned == 13)
        #expect(accounting.done == 5)
    }

    @Test func `what was never created stays counted when a study ends early`() {
        let study = Fixtures.study(
            Fixtures.spec(stages: Self.stages), .canceled, [Fixtures.trial(1, .canceled)])
        #expect(Accounting(of: study).future == 6)
        #expect(Accounting(of: study).planned == 7)
    }

    @Test func `a study that has not begun is all future`() {
        let accounting = Accounting(
            of: Fixtures.study(Fixtures.spec(stages: Self.stages), .queued, []))
        #expect(accounting.future == 13)
        #expect(accounting.planned == 13)
    }
}

@Suite struct StageOverviewTests {
    private static let spec = Fixtures.spec(stages: [
        StageSpec(name: "coarse", configurations: 2, epochs: 1),
        StageSpec(name: "fine", configurations: 3, epochs: 5),
    ])

    private func states(_ state: Study.State, _ trials: [Trial]) -> [StageOverview.State] {
        StageOverview.all(of: Fixtures.study(Self.spec, state, trials)).map(\.state)
    }

    @Test func `a stage runs until its trials are terminal`() {
        let done = Fixtures.complete(1, 0.5)
        #expect(states(.queued, []) == [.waiting, .waiting])
        #expect(states(.running, [done, Fixtures.trial(2, .waiting)]) == [.running, .waiting])
        #expect(states(.running, [done, Fixtures.trial(2, .fail)]) == [.complete, .waiting])
    }

    @Test func `a stage that the study's end cut short is canceled`() {
        let done = Fixtures.complete(1, 0.5)
        #expect(states(.canceled, [done, Fixtures.trial(2, .canceled)]) == [.canceled, .canceled])
        #expect(states(.complete, [done, Fixtures.complete(2, 0.6)]) == [.complete, .canceled])
    }

    @Test func `a stage lists what it created and else what it plans`() {
        let study = Fixtures.study(Self.spec, .running, [Fixtures.complete(1, 0.5)])
        #expect(StageOverview.all(of: study).map(\.trialCount) == [1, 3])
        #expect(StageOverview.all(of: study).map(\.accounting.planned) == [1, 0])
    }
}
