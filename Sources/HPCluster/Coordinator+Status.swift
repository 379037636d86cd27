import HPSearch
import OrderedCollections

/// What people see of workers.
extension Coordinator {
    /// The workers connected now, in the order in which they came, then those that are gone, the
    /// latest first.
    package func workers(at now: Instant) -> [WorkerStatus] {
        peers.values.map { status(of: $0, at: now) }
            + departed.values.reversed().map { status(of: $0, at: now) }
    }

    private func status(of peer: Peer, at now: Instant) -> WorkerStatus {
        WorkerStatus(
            id: peer.worker.id, name: peer.worker.name, state: state(of: peer, at: now),
            slots: peer.slots, leases: peer.leases, engineRevision: peer.engineRevision,
            silentSeconds: now.seconds(since: peer.lastHeard),
            declined: peer.declined.keys.sorted().compactMap { id in
                guard let run = state.study(id), let why = peer.declined[id] else { return nil }
                return "\(run.study.spec.name): \(why.detail)"
            })
    }

    private func status(of departed: DepartedWorker, at now: Instant) -> WorkerStatus {
        WorkerStatus(
            id: departed.worker.id, name: departed.worker.name, state: .gone,
            slots: departed.slots, leases: [], engineRevision: departed.engineRevision,
            silentSeconds: now.seconds(since: departed.lastHeard), declined: [])
    }

    private func state(of peer: Peer, at now: Instant) -> WorkerStatus.State {
        switch state.standing(of: peer.worker.id) {
        case .quarantined: return .quarantined
        case .draining: return .draining
        case .released: break
        }
        // One heartbeat may be late; two that are missing are no accident.
        let isSilent =
            now.seconds(since: peer.lastHeard) > 2.5 * peer.heartbeat.longestSeconds
        if isSilent { return .suspect }
        return peer.isIdle ? .idle : .busy
    }
}
