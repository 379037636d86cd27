import HPCluster
import HPSearch

/// No message leaves before what it says is on the disk.
struct DurabilityChecker: Checker {
    static let name = "durability"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .sent(let message, _) = observation else { return [] }
        switch message {
        case .assign(let assignment):
            return assignment.members.map(\.lease).filter { ledger.attempt($0) == nil }.map {
                "trial \($0.trial) of study \($0.study) was handed out before it was leased"
            }
        case .verdicts(let verdicts):
            return verdicts.filter { !isDurable($0, ledger) }.map { verdict in
                "trial \(verdict.lease.trial) of study \(verdict.lease.study) is said to be "
                    + "\(verdict.verdict.rawValue), which is not durable"
            }
        case .reply(let reply):
            guard case .accepted(let progress) = reply.body,
                !ledger.studies.contains(where: { $0.spec.name == progress.study })
            else { return [] }
            return ["study \(progress.study) is accepted, which is not durable"]
        case .welcome(let epoch, _, _) where epoch != ledger.epoch:
            return ["epoch \(epoch) is announced, \(ledger.epoch) is durable"]
        default: return []
        }
    }

    private func isDurable(_ verdict: LeaseVerdict, _ ledger: Ledger) -> Bool {
        switch verdict.verdict {
        case .committed: ledger.attempt(verdict.lease)?.isOpen == false
        case .duplicate, .superseded, .canceled: ledger.isTerminal(verdict.lease)
        case .rejected: true
        }
    }
}
