import HPSearch
import OrderedCollections

/// What operators order of workers.
extension Coordinator {
    static let quarantineDetail = "the worker was quarantined by an operator"

    mutating func order(
        _ text: String, _ standing: WorkerStanding, at now: Instant
    ) -> ClientReply.Body {
        let worker: KnownWorker
        switch find(text) {
        case .success(let found): worker = found
        case .failure(let refusal):
            return .error(exitCode: refusal.exitCode, message: refusal.message)
        }
        if standing == .draining, state.standing(of: worker.id) == .quarantined {
            let message = """
                worker \(worker.name) is quarantined, which is more than draining: release it \
                first
                """
            return .error(exitCode: 2, message: message)
        }
        if state.standing(of: worker.id) != standing {
            record(.workerOrdered(worker: worker.id, name: worker.name, standing: standing))
            notice("worker \(worker.name) is \(standing.rawValue) by an operator")
            if standing == .quarantined { withdraw(from: worker.id) }
            mayAssign = true
        }
        let line = "\(worker.name) \(sentence(standing, worker.id))\n"
        return .document(bytes: Array(line.utf8), index: 0, count: 1, progress: nil)
    }

    /// Takes back what a worker runs.
    private mutating func withdraw(from worker: String) {
        for (session, peer) in peers where peer.worker.id == worker {
            let strays = peer.strays.sorted { ($0.study, $0.trial) < ($1.study, $1.trial) }
            let leases = peer.leases + strays
            if !leases.isEmpty { send(.cancel(leases), to: session) }
            peers[session]?.strays = []
            for lease in peer.leases { end(lease, .preempted, Self.quarantineDetail) }
        }
        for run in state.studies {
            for (lease, open) in run.openLeases where open.worker.id == worker {
                end(lease, .preempted, Self.quarantineDetail)
            }
        }
        removeCheckpoints(madeBy: worker)
    }

    private func sentence(_ standing: WorkerStanding, _ id: String) -> String {
        let running = peers.values.filter { $0.worker.id == id }.map(\.leases.count).reduce(0, +)
        return switch standing {
        case .released: "is released: it gets trials again"
        case .draining where running == 0: "is drained: it runs nothing and gets nothing more"
        case .draining: "is draining: it finishes \(running) trials and gets nothing more"
        case .quarantined: "is quarantined: its trials run elsewhere, its results are not taken"
        }
    }

    // MARK: - Which worker is meant

    private struct KnownWorker: Hashable {
        var id: String
        var name: String
    }

    private struct Refusal: Error {
        var exitCode: Int
        var message: String
    }

    /// A name, or the beginning of an id; names may be shared by machines of one host name.
    private func find(_ text: String) -> Result<KnownWorker, Refusal> {
        let known = knownWorkers
        let named = known.filter { $0.name == text }
        let found = named.isEmpty ? known.filter { $0.id.hasPrefix(text) && !text.isEmpty } : named
        if found.count == 1 { return .success(found[0]) }
        if found.isEmpty {
            return .failure(
                Refusal(
                    exitCode: 66,
                    message: "there is no worker \"\(text)\" here: `hpcoord workers` lists them"))
        }
        // One that changed its key is another worker: it is the one that is connected.
        let connected = found.filter { known in
            peers.values.contains { $0.worker.id == known.id }
        }
        if connected.count == 1 { return .success(connected[0]) }
        let ids = found.map(\.id).joined(separator: ", ")
        return .failure(
            Refusal(
                exitCode: 2,
                message: "\(found.count) workers are called \"\(text)\": name one by its id, \(ids)"
            ))
    }

    private var knownWorkers: [KnownWorker] {
        var known = OrderedSet(
            peers.values.map { KnownWorker(id: $0.worker.id, name: $0.worker.name) })
        known.append(
            contentsOf: departed.values.map { KnownWorker(id: $0.worker.id, name: $0.worker.name) })
        let ids = Set(known.map(\.id))
        for id in state.orders.keys.sorted() where !ids.contains(id) {
            known.append(KnownWorker(id: id, name: state.orders[id]?.name ?? ""))
        }
        return Array(known)
    }
}
