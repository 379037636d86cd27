import HPCluster
import HPSearch
import Synchronization
import Testing

@testable import HPRunner

@Suite("Bundles of a worker")
struct ExecutorTests {
    private func run(_ order: WorkerSession.Order) -> [TrialReport] {
        var reports: [TrialReport] = []
        BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
            order, shouldStop: { _ in false }
        ) { event in
            if case .finished(let finished) = event { reports += finished }
        }
        return reports.sorted { $0.lease.trial < $1.lease.trial }
    }

    @Test func `a network that fits no machine fails its trial and no other`() throws {
        let order = try order(
            model: "{activation: maxout, pieces: 16}",
            parameters: "hidden: {choice: [[100000], [4], [100000, 10]]}",
            values: [
                [.list([.integer(100_000)])], [.list([.integer(4)])],
                [.list([.integer(100_000), .integer(10)])],
            ])
        let reports = run(order)
        #expect(reports.map(\.lease.trial) == [1, 2, 3])
        for (report, isTooLarge) in zip(reports, [true, false, true]) {
            switch report.outcome {
            case .failed(let reason, let detail):
                #expect(isTooLarge && reason == "too-large")
                #expect(detail.contains("numbers, more than 1073741824"))
            case .trained(let state, _, _, _, _): #expect(!isTooLarge && state == .complete)
            case .broke: Issue.record("nothing breaks")
            }
        }
    }

    @Test func `the data are described until their digest is pinned`() throws {
        var order = try order(
            model: "{hidden: [4]}", values: [[.number(0)], [.number(0.1)]])
        let first = run(order)
        let digits =
            "digits: 1797 rows of 64 features, 10 classes: 0 (178), 1 (182), 2 (177), 3 (183), "
            + "4 (181), 5 (182), 6 (181), 7 (179), 8 (174), 9 (180)"
        #expect(first.map(\.dataSummary) == [digits, digits])
        order.dataDigest = first[0].dataDigest
        #expect(run(order).map(\.dataSummary) == [nil, nil])
    }

    /// The worker's clock shows a minute more with each evaluation.
    @Test func `results that come together don't wait for the next member's end`() throws {
        let order = try order(
            model: "{hidden: [8]}", train: "{batch_size: 30}", epochs: 4,
            parameters: "learning_rate: {log_uniform: [1.0e-3, 1.0e6]}",
            values: [[.number(1e6)], [.number(9e5)], [.number(1e-3)]])
        let seconds = Mutex(0.0)
        var evaluations = 0
        /// How often the last member had been evaluated when a trial's result came.
        var arrivals = [0, 0, 0]
        BundleExecutor(
            loader: DataLoader(dataRoot: "."),
            clock: { Instant(nanoseconds: Int64(seconds.withLock { $0 } * 1e9)) }
        ).execute(
            order, shouldStop: { _ in false },
            onEvaluation: { _, member, _ in
                seconds.withLock { $0 += 60 }
                if member == 2 { evaluations += 1 }
            }
        ) { event in
            guard case .finished(let reports) = event else { return }
            for report in reports { arrivals[report.lease.trial - 1] = evaluations }
        }
        #expect(arrivals[0] <= 1 && arrivals[1] <= 1, "\(arrivals)")
        #expect(arrivals[2] == 4)
    }

    @Test func `each member sees features prepared as its trial asks`() throws {
        let steps = ["[]", "zero-mean", "[normalize]", "[zero-mean, {pca: 20}]", "{whiten: 9}"]
        let choice = "preprocess: {choice: [\(steps.joined(separator: ", "))]}"
        let train = "{batch_size: 50, learning_rate: 0.01}"
        let values: [[ParameterValue]] = [
            [.list([])], [.list([.text("zero-mean")])], [.list([.text("normalize")])],
            [.list([.text("zero-mean"), .text("pca 20")])], [.list([.text("whiten 9")])],
        ]
        let mixed = run(
            try order(
                model: "{hidden: [9]}", train: train, parameters: choice,
                values: values + values.reversed()))
        var seen: Set<[Double]> = []
        for (index, value) in values.enumerated() {
            let alone = run(
                try order(
                    model: "{hidden: [9]}", train: train, parameters: choice, values: [value]))
            let curve = try losses(alone[0])
            #expect(try losses(mixed[index]) == curve)
            #expect(try losses(mixed[9 - index]) == curve)
            seen.insert(curve)
        }
        #expect(seen.count == steps.count)
    }

    private func losses(_ report: TrialReport) throws -> [Double] {
        guard case .trained(.complete, _, _, _, let recordings) = report.outcome else {
            Issue.record("trial \(report.lease.trial) is not COMPLETE")
            return []
        }
        return recordings.curve.compactMap(\.validationLoss)
    }

    @Test func `every activation, initialization, optimizer and schedule of a spec trains`()
        throws
    {
        let activations = ["sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "maxout"]
        let initializations: [ParameterValue] =
            ["zero", "small", "large", "xavier", "he"].map(ParameterValue.text) + [.number(0.05)]
        let optimizers = ["sgd", "momentum", "nesterov", "rmsprop", "adam"]
        let schedules = ["exponential", "step", "1/t"]
        var values: [[ParameterValue]] = []
        for (index, activation) in activations.enumerated() {
            for (other, initialization) in initializations.enumerated() {
                values.append([
                    .text(activation), .boolean((index + other).isMultiple(of: 2)),
                    initialization, .text(schedules[(index + other) % 3]),
                    .text(optimizers[(index + other) % 5]),
                ])
            }
        }
        let order = try order(
            model: "{hidden: [6, 5]}",
            train: "{learning_rate: 0.01, learning_rate_decay: 0.9, decay_epochs: 1}", epochs: 2,
            parameters: """
                activation: {choice: [\(activations.joined(separator: ", "))]}, \
                batch_norm: {choice: [true, false]}, \
                init: {choice: [zero, small, large, xavier, he, {scale: 0.05}]}, \
                learning_rate_schedule: {choice: [exponential, step, 1/t]}, \
                optimizer: {choice: [\(optimizers.joined(separator: ", "))]}
                """, values: values)
        let reports = run(order)
        #expect(reports.count == 42)
        for report in reports {
            guard case .trained(let state, _, _, let result, _) = report.outcome else {
                Issue.record("trial \(report.lease.trial) has no result")
                continue
            }
            #expect(state == .complete || state == .diverged)
            #expect(state == .diverged || result.objectiveCurve.count == 2)
        }
    }
}
