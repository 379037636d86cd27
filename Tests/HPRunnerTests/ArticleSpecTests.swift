import Foundation
import HPNet
import HPSearch
import Testing

@testable import HPRunner

/// The YAML of each article of `HPNet.docc`, put into a spec, selects what the article is about.
@Suite struct `An article's YAML` {
    private static let catalog = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/HPNet/HPNet.docc")

    private static let rest = [
        "study": "study: article", "objective": "objective: {metric: val_accuracy, goal: maximize}",
        "data": "data: {dataset: digits}", "model": "model: {hidden: [10]}",
        "train": "train: {learning_rate: 0.1, batch_size: 50}",
        "parameters": "parameters:\n  reg: {log_uniform: [1.0e-6, 1.0e-1]}",
        "stages": "stages: [{name: all, trials: 2, epochs: 1}]",
    ]

    /// A whole spec: what the article has, and the rest.
    private static func spec(of article: String) throws -> StudySpec {
        let text = try String(contentsOf: catalog.appending(path: article), encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst()
        try #require(blocks.count == 1, "an article has one piece of YAML")
        let yaml = blocks.first?.components(separatedBy: "```").first ?? ""
        let keys = yaml.components(separatedBy: "\n").filter { !$0.hasPrefix(" ") }
            .compactMap { $0.components(separatedBy: ":").first }
        let others = rest.filter { !keys.contains($0.key) }.sorted { $0.key < $1.key }
            .map(\.value).joined(separator: "\n")
        return try StudySpec.read(text: yaml + others + "\n", file: article)
    }

    typealias Selects = @Sendable (StudySpec) -> Bool

    private static let articles: [String: Selects] = [
        "Layers/TheAffineMap": { $0.model.engine.hidden == [100, 50] },
        "Layers/NormalizingMinibatches": { $0.model.engine.batchNormalization },
        "Layers/DroppingUnits": { $0.model.dropout == 0.25 },
        "Layers/ShrinkingWeights": { $0.parameters.map(\.name) == ["reg"] },
        "Layers/TheLossOfAClassifier": { $0.objective.metric == .validationLoss },
        "Activations/TheSigmoid": { $0.model.engine.activation == .sigmoid },
        "Activations/TheHyperbolicTangent": { $0.model.engine.activation == .tanh },
        "Activations/TheRectifier": { $0.model.engine.activation == .relu },
        "Activations/TheLeakyRectifier": { $0.model.engine.activation == .leakyReLU(slope: 0.1) },
        "Activations/TheParametricRectifier": { $0.model.engine.activation == .prelu },
        "Activations/TheExponentialLinearUnit": { $0.model.engine.activation == .elu },
        "Activations/TheMaxoutUnit": { $0.model.engine.activation == .maxout(pieces: 2) },
        "Preprocessing/TakingTheMeanOff": { $0.data.preprocessing == [.zeroMean] },
        "Preprocessing/NormalizingFeatures": { $0.data.preprocessing == [.normalize] },
        "Preprocessing/KeepingPrincipalComponents": {
            $0.data.preprocessing == [.pca(components: 20)]
        },
        "Preprocessing/WhiteningFeatures": {
            $0.data.preprocessing == [.whiten(components: 60, epsilon: 0.01)]
        },
        "Initialization/ZeroWeights": { $0.model.engine.initialization == .zero },
        "Initialization/SmallWeights": { $0.model.engine.initialization == .small },
        "Initialization/LargeWeights": { $0.model.engine.initialization == .large },
        "Initialization/XavierInitialization": { $0.model.engine.initialization == .xavier },
        "Initialization/HeInitialization": { $0.model.engine.initialization == .he },
        "Initialization/ChoosingADeviation": { $0.model.engine.initialization == .scale(0.05) },
        "Optimizers/GradientDescent": { $0.train.optimizer == .sgd },
        "Optimizers/MomentumDescent": { $0.train.optimizer == .momentum },
        "Optimizers/NesterovMomentum": { $0.train.optimizer == .nesterov },
        "Optimizers/DividingByRecentGradients": {
            $0.train.optimizer == .rmsprop && $0.train.rmspropDecay == 0.99
        },
        "Optimizers/AdaptiveMoments": { $0.train.optimizer == .adam && $0.train.beta2 == 0.999 },
        "Schedules/ExponentialDecay": {
            $0.train.schedule == .exponential && $0.train.learningRateDecay == 0.95
        },
        "Schedules/StepDecay": { $0.train.schedule == .step && $0.train.decayEpochs == 5 },
        "Schedules/InverseTimeDecay": { $0.train.schedule == .inverse },
        "Checking/CheckingGradients": { $0.parameters.map(\.name) == ["activation"] },
    ]

    @Test(arguments: articles.keys.sorted())
    func `selects what the article is about`(article: String) throws {
        let spec = try Self.spec(of: article + ".md")
        let selects = try #require(Self.articles[article])
        #expect(selects(spec))
    }

    @Test func `is looked at in every article`() {
        let paths = FileManager.default.enumerator(atPath: Self.catalog.path)
        let articles = (paths?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains("/") && $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
        #expect(articles.sorted() == Self.articles.keys.sorted())
    }
}
