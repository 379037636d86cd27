package import HPSearch

extension StudyRun {
    /// What a trial's result came from, as its worker was handed it; nil for a trial without a
    /// result.
    ///
    /// - Parameter recordings: of the attempt that won.
    package func evidence(of number: Int, recordings: TrialRecordings) -> TrialEvidence? {
        guard let trial = trial(number), let result = trial.result,
            let attempt = winningAttempt(of: number)
        else { return nil }
        let lease = Lease(study: study.id, trial: number, attempt: attempt)
        let assignment = Assignment(
            study: study.id, content: study.spec.content,
            epochs: study.stages[trial.stage].epochs, dataDigest: study.dataDigest ?? "",
            members: [
                Assignment.Member(
                    lease: lease, replicate: trial.replicate, parameters: trial.parameters)
            ])
        let report = TrialReport(
            lease: lease, studyDigest: study.contentDigest, dataDigest: study.dataDigest ?? "",
            engineRevision: study.engineRevision ?? "",
            outcome: .trained(
                state: trial.state, reason: trial.reason, detail: trial.detail, result: result,
                recordings: recordings))
        return TrialEvidence(assignment: assignment, report: report)
    }
}
