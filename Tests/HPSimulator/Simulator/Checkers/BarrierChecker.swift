import HPCluster
import HPSearch

/// A stage begins when every trial of the stages before it has ended.
struct BarrierChecker: Checker {
    static let name = "barrier"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .record(.stageBegan(let id, let stage)) = observation,
            let study = ledger.study(id)
        else { return [] }
        var problems = study.trials.filter { $0.finished == nil }.map {
            "stage \(stage.name) of study \(id) began before trial \($0.created.number) ended"
        }
        if stage.index != study.stages.count {
            problems.append("stage \(stage.index) of study \(id) follows \(study.stages.count)")
        }
        return problems
    }
}
