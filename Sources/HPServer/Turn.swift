package import HPCluster
import HPWire

/// A frame that arrived, and who sent it.
package struct IncomingFrame: Sendable, Hashable {
    package var sender: Sender
    package var body: [UInt8]

    package init(sender: Sender, body: [UInt8]) {
        self.sender = sender
        self.body = body
    }
}

/// A frame that may leave.
package struct OutgoingFrame: Sendable, Hashable {
    package var session: SessionID
    package var body: [UInt8]
}

/// A line for the log.
package struct Notice: Sendable, Hashable {
    package enum Severity: Sendable, Hashable {
        case info
        case warning
        case error
    }

    package var severity: Severity
    package var text: String

    init(_ severity: Severity, _ text: String) {
        self.severity = severity
        self.text = text
    }
}

/// What came of a turn of the coordinator.
package struct Turn: Sendable {
    /// In the order in which they are to leave.
    package var frames: [OutgoingFrame] = []
    /// Requests for documents, which are made elsewhere.
    package var queries: [(session: SessionID, request: ClientRequest)] = []
    package var notices: [Notice] = []
    /// For the folder of checkpoints; its reports come with a later turn.
    package var checkpoints: [CheckpointOrder] = []

    mutating func add(_ committed: Committed) {
        checkpoints += committed.checkpoints
        for outbound in committed.messages { send(outbound.message, to: outbound.session) }
        notices += committed.notices.map { Notice(.info, $0) }
    }

    mutating func send(_ message: CoordinatorMessage, to session: SessionID) {
        frames.append(OutgoingFrame(session: session, body: WireCodec.encode(message)))
    }
}
