import CZeroMQ

/// A frame and the session that it came from.
package struct Received: Sendable, Hashable {
    /// libzmq's name for the connection, where `RouterSocket.send` takes answers to.
    package var session: [UInt8]
    package var body: [UInt8]
}

/// The coordinator's end: many peers, each message one body frame.
///
/// It belongs to the thread that makes it.
package struct RouterSocket: ~Copyable {
    let socket: Socket
    private let waker: Waker
    /// What workers and clients connect to.
    package let boundEndpoint: String
    /// Messages that were not one body frame, and so were dropped.
    package private(set) var droppedMessageCount = 0

    /// Frames of one peer that wait to be received: at the frames' limit 128 MiB.
    private static let incomingFramesMaximum: Int32 = 16
    /// A batch ends at this size: frames of a thousand peers at their limit don't fit in memory.
    private static let batchBytesMaximum = 64 << 20

    /// Listens.
    ///
    /// Routing ids are libzmq's own and never handed over: a peer can't take another's place.
    ///
    /// - Throws: `TransportError.bindOffLoopback`, `.addressInUse` or `.failed`.
    package init(bind endpoint: Endpoint, waker: Waker) throws(TransportError) {
        guard endpoint.isLoopback else { throw .bindOffLoopback(endpoint.text) }
        let socket = try Socket(
            type: ZMQ_ROUTER, incomingFramesMaximum: Self.incomingFramesMaximum)
        // Without it messages to peers that are gone or slow vanish silently.
        try socket.set(ZMQ_ROUTER_MANDATORY, 1)
        // Thousands of workers may come back at once after a restart.
        try socket.set(ZMQ_BACKLOG, 4096)
        try socket.set(ZMQ_IPV6, endpoint.isVersion6 ? 1 : 0)
        try socket.bind(endpoint)
        boundEndpoint = socket.lastEndpoint
        self.socket = socket
        self.waker = waker
    }

    /// Waits for a message, the waker or the timeout, then takes what is there, at most
    /// `maximumCount` messages and not many more bytes than 64 MiB. Messages that are not one body
    /// frame are dropped.
    ///
    /// - Throws: `TransportError.failed` when the system refuses.
    package mutating func receive(
        timeoutMilliseconds: Int, maximumCount: Int
    ) throws(TransportError) -> [Received] {
        try socket.wait(for: waker, milliseconds: timeoutMilliseconds)
        var received: [Received] = []
        var byteCount = 0
        for _ in 0..<maximumCount {
            guard let frames = try socket.receiveMessage(frameCountMaximum: 2) else { break }
            guard frames.count == 2 else {
                droppedMessageCount += 1
                continue
            }
            received.append(Received(session: frames[0], body: frames[1]))
            byteCount += frames[1].count
            if byteCount >= Self.batchBytesMaximum { break }
        }
        return received
    }

    /// Hands a message to a peer's queue, without waiting.
    package func send(_ body: [UInt8], to session: [UInt8]) -> SendOutcome {
        guard body.count <= Socket.frameBytesMaximum else { return .oversized }
        let outcome = socket.send(session, more: true)
        return outcome == .sent ? socket.send(body, more: false) : outcome
    }
}
