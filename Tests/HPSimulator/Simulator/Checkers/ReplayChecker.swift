import HPCluster

/// What the coordinator believes is what its journal says.
struct ReplayChecker: Checker {
    static let name = "replay"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .state(let live, let durable):
            return live == durable
                ? [] : ["the live state differs from the replay of \(ledger.recordCount) records"]
        case .ended(let ending):
            do {
                let replayed = try ClusterState(replaying: ending.records)
                return replayed == ending.live ? [] : ["the final state differs from its replay"]
            } catch {
                return ["\(error)"]
            }
        default: return []
        }
    }
}
