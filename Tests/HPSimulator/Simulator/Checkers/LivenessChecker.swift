/// When faults stop, everything that must end does, within a bounded time.
struct LivenessChecker: Checker {
    static let name = "liveness"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .ended(let ending) = observation else { return [] }
        return ending.unfinished
    }
}
