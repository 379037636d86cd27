import HPCluster
import HPSearch

/// A trial ends once, and nothing happens to a study after its end.
struct TerminalChecker: Checker {
    static let name = "single-terminal"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .record(let record) = observation else { return [] }
        switch record {
        case .trialFinished(let finished):
            let place = "trial \(finished.trial) of study \(finished.study)"
            guard let trial = ledger.trial(finished.study, finished.trial) else {
                return ["\(place) ended and doesn't exist"]
            }
            if trial.finished != nil { return ["\(place) has a second result"] }
            let isOver = ledger.study(finished.study)?.state.isTerminal ?? true
            return isOver ? ["\(place) ended after its study"] : []
        case .studyChanged(let id, let state, _, _):
            guard let study = ledger.study(id) else { return ["study \(id) doesn't exist"] }
            return study.state.isTerminal
                ? ["study \(id) is \(state.rawValue) after it was \(study.state.rawValue)"] : []
        default: return []
        }
    }
}
