import CZeroMQ
package import HPKeys

/// A worker's or a client's end: one coordinator, each message one body frame.
///
/// It belongs to the thread that makes it.
package struct DealerSocket: ~Copyable {
    private let monitor: ConnectionMonitor
    let socket: Socket
    private let waker: Waker

    /// Connects in the background, again and again.
    ///
    /// - Parameter reconnectMilliseconds: the first pause between tries, from 1 to 2000; it
    ///   doubles up to 2 s, and libzmq adds up to as much again by chance.
    /// - Parameter key: encrypts, and lets no other coordinator answer; nil speaks in clear.
    /// - Throws: `TransportError.unspecificEndpoint`, `.noEncryption` or `.failed`.
    package init(
        connect endpoint: Endpoint, waker: Waker, reconnectMilliseconds: Int,
        key: ClientKey? = nil, in context: Context = .shared
    ) throws(TransportError) {
        precondition((1...2000).contains(reconnectMilliseconds), "a pause of 1 to 2000 ms")
        guard endpoint.isSpecific else { throw .unspecificEndpoint(endpoint.text) }
        // What the coordinator has in flight to one peer never has to wait in the network.
        let socket = try Socket(
            type: ZMQ_DEALER, incomingFramesMaximum: Socket.outgoingFramesMaximum, in: context)
        // Nothing is queued for a coordinator that is not there: what it needs to know is said
        // when it is.
        try socket.set(ZMQ_IMMEDIATE, 1)
        try socket.set(ZMQ_RECONNECT_IVL, Int32(reconnectMilliseconds))
        // A restarted coordinator waits half a minute for its workers: they come well within.
        try socket.set(ZMQ_RECONNECT_IVL_MAX, 2000)
        // A host that drops packets is tried anew long before the kernel would give up.
        try socket.set(ZMQ_CONNECT_TIMEOUT, 5000)
        try socket.set(ZMQ_IPV6, endpoint.isVersion6 ? 1 : 0)
        if let key { try socket.secure(with: key) }
        let monitor = try ConnectionMonitor(of: socket.handle, in: context)
        try socket.connect(endpoint)
        self.monitor = monitor
        self.socket = socket
        self.waker = waker
    }

    /// Waits for a message, the waker or the timeout, then takes what is there, at most
    /// `maximumCount` messages. Messages that are not one frame are dropped.
    ///
    /// - Throws: `TransportError.failed` when the system refuses.
    package func receive(
        timeoutMilliseconds: Int, maximumCount: Int
    ) throws(TransportError) -> [[UInt8]] {
        try socket.wait(for: waker, or: monitor.handle, milliseconds: timeoutMilliseconds)
        monitor.observe()
        var received: [[UInt8]] = []
        for _ in 0..<maximumCount {
            guard let message = try socket.receiveMessage(frameCountMaximum: 1) else { break }
            if let body = message.frames.first { received.append(body) }
        }
        return received
    }

    /// The handshakes since the last call, in their order: `receive` returns early for one.
    package func takeHandshakes() -> [Handshake] { monitor.take() }

    /// Hands a message to the coordinator's queue, without waiting.
    package func send(_ body: [UInt8]) -> SendOutcome {
        guard body.count <= Socket.frameBytesMaximum else { return .oversized }
        return socket.send(body, more: false)
    }
}
