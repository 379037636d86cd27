import HPCluster
import HPSearch

/// Studies and workers do what operators say, and nobody else.
struct AuthorityChecker: Checker {
    static let name = "authority"

    /// Commands that operators gave; only asked, never iterated.
    private var commands: Set<ClientRequest.Command> = []
    private var orders: Set<WorkerStanding> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .handed(let frames, _):
            for frame in frames {
                guard case .request(let request) = frame.message else { continue }
                if case .worker = frame.authority { continue }
                commands.insert(request.command)
                if case .order(_, let standing) = request.command { orders.insert(standing) }
            }
            return []
        case .record(.studySubmitted(let id, let content)):
            return commands.contains(.submit(content: content))
                ? [] : ["nobody submitted study \(id)"]
        case .record(.workerOrdered(_, let name, let standing)):
            return orders.contains(standing) ? [] : ["worker \(name) is \(standing) by nobody"]
        case .record(.studyChanged(let id, let state, let reason, _)):
            guard let study = ledger.study(id) else { return [] }
            let name = study.spec.name
            let isFounded =
                switch state {
                case .paused: reason != "" || commands.contains(.pause(study: name))
                case .stopping: commands.contains(.stop(study: name))
                case .canceled: commands.contains(.cancel(study: name))
                case .queued, .running:
                    commands.contains(.resume(study: name))
                        || commands.contains(.acceptNarrowing(study: name))
                case .complete, .failed: true
                }
            return isFounded ? [] : ["study \(name) is \(state.rawValue) by nobody's command"]
        default: return []
        }
    }
}
