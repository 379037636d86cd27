import HPReport
import HPSearch
import Testing

@Suite struct StudyVerdictsTests {
    private func verdict(_ code: String, _ study: Study) -> Verdict? {
        StudyVerdicts.verdicts(of: study).first { $0.code == code }
    }

    private func diverged(_ number: Int, _ learningRate: Double) -> Trial {
        Fixtures.trained(
            number, .diverged, curve: [.nan], [.number(learningRate), .number(1)])
    }

    @Test func `a study without a success says what became of its trials`() throws {
        var failed = Fixtures.trial(2, .fail)
        failed.reason = "poison"
        failed.detail = "3 attempts crashed"
        let trials = [diverged(1, 0.05), failed, Fixtures.trial(3, .canceled)]
        let found = try #require(
            verdict("no-trial-succeeded", Fixtures.study(Fixtures.spec(), .failed, trials)))
        #expect(
            found.message
                == "no trial succeeded: 1 diverged, 1 failed, 1 were canceled; "
                + "trial 2 failed first (poison): 3 attempts crashed")
        #expect(found.parameter == nil)
    }

    @Test func `a study that still runs is not called a failure`() {
        let study = Fixtures.study(Fixtures.spec(), .running, [diverged(1, 0.05)])
        #expect(verdict("no-trial-succeeded", study) == nil)
    }

    @Test func `mostly diverged names the rate from which trials diverged`() throws {
        let trials = [
            diverged(1, 0.05), diverged(2, 0.02), diverged(3, 0.09), Fixtures.complete(4, 0.4),
            Fixtures.trial(5, .waiting),
        ]
        let found = try #require(
            verdict("mostly-diverged", Fixtures.study(Fixtures.spec(), .running, trials)))
        #expect(found.parameter == "learning_rate")
        #expect(
            found.message
                == "3 of 4 finished trials diverged, from learning_rate 0.02 on: "
                + "the high end of its range, 0.1, is too high")
    }

    @Test func `half of the trials, or too few of them, are no majority`() {
        let half = [
            diverged(1, 0.05), diverged(2, 0.02), Fixtures.complete(3, 0.4),
            Fixtures.complete(4, 0.4),
        ]
        let few = [diverged(1, 0.05), diverged(2, 0.02), diverged(3, 0.02)]
        for trials in [half, few] {
            let study = Fixtures.study(Fixtures.spec(), .running, trials)
            #expect(verdict("mostly-diverged", study) == nil)
        }
    }

    @Test func `a fixed learning rate is named by its value`() throws {
        let spec = Fixtures.spec(parameters: [Fixtures.regularization])
        let trials = (1...4).map {
            Fixtures.trained($0, .diverged, curve: [.nan], [.number(1)])
        }
        let found = try #require(
            verdict("mostly-diverged", Fixtures.study(spec, .running, trials)))
        #expect(found.parameter == nil)
        #expect(found.message.contains("learning_rate 0.01 is probably too high"))
    }

    @Test func `the share of the space that diverged is said with its interval`() throws {
        let trials =
            [diverged(1, 0.05), diverged(2, 0.02), diverged(3, 0.09)]
            + (4...40).map { Fixtures.complete($0, 0.4) }
        let study = Fixtures.study(Fixtures.spec(), .running, trials)
        let found = try #require(verdict("infeasible-share", study))
        #expect(
            found.message
                == "share of each stage's space that can't be trained: coarse 7.5% (3 of 40 trials "
                + "diverged, 95% interval 2.6% to 20%)")
        let fine = Fixtures.study(Fixtures.spec(), .running, [Fixtures.complete(1, 0.4)])
        #expect(verdict("infeasible-share", fine) == nil)
    }

    @Test func `who can't be told apart from the leader is a tie`() throws {
        let values = [0.531, 0.53, 0.527, 0.52, 0.518, 0.51]
        let trials = values.enumerated().map {
            Fixtures.complete($0 + 1, $1, standardError: 0.0158)
        }
        let study = Fixtures.study(Fixtures.spec(), .complete, trials)
        #expect(
            verdict("tie", study)?.message
                == "the best 5 trials (1, 2, 3, 4, 5) lie within one standard error (0.0158): "
                + "a tie; a stage with `from: top` and `seeds: 3` would tell them apart")
        let alone = Fixtures.study(
            Fixtures.spec(), .complete, [Fixtures.complete(1, 0.5), Fixtures.complete(2, 0.4)])
        #expect(verdict("tie", alone) == nil)
    }

    @Test func `a tie of replicated configurations asks for other means`() throws {
        let trials = (1...4).map { number in
            Fixtures.complete(
                number, configuration: (number + 1) / 2, replicate: (number + 1) % 2 + 1, 0.5)
        }
        let study = Fixtures.study(Fixtures.spec(), .complete, trials)
        #expect(
            verdict("tie", study)?.message
                == "the best 2 configurations (of trials 1, 3 and their replicates) lie within one "
                + "standard error (0.0100): a tie; each has 2 replicates already: more seeds, and "
                + "more validation examples, would tell them apart")
    }

    @Test func `the best trials of the last stage that still improved are named`() throws {
        let improving = [0.1, 0.2]
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: 1),
            StageSpec(name: "fine", configurations: 3, epochs: 2),
        ]
        let trials = [
            Fixtures.trained(1, curve: [0.1, 0.9]),
            Fixtures.trained(2, stage: 1, curve: [0.5, 0.4, 0.6]),
            Fixtures.trained(3, stage: 1, curve: [0.5, 0.5]),
            Fixtures.trained(4, stage: 1, curve: improving),
        ]
        let study = Fixtures.study(Fixtures.spec(stages: stages), .complete, trials)
        #expect(
            verdict("still-improving", study)?.message
                == "2 of the best 3 trials of stage fine (2, 4) rose to the last epoch by more than "
                + "noise: more epochs would probably help")
        var flat = study
        flat.trials[1].result?.objectiveCurve = [0.6, 0.6]
        #expect(verdict("still-improving", flat) == nil)
    }

    @Test func `verdicts have one order`() {
        var trials = (1...9).map { diverged($0, 2e-6) }
        let better: [(Double, Double)] = [
            (1e-4, 0.2), (3e-4, 0.25), (1e-3, 0.3), (3e-3, 0.35), (1e-2, 0.4), (3e-2, 0.495),
            (0.09, 0.5),
        ]
        trials += better.enumerated().map { index, entry in
            Fixtures.trained(
                10 + index, curve: [0.1, entry.1], [.number(entry.0), .number(1)])
        }
        let study = Fixtures.study(Fixtures.spec(), .complete, trials)
        #expect(
            StudyVerdicts.verdicts(of: study).map(\.code) == [
                "mostly-diverged", "infeasible-share", "best-on-border", "tie", "still-improving",
            ])
    }

    @Test func `a grid says how few values it tries`() {
        var study = Fixtures.study(
            Fixtures.spec(), .complete, (1...9).map { Fixtures.complete($0, 0.5) })
        #expect(verdict("grid-coverage", study) == nil)
        study.spec.sampler = .grid
        #expect(
            verdict("grid-coverage", study)?.message
                == "the 9 trials of the grid of stage coarse try only 3 of learning_rate and 3 of "
                + "reg in different values; random search tries 9 of each (Bergstra and Bengio "
                + "2012)")
    }
}
