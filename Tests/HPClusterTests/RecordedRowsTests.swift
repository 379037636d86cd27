import ClusterTesting
import HPCluster
import HPSearch
import Testing

@Suite struct `A result with validation rows` {
    private static let right = RowCorrectness([true, true, false, true, true, true, false, true])
    private static let fewer = RowCorrectness([true, true, false, true, true, true, false, false])
    private static let other = RowCorrectness([true, true, true, false])

    private struct Sample: Sendable {
        var state = Trial.State.complete
        var value: Double? = 0.75
        var rows: RowCorrectness? = right
        var crossed: CrossedCorrectness? = CrossedCorrectness(atOneEpoch: right)
    }

    private static let bad = [
        Sample(rows: fewer), Sample(value: 0.82), Sample(rows: nil),
        Sample(crossed: CrossedCorrectness(atOneEpoch: other)), Sample(rows: other),
        Sample(state: .diverged, value: nil), Sample(value: 0.6),
    ]

    /// A study of one trial; what becomes of it when a worker sends this.
    private func trial(
        _ sample: Sample, extra: String = "", split: String = "{train: 0.7, validation: 0.1}"
    ) throws -> (trial: Trial, recorded: TrialRecordings?) {
        let spec = try StudySpec.read(
            text: """
                study: rows
                seed: 7
                objective: {metric: val_accuracy, goal: maximize\(extra)}
                data: {dataset: digits, split: \(split)}
                parameters: {learning_rate: {log_uniform: [1.0e-4, 1.0]}}
                stages: [{name: coarse, trials: 1, epochs: 2}]
                limits: {attempts: 1}
                """, file: "test.yaml")
        var cluster = try ClusterFixture()
        _ = cluster.submit(spec)
        var worker = FakeWorker(1, studyDigest: spec.contentDigest)
        cluster.connect(&worker)
        let member = try #require(worker.members.last)
        var report = worker.report(member)
        let curve = sample.value.map { extra.isEmpty ? [$0, $0 - 0.1] : [$0 + 0.1, $0] } ?? []
        report.outcome = .trained(
            state: sample.state, reason: "", detail: "",
            result: TrialResult(
                objectiveCurve: curve, value: sample.value,
                standardError: sample.value.map { _ in 0.01 }, bestEpoch: 1, epochs: 2,
                metrics: TrialMetrics(), seconds: 0.1),
            recordings: TrialRecordings(
                correctness: sample.rows, crossedCorrectness: sample.crossed))
        _ = cluster.receive(.results([report]), from: worker.session)
        return (cluster.study.trials[0], cluster.store.recordings.last?.recordings)
    }

    @Test func `is taken when they are as many as its value says`() throws {
        for sample in [Sample(), Sample(crossed: nil), Sample(rows: nil, crossed: nil)] {
            let (trial, recorded) = try trial(sample)
            #expect(trial.state == .complete && trial.result?.value == 0.75)
            #expect(recorded?.correctness == sample.rows)
            #expect(recorded?.crossedCorrectness == sample.crossed)
        }
    }

    @Test(arguments: bad.indices)
    func `is none when they don't fit`(index: Int) throws {
        let (trial, recorded) = try trial(Self.bad[index])
        #expect(trial.state == .fail && trial.reason == "crashed")
        #expect(recorded == nil)
    }

    @Test func `is none when the study has another number of rows`() throws {
        let split = "{train: 100, validation: 16}"
        #expect(try trial(Sample(), split: split).trial.state == .fail)
        #expect(try trial(Sample(), split: "{train: 100, validation: 8}").trial.state == .complete)
    }

    @Test func `has the value of the last evaluation where the objective asks for it`() throws {
        #expect(try trial(Sample(), extra: ", at: last").trial.state == .complete)
        let best = Sample(value: 0.75, rows: nil, crossed: nil)
        #expect(try trial(best, extra: ", at: best").trial.state == .fail)
    }
}
