import Foundation
import HPSearch
import Testing

/// Builds and kernels are compared by one study: what it doesn't train isn't compared.
@Suite("The study that builds are compared by")
struct IdentitySpecTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "EndToEndTests/Specs/identity.yaml").path

    /// The settings of the first stage's trials.
    private static func settings() throws -> [TrialSettings] {
        let spec = try StudySpec.read(
            text: String(contentsOfFile: file, encoding: .utf8), file: file)
        let plan = try #require(StagePlanner.nextStage(of: PlanTests.study(spec)))
        return plan.trials.map { spec.settings(for: $0.parameters) }
    }

    @Test func `it trains every activation with batch normalization and without`() throws {
        let hidden = try Self.settings().filter { !$0.model.hidden.isEmpty }
        for activation in ModelSpec.Activation.allCases {
            for batchNormalization in [false, true] {
                #expect(
                    hidden.contains {
                        $0.model.activation == activation
                            && $0.model.batchNormalization == batchNormalization
                    }, "\(activation), batch_norm \(batchNormalization)")
            }
        }
    }

    @Test func `it trains with every optimizer, schedule, first weights and preprocessing`() throws
    {
        let settings = try Self.settings()
        for optimizer in TrainSpec.Optimizer.allCases {
            for schedule in TrainSpec.Schedule.allCases {
                #expect(
                    settings.contains {
                        $0.train.optimizer == optimizer && $0.train.schedule == schedule
                    }, "\(optimizer), \(schedule)")
            }
        }
        let beginnings: [ModelSpec.Initialization] = [
            .zero, .small, .large, .xavier, .he, .scale(0.05),
        ]
        for beginning in beginnings {
            #expect(settings.contains { $0.model.initialization == beginning }, "\(beginning)")
        }
        let steps: [DataSpec.Preprocessing] = [
            .zeroMean, .normalize, .pca(components: 20),
            .whiten(components: 30, epsilon: 1e-3),
        ]
        for step in steps {
            #expect(settings.contains { $0.preprocessing.contains(step) }, "\(step)")
        }
        #expect(settings.contains { $0.model.dropout > 0 && $0.train.regularization > 0 })
        #expect(settings.contains { $0.model.hidden.isEmpty })
    }
}
