import HPCluster

/// A message under way, on a session: one connection of one peer to one coordinator process.
struct Frame: Sendable {
    /// A place in `Sessions`.
    var session: Int
    var body: [UInt8]
    var sentAt: Instant
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
        /// The process that opened it, as the coordinator knows it; nil for a client's.
        var identity: WorkerIdentity?
        var authority: Authority
        var coordinatorLife: Int
        var isOpen = true
    }

    private var all: [Session] = []

    subscript(_ number: Int) -> Session { all[number] }

    mutating func open(_ session: Session) -> Int {
        all.append(session)
        return all.count - 1
    }

    mutating func close(_ number: Int) {
        all[number].isOpen = false
    }

    func owner(_ number: Int) -> SessionOwner {
        SessionOwner(session: number, party: all[number].party, identity: all[number].identity)
    }

    /// The name that the transport has for a session.
    static func name(_ number: Int) -> SessionID {
        SessionID((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }

    /// The session of this name; nil when there was none.
    func number(_ name: SessionID) -> Int? {
        let number = name.bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        return all.indices.contains(number) ? number : nil
    }
}
