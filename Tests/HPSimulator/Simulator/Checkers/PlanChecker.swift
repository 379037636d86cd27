import HPCluster
import HPSearch

/// The trials of a stage appear together with the stage, all of them and no others.
struct PlanChecker: Checker {
    static let name = "lost-trial"

    /// Studies whose trials changed in the transaction.
    private var touched: [Int] = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .record(.stageBegan(let id, _)), .record(.trialCreated(let id, _)):
            if !touched.contains(id) { touched.append(id) }
            return []
        case .transaction:
            defer { touched = [] }
            return touched.flatMap { problems(of: $0, ledger) }
        default: return []
        }
    }

    private func problems(of id: Int, _ ledger: Ledger) -> [String] {
        guard let study = ledger.study(id) else { return ["study \(id) was never submitted"] }
        var problems: [String] = []
        let planned = study.stages.map(\.trialCount).reduce(0, +)
        if planned != study.trials.count {
            problems.append(
                "study \(id) planned \(planned) trials for its stages and has "
                    + "\(study.trials.count)")
        }
        for (index, stage) in study.stages.enumerated() {
            guard study.spec.stages.indices.contains(index),
                stage.trialCount <= study.spec.stages[index].trialCount
            else {
                problems.append("stage \(stage.name) of study \(id) is larger than its spec")
                continue
            }
        }
        for (index, trial) in study.trials.enumerated() where trial.created.number != index + 1 {
            problems.append(
                "trial \(trial.created.number) of study \(id) is number \(index + 1)")
        }
        return problems
    }
}
