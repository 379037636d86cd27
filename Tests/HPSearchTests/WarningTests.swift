import HPSearch
import Testing

@Suite("Warnings")
struct WarningTests {
    private static func warnings(
        _ parameter: String, data: String = "{dataset: digits}"
    ) throws -> [String] {
        try StudySpec.examine(
            text: """
                study: s
                objective: {metric: val_accuracy, goal: maximize}
                data: \(data)
                parameters:
                  \(parameter)
                stages: [{name: a, trials: 1, epochs: 1}]
                """, file: "spec.yaml"
        ).warnings.map(\.description)
    }

    @Test(arguments: [
        (
            "learning_rate: {uniform: [1.0e-5, 0.1]}", 19,
            "above 0.01001; use `log_uniform: [1e-5, 0.1]`"
        ),
        ("reg: {uniform: [0.001, 0.2]}", 9, "use `log_uniform: [0.001, 0.2]`"),
        ("reg: {uniform: [0, 10]}", 9, "starts at 0 on a linear scale"),
        ("hidden: {int: [5, 1000]}", 12, "use `log_int: [5, 1000]`"),
        ("dropout: {log_uniform: [0.01, 0.5]}", 13, "use `uniform: [0.01, 0.5]`"),
        ("momentum: {log_uniform: [0.5, 0.99]}", 14, "is a share, and a log scale"),
    ])
    func `a range on the wrong scale is said with its place and the fix`(
        parameter: String, column: Int, fragment: String
    ) throws {
        let warnings = try Self.warnings(parameter)
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.hasPrefix("spec.yaml:5:\(column): warning: "), "\(warning)")
        #expect(warning.contains(fragment), "\(warning)")
        #expect(warning.split(separator: "; ").count == 2)
        #expect(warning.split(whereSeparator: \.isNewline).count == 1)
    }

    @Test(arguments: [
        ("{metric: val_accuracy, goal: minimize}", 35, "write `maximize`"),
        ("{metric: val_loss, goal: maximize}", 31, "write `minimize`"),
        ("{metric: val_accuracy, goal: maximize, target: 98}", 51, "write 0.98"),
        ("{metric: val_accuracy, goal: maximize, target: 0}", 51, "the first ends the study"),
        ("{metric: val_loss, goal: minimize, target: -1}", 47, "never below 0"),
    ])
    func `an objective that can't be meant is said with its place and the fix`(
        objective: String, column: Int, fragment: String
    ) throws {
        let text = """
            study: s
            objective: \(objective)
            data: {dataset: digits}
            parameters: {learning_rate: {log_uniform: [1.0e-4, 0.1]}}
            stages: [{name: a, trials: 1, epochs: 1}]
            """
        let warnings = try StudySpec.examine(text: text, file: "spec.yaml").warnings
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first).description
        #expect(warning.hasPrefix("spec.yaml:2:\(column): warning: "), "\(warning)")
        #expect(warning.contains(fragment), "\(warning)")
    }

    @Test func `a refit of fewer epochs than before is said`() throws {
        let text = """
            study: s
            objective: {metric: val_accuracy, goal: maximize, target: 0.98}
            data: {dataset: digits}
            parameters: {learning_rate: {log_uniform: [1.0e-4, 0.1]}}
            stages:
              - {name: a, trials: 8, epochs: 4}
              - {name: b, trials: 2, epochs: 2, from: top}
            """
        let warnings = try StudySpec.examine(text: text, file: "spec.yaml").warnings
        #expect(warnings.map(\.description).count == 1)
        #expect(warnings.first?.description.hasPrefix("spec.yaml:7:") == true)
        #expect(warnings.first?.fix == "give it at least 4 epochs")
    }

    @Test(arguments: [
        ("slope: {uniform: [0, 0.5]}", "no trial uses it; it belongs to `activation: leaky_relu`"),
        ("pieces: {int: [2, 5]}", "it belongs to `activation: maxout`"),
        ("beta2: {uniform: [0.9, 0.99]}", "it belongs to `optimizer: adam`"),
        ("epsilon: {log_uniform: [1.0e-9, 1.0e-7]}", "`optimizer: rmsprop` or `adam`"),
        ("decay_epochs: {int: [2, 5]}", "it belongs to `learning_rate_schedule: step`"),
        ("activation: {choice: [relu, sigmoid]}", "advice is never to use it"),
        ("init: {choice: [he, zero]}", "every unit of a layer computes the same"),
        ("init: {choice: [he, {scale: 0}]}", "every unit of a layer computes the same"),
    ])
    func `a setting that nothing uses, or that nobody should, is said`(
        parameter: String, fragment: String
    ) throws {
        let warnings = try Self.warnings(parameter)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(fragment) == true, "\(warnings)")
    }

    private static let counted = "{dataset: digits, split: {train: 1201, validation: 300}}"

    @Test(arguments: [
        ("batch_norm: {value: true}\n  batch_size: {int: [1, 64]}", "`batch_size` may be 1; let"),
        ("batch_norm: {choice: [false, true]}\n  batch_size: {choice: [32, 1]}", "may be 1; let"),
        (
            "batch_size: {value: 1}\n  activation: {choice: [relu, tanh]}\n"
                + "  batch_norm: {value: true, when: {activation: tanh}}", "may be 1; let"
        ),
        (
            "batch_norm: {value: true}\n  batch_size: {choice: [32, 50]}",
            "with `batch_size: 50` one of 1201 training examples is left to the last minibatch; "
                + "choose another `batch_size`, or train on 1200 examples"
        ),
        // The size that a spec has when it says none is 100.
        ("batch_norm: {value: true}", "with `batch_size: 100` one of 1201"),
    ])
    func `batch normalization of one example is warned of`(
        parameters: String, fragment: String
    ) throws {
        let warnings = try Self.warnings(parameters, data: Self.counted)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(fragment) == true, "\(warnings)")
    }

    @Test(arguments: [
        "batch_size: {int: [1, 64]}", "batch_size: {choice: [1, 50]}",
        "batch_norm: {value: true}\n  batch_size: {int: [2, 64]}",
        "batch_norm: {value: true}\n  batch_size: {choice: [32, 64]}",
        "batch_norm: {value: false}\n  batch_size: {value: 1}",
    ])
    func `other minibatches are not warned of`(parameters: String) throws {
        #expect(try Self.warnings(parameters, data: Self.counted) == [])
    }

    @Test(arguments: [
        "slope: {uniform: [0, 0.5]}\n  activation: {choice: [relu, leaky_relu]}",
        "beta1: {uniform: [0.8, 0.95]}\n  optimizer: {choice: [sgd, adam]}",
        "decay_epochs: {int: [2, 5]}\n  learning_rate_schedule: {value: step}",
        "init: {choice: [he, {scale: 0.05}]}",
    ])
    func `a setting that some trial may use is not warned of`(parameters: String) throws {
        #expect(try Self.warnings(parameters) == [])
    }

    @Test(arguments: [
        "learning_rate: {uniform: [0.001, 0.1]}", "learning_rate: {log_uniform: [1.0e-6, 0.1]}",
        "hidden: {int: [5, 500]}", "dropout: {uniform: [0, 0.5]}",
        "momentum: {uniform: [0.1, 0.9]}",
        "dropout: {uniform: [0.001, 0.5]}", "reg: {choice: [0, 1]}", "reg: {value: 0}",
    ])
    func `a range on its scale is not warned of`(parameter: String) throws {
        #expect(try Self.warnings(parameter) == [])
    }
}
