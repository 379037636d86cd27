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
}
