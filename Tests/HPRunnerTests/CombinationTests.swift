import HPCluster
import HPSearch
import Testing

@testable import HPRunner

@Suite("Activations, initializations and preprocessings")
struct CombinationTests {
    private static let activations = [
        "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "maxout",
    ]
    private static let initializations = ["zero", "small", "large", "xavier", "he"]
    private static let preprocessings = [
        [], ["zero-mean"], ["normalize"], ["pca 40"], ["whiten 40"],
    ]

    /// One of each with each, two hidden layers, six epochs on 300 digits.
    private func order() throws -> WorkerSession.Order {
        var values: [[ParameterValue]] = []
        for activation in Self.activations {
            for initialization in Self.initializations {
                for steps in Self.preprocessings {
                    values.append([
                        .text(activation), .text(initialization),
                        .list(steps.map(ParameterValue.text)),
                    ])
                }
            }
        }
        return try HPRunnerTests.order(
            model: "{hidden: [32, 32]}", train: "{learning_rate: 0.02, batch_size: 20}",
            epochs: 6,
            parameters: """
                activation: {choice: [\(Self.activations.joined(separator: ", "))]}, \
                init: {choice: [\(Self.initializations.joined(separator: ", "))]}, \
                preprocess: {choice: [[], zero-mean, normalize, {pca: 40}, {whiten: 40}]}
                """, values: values)
    }

    @Test func `each trains with each, and what learns nothing or breaks has a flag`() throws {
        let order = try order()
        var reports: [TrialReport] = []
        BundleExecutor(loader: DataLoader(dataRoot: ".", cacheFolder: nil)).execute(
            order, shouldStop: { _ in false }
        ) { event in
            if case .finished(let finished) = event { reports += finished }
        }
        #expect(reports.count == 175)
        var flagged = 0
        for report in reports {
            let member = order.members[report.lease.trial - 1]
            guard case .trained(let state, _, _, let result, _) = report.outcome else {
                Issue.record("\(member.parameters) has no result")
                continue
            }
            let start = try #require(result.metrics.initialLoss)
            let end = result.metrics.trainingLoss ?? .infinity
            guard state == .diverged || !(end < 0.9 * start) else { continue }
            flagged += 1
            #expect(!result.flags.isEmpty, "\(member.parameters): \(start) to \(end)")
        }
        // All 35 that begin at zero, and more.
        #expect((35...120).contains(flagged))
    }
}
