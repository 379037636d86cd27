import HPCluster

/// A checkpoint is written by the worker that holds the attempt, and read by no other.
struct CheckpointChecker: Checker {
    static let name = "checkpoints"

    /// Whose parts arrived; only asked, never iterated.
    private var said: [CheckpointHeader: Set<String>] = [:]
    /// Attempts that ended since the last turn: they may still have been open in it.
    private var ended: Set<Lease> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .handed(let frames, _):
            for frame in frames { note(frame) }
            return []
        case .record(.attemptEnded(let lease, _, _)):
            ended.insert(lease)
            return []
        case .record(.trialFinished(let finished)):
            ended.insert(
                Lease(study: finished.study, trial: finished.trial, attempt: finished.attempt))
            return []
        case .turnEnded:
            ended = []
            return []
        case .ordered(.write(let part, _), let owner):
            guard let holder = holder(of: part.header.lease, ledger), owner?.identity?.id == holder,
                said[part.header]?.contains(holder) == true
            else {
                return ["a part of trial \(part.header.lease.trial) is taken from a stranger"]
            }
            return []
        case .ordered(.read(let request, _, _), let owner):
            guard let holder = holder(of: request.lease, ledger), owner?.identity?.id == holder
            else { return ["a part of trial \(request.lease.trial) is given to a stranger"] }
            return []
        default: return []
        }
    }

    private mutating func note(_ frame: HandedFrame) {
        guard case .checkpointPart(let part) = frame.message, let worker = frame.owner.identity?.id
        else { return }
        said[part.header, default: []].insert(worker)
    }

    /// Who may upload and ask; nil when the attempt was over before this turn.
    private func holder(of lease: Lease, _ ledger: Ledger) -> String? {
        guard let attempt = ledger.attempt(lease), attempt.isOpen || ended.contains(lease) else {
            return nil
        }
        return attempt.worker.id
    }
}
