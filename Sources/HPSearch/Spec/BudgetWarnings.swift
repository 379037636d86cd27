/// Finds stages that refit with fewer epochs than the configurations were chosen by.
struct BudgetWarnings {
    let file: String
    let stages: [StageSpec]

    /// - Parameter node: of `stages`.
    func find(in node: SpecNode) -> [SpecWarning] {
        guard case .list(let nodes) = node.content else { return [] }
        return zip(stages.indices, nodes).compactMap { index, node in
            let stage = stages[index]
            let longest = stages[..<index].max { $0.epochs < $1.epochs }
            guard stage.source == .top, let longest, longest.epochs > stage.epochs else {
                return nil
            }
            return SpecWarning(
                file: file, place: node.place,
                problem: "stage \(stage.name) trains the best again for fewer epochs than stage "
                    + "\(longest.name) did: its values are likely to be lower",
                fix: "give it at least \(NumberText.short(longest.epochs)) epochs")
        }
    }
}
