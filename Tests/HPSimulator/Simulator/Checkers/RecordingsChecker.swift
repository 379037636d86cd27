import HPCluster
import HPSearch

/// What the attempt that won recorded lies beside its result.
enum RecordingsChecker {
    static let name = "recordings"
}

extension Simulation {
    /// Compares what every trained trial recorded with what its training gives.
    func compareRecordings(_ state: ClusterState) {
        for run in state.studies {
            guard let simulated = studies.first(where: { $0.spec.name == run.study.spec.name })
            else { continue }
            for trial in run.study.trials where trial.result != nil {
                if let problem = problem(with: trial, of: run.study, simulated) {
                    observer.report(
                        RecordingsChecker.name,
                        "trial \(trial.number) of study \(run.study.spec.name): \(problem)")
                }
            }
        }
    }

    private func problem(
        with trial: Trial, of study: Study, _ simulated: SimulatedStudy
    ) -> String? {
        let fate = simulated.fate(
            of: trial.parameters, replicate: trial.replicate, dataDigest: study.dataDigest ?? "")
        guard case .trains(_, _, let result, let recordings) = fate else {
            return "it has a result, and none comes of it"
        }
        if trial.result?.flags != result.flags { return "its flags are others" }
        do {
            let kept = try storage.recordings(study: study.id, trial: trial.number)
            return kept == recordings
                ? nil : "what it recorded is \(kept == nil ? "gone" : "other")"
        } catch {
            return "\(error)"
        }
    }
}
