import HPCluster
import HPNet
import HPSearch

@testable import HPRunner

/// An order for trials of one study on the embedded digits.
func order(
    model: String, train: String = "{learning_rate: 0.05}", epochs: Double = 1,
    parameters: String = "reg: {value: 0}", values: [[ParameterValue]] = [[.number(0)]],
    objective: String = "{metric: val_accuracy, goal: maximize}"
) throws -> WorkerSession.Order {
    let spec = try StudySpec.read(
        text: """
            study: runner
            seed: 5
            objective: \(objective)
            data: {dataset: digits, split: {train: 300, validation: 100}}
            model: \(model)
            train: \(train)
            parameters: {\(parameters)}
            stages: [{name: a, trials: \(values.count), epochs: \(epochs)}]
            """, file: "spec")
    return WorkerSession.Order(
        study: 1, studyDigest: spec.contentDigest, spec: spec, epochs: epochs, dataDigest: "",
        members: values.enumerated().map { index, values in
            Assignment.Member(
                lease: Lease(study: 1, trial: index + 1, attempt: 1), replicate: 0,
                parameters: values)
        })
}
