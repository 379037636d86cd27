import HPSearch

extension TrialRecordings {
    /// Whether the validation rows that are called right, where there are any, can be those of
    /// this result.
    ///
    /// The journal is never corrected, and differences of trials are taken from it.
    func hasRowsThatFit(
        _ result: TrialResult, in state: Trial.State, of spec: StudySpec
    ) -> Bool {
        guard let correctness else { return crossedCorrectness == nil }
        guard state == .complete, spec.objective.metric == .validationAccuracy,
            let value = result.value, (0...1).contains(value),
            Double(correctness.rightCount) == (value * Double(correctness.count)).rounded()
        else { return false }
        if case .count(let count) = spec.data.validation, count != correctness.count {
            return false
        }
        return crossedCorrectness.map { $0.rows.count == correctness.count } ?? true
    }
}
