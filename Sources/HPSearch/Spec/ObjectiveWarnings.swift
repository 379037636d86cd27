/// Finds objectives that most likely are not what is meant: a target that no trial can reach or
/// every trial reaches, and a goal that wants the worst.
struct ObjectiveWarnings {
    let file: String
    let objective: Objective

    /// - Parameter node: of `objective`.
    func find(in node: SpecNode) -> [SpecWarning] {
        guard case .mapping(let entries) = node.content else { return [] }
        return entries.compactMap { entry in
            let advice: (problem: String, fix: String)? =
                switch entry.key {
                case "goal": adviceOnGoal
                case "target": objective.target.flatMap(advice)
                default: nil
                }
            return advice.map {
                SpecWarning(file: file, place: entry.place, problem: $0.problem, fix: $0.fix)
            }
        }
    }

    private var metric: String { objective.metric.rawValue }

    private var adviceOnGoal: (problem: String, fix: String)? {
        switch (objective.metric, objective.goal) {
        case (.validationAccuracy, .minimize):
            ("the lowest `\(metric)` is searched for, the worst network", "write `maximize`")
        case (.validationLoss, .maximize):
            ("the highest `\(metric)` is searched for, the worst network", "write `minimize`")
        case (.validationAccuracy, .maximize), (.validationLoss, .minimize): nil
        }
    }

    private func advice(on target: Double) -> (problem: String, fix: String)? {
        let shown = NumberText.short(target)
        switch (objective.metric, objective.goal) {
        case (.validationAccuracy, .maximize) where target > 1:
            let meant =
                target <= 100 ? "write \(NumberText.short(target / 100))" : "choose a lower one"
            return (
                "no trial reaches the target \(shown): an accuracy is a share, at most 1", meant
            )
        case (.validationAccuracy, .maximize) where target <= 0,
            (.validationAccuracy, .minimize) where target >= 1:
            return (
                "every trial reaches the target \(shown), the first ends the study", "leave it out"
            )
        case (.validationAccuracy, .minimize) where target < 0,
            (.validationLoss, .minimize) where target < 0:
            return (
                "no trial reaches the target \(shown): it is never below 0", "choose a higher one"
            )
        case (.validationLoss, .maximize) where target <= 0:
            return (
                "every trial reaches the target \(shown), the first ends the study", "leave it out"
            )
        default: return nil
        }
    }
}
