import HPSearch
import Testing

@Suite("StudySpec")
struct SpecTests {
    static let yaml = """
        study: two-layer
        seed: 231
        objective: {metric: val_accuracy, goal: maximize}
        data:
          dataset: cifar10
          path: cifar-10-batches-bin
          split: {train: 49000, validation: 1000}
          preprocess: [zero-mean]
        model: {hidden: [50], activation: relu, init: he}
        train: {optimizer: momentum, momentum: 0.9, learning_rate_decay: 0.95, batch_size: 200}
        parameters:
          learning_rate: {log_uniform: [1.0e-6, 1.0e-1]}
          reg: {log_uniform: [1.0e-5, 1.0e+5]}
        stages:
          - {name: coarse, trials: 100, epochs: 0.5}
          - {name: fine, trials: 60, epochs: 5, narrow: auto}
          - {name: final, trials: 10, epochs: 20, from: top, seeds: 3}
        limits: {attempts: 3, max_failed: 10}
        """

    private func read(_ text: String) throws -> StudySpec {
        try StudySpec.read(text: text, file: "spec.yaml")
    }

    @Test(arguments: ["16", "16.0", "1.6e1", "+16.00"])
    func `a whole number may be written with a point`(text: String) throws {
        let spec = try StudySpec.read(
            text: Self.yaml.replacing("batch_size: 200", with: "batch_size: \(text)"), file: "s")
        #expect(spec.train.batchSize == 16)
    }

    @Test func `a spec is read with its defaults`() throws {
        let spec = try read(Self.yaml)
        #expect(spec.name == "two-layer")
        #expect(spec.seed == 231)
        #expect(spec.parameters.map(\.name) == ["learning_rate", "reg"])
        #expect(spec.parameters[0].domain == .logUniform(low: 1e-6, high: 0.1))
        #expect(spec.stages.map(\.trialCount) == [100, 60, 30])
        #expect(spec.stopTrial.lossFactor == 3)
        #expect(spec.plannedTrialCount == 190)
    }

    @Test func `the canonical content gives the same spec back`() throws {
        let spec = try read(Self.yaml)
        #expect(try StudySpec(content: spec.content) == spec)
        #expect(try StudySpec(content: spec.content).content == spec.content)
    }

    @Test func `the resolved YAML gives the same spec back`() throws {
        let spec = try read(Self.yaml)
        #expect(try read(spec.resolvedYAML) == spec)
        #expect(spec.resolvedYAML.contains("epochs: 5.0, narrow: auto}"))
    }

    @Test func `a trial's value is its best, unless the objective asks for the last`() throws {
        let usual = try read(Self.yaml)
        let best = try read(Self.yaml.replacing("goal: maximize", with: "goal: maximize, at: best"))
        let last = try read(Self.yaml.replacing("goal: maximize", with: "goal: maximize, at: last"))
        // What was written before it could be told keeps its digests.
        #expect(usual == best && usual.contentDigest == best.contentDigest)
        #expect(!usual.content.contains("\"at\""))
        #expect(usual.resolvedYAML.contains("goal: maximize, at: best}"))
        #expect(last.objective.at == .last)
        #expect(last.specDigest != usual.specDigest && last.contentDigest != usual.contentDigest)
        #expect(last.resolvedYAML.contains("goal: maximize, at: last}"))
        #expect(try read(last.resolvedYAML) == last)
        #expect(try StudySpec(content: last.content) == last)
    }

    @Test(arguments: [Objective.Goal.maximize, .minimize])
    func `the best of equals is the earliest`(goal: Objective.Goal) {
        let objective = Objective(metric: .validationAccuracy, goal: goal)
        let curve = [0.5, goal == .maximize ? 0.7 : 0.3, goal == .maximize ? 0.7 : 0.3, 0.5]
        #expect(objective.index(ofValueIn: curve) == 1)
        #expect(objective.index(ofValueIn: []) == nil)
        let last = Objective(metric: .validationAccuracy, goal: goal, at: .last)
        #expect(last.index(ofValueIn: curve) == 3)
        #expect(last.index(ofValueIn: []) == nil)
    }

    @Test func `JSON and YAML are the same spec, whatever the order of keys`() throws {
        let spec = try read(Self.yaml)
        let json = """
            {
            \t"stages": [{"name": "coarse", "trials": 100, "epochs": 0.5},
            \t\t{"epochs": 5.0, "name": "fine", "trials": 60},
            \t\t{"name": "final", "trials": 10, "epochs": 20, "from": "top", "seeds": 3}],
            \t"parameters": {"reg": {"log_uniform": [1e-5, 1e5]},
            \t\t"learning_rate": {"log_uniform": [1e-6, 0.1]}},
            \t"train": {"momentum": 0.9, "learning_rate_decay": 0.95, "batch_size": 200},
            \t"data": {"dataset": "cifar10", "preprocess": ["zero-mean"]},
            \t"limits": {"max_failed": 10},
            \t"objective": {"goal": "maximize", "metric": "val_accuracy"},
            \t"study": "two-layer", "seed": 231
            }
            """
        let other = try StudySpec.read(text: json, file: "spec.json")
        #expect(other.content == spec.content)
        #expect(other.contentDigest == spec.contentDigest)
    }

    @Test func `the spec digest leaves out name, path and limits and nothing else`() throws {
        let digest = try read(Self.yaml).specDigest
        for (part, other, isSame) in [
            ("study: two-layer", "study: other", true),
            ("path: cifar-10-batches-bin", "path: elsewhere", true),
            ("attempts: 3", "attempts: 4", true), ("seed: 231", "seed: 232", false),
            ("hidden: [50]", "hidden: [51]", false), ("epochs: 0.5", "epochs: 0.25", false),
        ] {
            let changed = try read(Self.yaml.replacing(part, with: other))
            #expect((changed.specDigest == digest) == isSame, "\(part) to \(other)")
        }
    }

    @Test func `the digest of what is checked leaves out name and limits, not the data's path`()
        throws
    {
        let digest = try read(Self.yaml).checkDigest
        for (part, other, isSame) in [
            ("study: two-layer", "study: other", true), ("attempts: 3", "attempts: 4", true),
            ("path: cifar-10-batches-bin", "path: elsewhere", false),
            ("seed: 231", "seed: 232", false),
        ] {
            let changed = try read(Self.yaml.replacing(part, with: other))
            #expect((changed.checkDigest == digest) == isSame, "\(part) to \(other)")
        }
    }

    private static func table(_ more: String) -> String {
        Self.yaml.replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            with: "dataset: csv\n  path: t.csv\n  label: kind\n  \(more)")
    }

    @Test func `how a table is read comes back from the content`() throws {
        let spec = try read(
            Self.table(
                "header: true\n  columns: {drop: [id, -2], categorical: [Größe]}\n  missing: mean"))
        #expect(
            spec.data.dataset
                == .csv(
                    TableSpec(
                        path: "t.csv", header: true, label: .name("kind"),
                        dropped: [.name("id"), .position(-2)], categorical: [.name("Größe")],
                        missing: .mean)))
        #expect(try StudySpec(content: spec.content) == spec)
        #expect(try read(spec.resolvedYAML) == spec)
    }

    /// The digests are those of the release before a header could be found out.
    @Test func `a spec that doesn't say whether there is a header keeps its digests`() throws {
        let said = try read(Self.table("header: true"))
        #expect(!said.content.contains("missing") && !said.content.contains("columns"))
        for left in [try read(Self.table("")), try read(Self.table("header: auto"))] {
            #expect(left.contentDigest == said.contentDigest)
            #expect(left.specDigest == said.specDigest)
            #expect(left.content != said.content)
            #expect(try StudySpec(content: left.content) == left)
            #expect(left.resolvedYAML.contains("header: auto"))
            #expect(try read(left.resolvedYAML) == left)
        }
        let unnamed = Self.table("header: false").replacing("label: kind", with: "label: 0")
        #expect(try read(unnamed).contentDigest != said.contentDigest)
    }

    @Test func `where a key stands in a text is found, or where the last one before it does`() {
        let text = "study: a\ndata:\n  dataset: csv\n  split: {train: 1}\n"
        #expect(StudySpec.place(of: ["data", "split"], in: text) == .init(line: 4, column: 10))
        #expect(StudySpec.place(of: ["data", "preprocess"], in: text) == .init(line: 3, column: 3))
        #expect(StudySpec.place(of: ["parameters", "preprocess"], in: text) == nil)
        #expect(StudySpec.place(of: ["study"], in: "[") == nil)
    }

    @Test func `a default stands for the range to begin with`() throws {
        let spec = try read(
            Self.yaml.replacing("{log_uniform: [1.0e-6, 1.0e-1]}", with: "default")
                .replacing("{log_uniform: [1.0e-5, 1.0e+5]}", with: "default"))
        #expect(
            spec.parameters.map(\.domain) == [
                .logUniform(low: 1e-5, high: 1e-1), .logUniform(low: 1e-6, high: 1e-1),
            ])
        #expect(spec.resolvedYAML.contains("learning_rate: {log_uniform: [1e-05, 0.1]}"))
    }

    @Test func `a seed that is left out follows from the content`() throws {
        let text = Self.yaml.replacing("seed: 231\n", with: "")
        let first = try read(text)
        #expect(try read(text).seed == first.seed)
        #expect(try read(text.replacing("0.95", with: "0.9")).seed != first.seed)
        #expect(try StudySpec(content: first.content) == first)
    }

    @Test func `parameters override settings`() throws {
        let text = Self.yaml.replacing(
            "  reg: {log_uniform: [1.0e-5, 1.0e+5]}",
            with: "  hidden: {choice: [[20], [30, 10]]}\n  activation: {choice: [relu, tanh]}")
        let spec = try read(text)
        #expect(spec.parameters.map(\.name) == ["activation", "hidden", "learning_rate"])
        let settings = spec.settings(for: [
            .text("tanh"), .list([.integer(30), .integer(10)]), .number(0.02),
        ])
        #expect(settings.model.activation == .tanh)
        #expect(settings.model.hidden == [30, 10])
        #expect(settings.train.learningRate == 0.02)
    }

    static let everySetting = """
        study: everything
        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: digits}
        model:
          hidden: [20, 10]
          activation: leaky_relu
          slope: 0.05
          pieces: 4
          init: {scale: 0.5}
          batch_norm: true
          dropout: 0.1
        train:
          optimizer: adam
          beta1: 0.8
          beta2: 0.99
          epsilon: 1.0e-6
          rmsprop_decay: 0.9
          momentum: 0.5
          learning_rate_schedule: step
          learning_rate_decay: 0.5
          decay_epochs: 7
        parameters:
          activation: {choice: [sigmoid, tanh, relu, leaky_relu, prelu, elu, maxout]}
          batch_norm: {choice: [true, false]}
          beta1: {uniform: [0.8, 0.95]}
          decay_epochs: {int: [2, 9]}
          epsilon: {log_uniform: [1.0e-9, 1.0e-5]}
          init: {choice: [zero, small, large, xavier, he, {scale: 0.05}, 0.2]}
          learning_rate_schedule: {choice: [exponential, step, 1/t]}
          optimizer: {choice: [sgd, momentum, nesterov, rmsprop, adam]}
          pieces: {int: [2, 4], when: {activation: maxout}}
          preprocess:
            choice: [[], zero-mean, [normalize, {pca: 20}], {whiten: 9, epsilon: 0.01}, [whiten]]
          rmsprop_decay: {choice: [0.9, 0.99, 0.999], when: {optimizer: [rmsprop]}}
          slope: {uniform: [0, 0.5], when: {activation: leaky_relu, init: [he, {scale: 0.05}]}}
        stages: [{name: a, trials: 20, epochs: 1}]
        """

    @Test func `every setting of the engine can be set and searched`() throws {
        let spec = try StudySpec.read(text: Self.everySetting, file: "spec")
        #expect(
            spec.model
                == ModelSpec(
                    hidden: [20, 10], activation: .leakyReLU, slope: 0.05, pieces: 4,
                    initialization: .scale(0.5), batchNormalization: true, dropout: 0.1))
        #expect(
            spec.train
                == TrainSpec(
                    optimizer: .adam, learningRate: 1e-3, regularization: 0, momentum: 0.5,
                    rmspropDecay: 0.9, beta1: 0.8, beta2: 0.99, epsilon: 1e-6,
                    learningRateDecay: 0.5, schedule: .step, decayEpochs: 7, batchSize: 100))
        #expect(try StudySpec(content: spec.content) == spec)
        #expect(try StudySpec.read(text: spec.resolvedYAML, file: "yaml") == spec)
        let initializations = spec.parameters.first { $0.name == "init" }?.domain
        #expect(initializations?.contains(.number(0.05)) == true)
        #expect(initializations?.contains(.text("zero")) == true)
    }

    @Test func `a trial's settings are its parameters'`() throws {
        let spec = try StudySpec.read(text: Self.everySetting, file: "spec")
        let values: [ParameterValue] = [
            .text("maxout"), .boolean(false), .number(0.85), .integer(3), .number(1e-7),
            .number(0.05), .text("1/t"), .text("rmsprop"), .integer(3),
            .list([.text("normalize"), .text("pca 20")]), .number(0.999), .inactive,
        ]
        let settings = spec.settings(for: values)
        #expect(settings.preprocessing == [.normalize, .pca(components: 20)])
        #expect(
            settings.model
                == ModelSpec(
                    hidden: [20, 10], activation: .maxout, slope: 0.05, pieces: 3,
                    initialization: .scale(0.05), batchNormalization: false, dropout: 0.1))
        #expect(
            settings.train
                == TrainSpec(
                    optimizer: .rmsprop, learningRate: 1e-3, regularization: 0, momentum: 0.5,
                    rmspropDecay: 0.999, beta1: 0.85, beta2: 0.99, epsilon: 1e-7,
                    learningRateDecay: 0.5, schedule: .inverse, decayEpochs: 3, batchSize: 100))
    }

    @Test func `ways to prepare examples are values like any other`() throws {
        let spec = try StudySpec.read(text: Self.everySetting, file: "spec")
        let domain = spec.parameters.first { $0.name == "preprocess" }?.domain
        let values: [ParameterValue] = [
            .list([]), .list([.text("zero-mean")]), .list([.text("normalize"), .text("pca 20")]),
            .list([.text("whiten 9 epsilon 0.01")]), .list([.text("whiten")]),
        ]
        #expect(domain == .choice(values))
        #expect(
            spec.resolvedYAML.contains(
                "{choice: [[], [zero-mean], [normalize, {pca: 20}], [{whiten: 9, epsilon: 0.01}], "
                    + "[whiten]]}"))
        #expect(
            spec.possiblePreprocessing == [
                [], [.zeroMean], [.normalize, .pca(components: 20)],
                [.whiten(components: 9, epsilon: 0.01)],
                [.whiten(components: nil, epsilon: 1e-5)],
            ])
    }

    @Test(arguments: [
        ([DataSpec.Preprocessing](), ""), ([.zeroMean], "zero-mean"),
        ([.normalize, .pca(components: 20)], "normalize+pca 20"),
        ([.pca(components: nil)], "pca"),
        ([.whiten(components: 7, epsilon: 1e-5)], "whiten 7"),
        ([.whiten(components: nil, epsilon: 0.25)], "whiten epsilon 0.25"),
    ])
    func `a step has one text, and the text one step`(
        steps: [DataSpec.Preprocessing], text: String
    ) {
        #expect(steps.map(\.text).joined(separator: "+") == text)
        #expect(
            text.split(separator: "+").map { DataSpec.Preprocessing(value: .text(String($0))) }
                == steps)
    }

    @Test(arguments: ["", "pca 07", "pca -1 x", "whiten epsilon", "whiten 3 epsilon 1e-05", "relu"])
    func `other texts are no steps`(text: String) {
        #expect(DataSpec.Preprocessing(value: .text(text)) == nil)
    }
}
