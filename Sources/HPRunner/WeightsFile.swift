package import HPCluster
package import HPNet
import HPSearch

/// The weights of a trial's best epoch as a file, with all that says where they come from.
package struct WeightsFile: Sendable {
    /// `trial-0042_epoch-05_val-0.5310.safetensors`
    package let name: String
    package let bytes: [UInt8]

    /// - Parameter model: of the trial's best epoch.
    /// - Precondition: the evidence is of a trial with a value.
    package init(_ model: TrainedModel, of evidence: TrialEvidence) {
        guard case .trained(_, _, _, let result, _) = evidence.report.outcome,
            let value = result.value, let member = evidence.assignment.members.first,
            let content = evidence.assignment.content, let spec = try? StudySpec(content: content)
        else { preconditionFailure("weights are of a trial with a value") }
        let lease = evidence.report.lease
        name =
            CheckpointName.text(trial: lease.trial, epoch: result.bestEpoch, value: value)
            + ".safetensors"
        var metadata = [
            "study": spec.name, "study_sha256": evidence.report.studyDigest, "spec": content,
            "seed": "\(spec.seed)", "trial": "\(lease.trial)", "replicate": "\(member.replicate)",
            "epoch": "\(result.bestEpoch)", "metric": spec.objective.metric.rawValue,
            "value": "\(value)",
        ]
        if let accuracy = result.metrics.validationAccuracy {
            metadata["val_accuracy"] = "\(accuracy)"
        }
        for (parameter, value) in zip(spec.parameters, member.parameters) {
            metadata["parameter.\(parameter.name)"] = Self.text(value)
        }
        bytes = model.safetensors(adding: metadata).encoded()
    }

    private static func text(_ value: ParameterValue) -> String {
        switch value {
        case .boolean(let isTrue): "\(isTrue)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .text(let text): text
        case .list(let values): "[\(values.map(text).joined(separator: ", "))]"
        case .inactive: ""
        }
    }
}
