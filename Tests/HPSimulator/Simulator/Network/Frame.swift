import HPCluster

/// A message under way, on a session: one connection of one peer to one coordinator process.
struct Frame: Sendable {
    /// A place in `Sessions`.
    var session: Int
    var body: [UInt8]
}

/// Who has a connection to the coordinator.
enum Party: Sendable, Hashable {
    case worker(Int)
    case client

    var text: String {
        switch self {
        case .worker(let index): "worker \(index)"
        case .client: "client"
        }
    }
}

/// Every connection that there was.
struct Sessions {
    struct Session {
        var party: Party
        /// Which process of the worker: processes of one worker are numbered from 1.
        var partyLife: Int
        var coordinatorLife: Int
        var isOpen = true
    }

    private(set) var all: [Session] = []

    subscript(_ number: Int) -> Session { all[number] }

    mutating func open(_ party: Party, partyLife: Int, coordinatorLife: Int) -> Int {
        all.append(
            Session(party: party, partyLife: partyLife, coordinatorLife: coordinatorLife))
        return all.count - 1
    }

    mutating func close(_ number: Int) {
        all[number].isOpen = false
    }

    /// The name that the transport has for a session.
    static func identity(_ number: Int) -> SessionID {
        SessionID((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }

    /// The session of this name, of those that there were.
    func number(_ identity: SessionID) -> Int {
        identity.bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
