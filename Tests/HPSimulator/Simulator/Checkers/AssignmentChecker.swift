import HPCluster

/// A lease goes to the worker that it was issued to, with its trial's own parameters.
struct AssignmentChecker: Checker {
    static let name = "assignment"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .sent(.assign(let assignment), let owner) = observation else { return [] }
        return assignment.members.compactMap { member in
            let place = "attempt \(member.lease.attempt) of trial \(member.lease.trial)"
            guard let attempt = ledger.attempt(member.lease),
                let trial = ledger.trial(member.lease.study, member.lease.trial)
            else { return nil }
            if attempt.worker.id != owner.identity?.id {
                return "\(place) was issued to \(attempt.worker.name) and sent to "
                    + owner.party.text
            }
            guard member.parameters == trial.created.parameters,
                member.replicate == trial.created.replicate
            else { return "\(place) was sent with parameters of another trial" }
            return nil
        }
    }
}
