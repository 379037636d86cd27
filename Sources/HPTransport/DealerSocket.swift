import CZeroMQ

/// A worker's or a client's end: one coordinator, each message one body frame.
///
/// It belongs to the thread that makes it.
package struct DealerSocket: ~Copyable {
    let socket: Socket
    private let waker: Waker

    /// Connects in the background, again and again.
    ///
    /// - Parameter reconnectMilliseconds: the first pause between tries, from 1 to 2000; it
    ///   doubles up to 2 s, and libzmq adds up to as much again by chance.
    /// - Throws: `TransportError.unspecificEndpoint` or `.failed`.
    package init(
        connect endpoint: Endpoint, waker: Waker, reconnectMilliseconds: Int
    ) throws(TransportError) {
        precondition((1...2000).contains(reconnectMilliseconds), "a pause of 1 to 2000 ms")
        guard endpoint.isSpecific else { throw .unspecificEndpoint(endpoint.text) }
        // What the coordinator has in flight to one peer never has to wait in the network.
        let socket = try Socket(
            type: ZMQ_DEALER, incomingFramesMaximum: Socket.outgoingFramesMaximum)
        // Nothing is queued for a coordinator that is not there: what it needs to know is said
        // when it is.
        try socket.set(ZMQ_IMMEDIATE, 1)
        try socket.set(ZMQ_RECONNECT_IVL, Int32(reconnectMilliseconds))
        // A restarted coordinator waits half a minute for its workers: they come well within.
        try socket.set(ZMQ_RECONNECT_IVL_MAX, 2000)
        // A host that drops packets is tried anew long before the kernel would give up.
        try socket.set(ZMQ_CONNECT_TIMEOUT, 5000)
        try socket.set(ZMQ_IPV6, endpoint.isVersion6 ? 1 : 0)
        try socket.connect(endpoint)
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
        try socket.wait(for: waker, milliseconds: timeoutMilliseconds)
        var received: [[UInt8]] = []
        for _ in 0..<maximumCount {
            guard let frames = try socket.receiveMessage(frameCountMaximum: 1) else { break }
            if let body = frames.first { received.append(body) }
        }
        return received
    }

    /// Hands a message to the coordinator's queue, without waiting.
    package func send(_ body: [UInt8]) -> SendOutcome {
        guard body.count <= Socket.frameBytesMaximum else { return .oversized }
        return socket.send(body, more: false)
    }
}
