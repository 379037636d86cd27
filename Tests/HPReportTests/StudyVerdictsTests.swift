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

    /// Errors of 0.0158 each make one of 0.0223 of a difference.
    @Test func `who can't be told apart from the leader is a tie`() throws {
        let values = [0.531, 0.53, 0.527, 0.52, 0.518, 0.50]
        let trials = values.enumerated().map {
            Fixtures.complete($0 + 1, $1, standardError: 0.0158)
        }
        let study = Fixtures.study(Fixtures.spec(), .complete, trials)
        #expect(
            verdict("leader", study)?.message
                == "use configuration 1 (learning_rate 0.001, reg 1): val_accuracy 0.5310 ± "
                + "0.0158, one seed, tied with 2, 3, 4 and 5")
        #expect(
            verdict("tie", study)?.message
                == "5 configurations, the leader's included, lie within one standard error of the "
                + "difference (0.0223, taken as independent: their rows are not known): a tie; one "
                + "seed each: a stage with `from: top` and `seeds: 3` shows what is the seed's "
                + "luck, and more validation rows shrink the rest")
        let alone = Fixtures.study(
            Fixtures.spec(), .complete, [Fixtures.complete(1, 0.5), Fixtures.complete(2, 0.4)])
        #expect(verdict("tie", alone) == nil)
    }

    /// A sampled trial, and configurations refitted with these values each.
    private func refitted(_ values: [[Double?]], sampled: Double = 0.3, epochs: Double = 1)
        -> Study
    {
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: 1),
            StageSpec(
                name: "final", configurations: values.count, epochs: epochs, source: .top,
                replicates: values[0].count),
        ]
        var trials = [Fixtures.complete(1, sampled)]
        for (index, replicates) in values.enumerated() {
            for (replicate, value) in replicates.enumerated() {
                trials.append(
                    Fixtures.trained(
                        trials.count + 1, stage: 1, configuration: index + 1,
                        replicate: replicate + 1, value == nil ? .diverged : .complete,
                        curve: [value ?? .nan]))
            }
        }
        return Fixtures.study(Fixtures.spec(stages: stages), .complete, trials)
    }

    @Test(
        arguments: [
            (
                [0.50, 0.50],
                "100% of that variance comes of the validation rows: four times as many "
                    + "halve it"
            ),
            (
                [0.46, 0.54],
                "94% of that variance comes of the seeds: four times as many as the 2 "
                    + "of each halve it"
            ),
        ])
    func `a tie of replicated configurations says what would shrink it`(
        values: [Double], advice: String
    ) throws {
        let message = try #require(verdict("tie", refitted([values, values]))?.message)
        #expect(message.hasSuffix(": a tie; " + advice))
    }

    @Test func `a configuration that diverged with some seeds is said to be unstable`() {
        let study = refitted([[0.9, nil, 0.8], [0.4, 0.5, 0.4]])
        #expect(
            verdict("unstable", study)?.message
                == "configuration 1 (2 of 3 seeds): with the other seeds training DIVERGED or was "
                + "FAIL, so the mean is that of the survivors; they rank below all whose seeds "
                + "completed")
        #expect(
            verdict("leader", study)?.message.hasPrefix(
                "use configuration 2 (learning_rate 0.001, reg 1): val_accuracy 0.4333 ± ") == true)
        #expect(
            verdict("better-below", study)?.message.hasPrefix(
                "configuration 1 in stage final has 0.8500, better than the leader's 0.4333")
                == true)
    }

    @Test func `what is better than the leader by more than both errors is said`() {
        let fewer = refitted([[0.5, 0.52]], sampled: 0.9, epochs: 0.5)
        #expect(
            verdict("better-below", fewer)?.message
                == "trial 1 of stage coarse has 0.9000, better than the leader's 0.5100 by more "
                + "than their errors (0.0100 and 0.0141): stage final trains 0.5 epochs where that "
                + "had 1 epoch, too few to compare: give it as many")
        let lucky = refitted([[0.5, 0.52]], sampled: 0.9)
        #expect(
            verdict("better-below", lucky)?.message.hasSuffix(
                "its seed was a lucky one, as the other seeds show: rely on the leader's value")
                == true)
        #expect(verdict("better-below", refitted([[0.5, 0.52]], sampled: 0.53)) == nil)
    }

    @Test func `a table with fewer trials than its spec asks for says nothing of the space`() {
        let trials = (1...3).map {
            Fixtures.trained($0, curve: [0.5], [.number(1e-3 * Double($0)), .number(1)])
        }
        #expect(
            verdict("fewer-configurations", Fixtures.study(Fixtures.spec(), .complete, trials))
                == nil)
    }

    @Test func `a stage without enough configurations says so`() {
        var study = refitted([[0.5, 0.5]])
        #expect(verdict("fewer-configurations", study) == nil)
        study.spec.stages[1].configurations = 3
        #expect(
            verdict("fewer-configurations", study)?.message
                == "stage final asks for 3 configurations and has 1: no more different "
                + "configurations are COMPLETE, and none is trained twice")
    }

    @Test func `the best trials of the last stage that still improved are named`() throws {
        let improving = [0.1, 0.2]
        let stages = [
            StageSpec(name: "coarse", configurations: 1, epochs: 1),
            StageSpec(name: "fine", configurations: 3, epochs: 2),
        ]
        let trials = [
            Fixtures.trained(1, curve: [0.05, 0.1]),
            Fixtures.trained(2, stage: 1, curve: [0.5, 0.4, 0.6]),
            Fixtures.trained(3, stage: 1, curve: [0.5, 0.5]),
            Fixtures.trained(4, stage: 1, curve: improving),
        ]
        let study = Fixtures.study(Fixtures.spec(stages: stages), .complete, trials)
        #expect(
            verdict("still-improving", study)?.message
                == "2 of the best 3 trials of stage fine (2, 4) rose to the last epoch by more "
                + "than noise: more epochs would probably help")
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
                "leader", "mostly-diverged", "infeasible-share", "best-on-border", "tie",
                "still-improving",
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
