import CZeroMQ
package import HPKeys

/// A frame, the session that it came from, and who that is.
package struct Received: Sendable, Hashable {
    /// Who sent a frame, at the time of receiving it.
    package enum Origin: Sendable, Hashable {
        /// A process of this machine, on a socket without encryption.
        case loopback
        /// The holder of an authorized key.
        case holder(AuthorizedKey)
        /// A session whose key was let in once and isn't any more.
        case revoked
    }

    /// libzmq's name for the connection, where `RouterSocket.send` takes answers to.
    package var session: [UInt8]
    package var origin: Origin
    package var body: [UInt8]

    package init(session: [UInt8], origin: Origin = .loopback, body: [UInt8]) {
        self.session = session
        self.origin = origin
        self.body = body
    }
}

/// The coordinator's end: many peers, each message one body frame.
///
/// It belongs to the thread that makes it.
package struct RouterSocket: ~Copyable {
    let socket: Socket
    private let waker: Waker
    private let list: AllowList?
    /// The handler that knows this socket's keys, for as long as the socket lives.
    private let domain: AuthenticationDomain?
    /// Messages that were not one body frame of an authenticated peer, and so were dropped.
    package private(set) var droppedMessageCount = 0

    /// Frames of one peer that wait to be received: at the frames' limit 128 MiB.
    private static let incomingFramesMaximum: Int32 = 16
    /// A batch ends at this size: frames of a thousand peers at their limit don't fit in memory.
    private static let batchBytesMaximum = 64 << 20

    /// A socket that listens nowhere yet.
    ///
    /// Routing ids are libzmq's own and never handed over: a peer can't take another's place.
    ///
    /// - Throws: `TransportError.noEncryption` or `.failed`.
    package init(
        waker: Waker, security: SocketSecurity = .loopback, in context: Context = .shared
    ) throws(TransportError) {
        let server = security.server
        let domain = try server.map { server throws(TransportError) in
            try AuthenticationDomain(of: server, in: context)
        }
        self.socket = try Self.makeSocket(server, domain, in: context)
        self.domain = domain
        self.list = server?.list
        self.waker = waker
    }

    private static func makeSocket(
        _ server: CurveServer?, _ domain: AuthenticationDomain?, in context: Context
    ) throws(TransportError) -> Socket {
        let hasDomain = server?.fences.contains(.domain) ?? true
        let socket = try Socket(
            type: ZMQ_ROUTER, incomingFramesMaximum: incomingFramesMaximum, in: context,
            domain: hasDomain ? domain?.name ?? Socket.domain : nil)
        // Without it messages to peers that are gone or slow vanish silently.
        try socket.set(ZMQ_ROUTER_MANDATORY, 1)
        // Thousands of workers may come back at once after a restart.
        try socket.set(ZMQ_BACKLOG, 4096)
        if let server { try socket.secure(as: server) }
        return socket
    }

    /// A socket that listens at one endpoint.
    ///
    /// - Throws: as `init` and `listen`.
    package static func listening(
        on endpoint: Endpoint, waker: Waker, security: SocketSecurity = .loopback,
        in context: Context = .shared
    ) throws(TransportError) -> RouterSocket {
        let socket = try RouterSocket(waker: waker, security: security, in: context)
        try socket.listen(on: endpoint)
        return socket
    }

    /// Listens at an endpoint, beside others that it listens at already.
    ///
    /// - Returns: the address that peers connect to: a port that was left open is chosen.
    /// - Throws: `TransportError.bindOffLoopback` without encryption, `.addressInUse` or
    ///   `.failed`.
    @discardableResult
    package func listen(on endpoint: Endpoint) throws(TransportError) -> String {
        guard endpoint.isLoopback || list != nil else { throw .bindOffLoopback(endpoint.text) }
        try socket.set(ZMQ_IPV6, endpoint.isVersion6 ? 1 : 0)
        try socket.bind(endpoint)
        return socket.lastEndpoint
    }

    /// Listens no more at an address that `listen` returned; connections stay.
    package func unlisten(at address: String) {
        zmq_unbind(socket.handle, address)
    }

    /// The address that peers connect to, of the last call of `listen`.
    package var boundEndpoint: String { socket.lastEndpoint }

    /// What an encrypted socket lacks, in words; empty when all is as it must be.
    package var missingFences: [String] { socket.missingFences }

    /// Waits for a message, the waker or the timeout, then takes what is there, at most
    /// `maximumCount` messages and not many more bytes than 64 MiB. Messages that are not one body
    /// frame, and those of nobody known, are dropped.
    ///
    /// - Throws: `TransportError.failed` when the system refuses.
    package mutating func receive(
        timeoutMilliseconds: Int, maximumCount: Int
    ) throws(TransportError) -> [Received] {
        try socket.wait(for: waker, milliseconds: timeoutMilliseconds)
        list?.refresh()
        var received: [Received] = []
        var byteCount = 0
        for _ in 0..<maximumCount {
            guard let message = try socket.receiveMessage(frameCountMaximum: 2) else { break }
            guard message.frames.count == 2, let origin = origin(of: message) else {
                droppedMessageCount += 1
                continue
            }
            received.append(
                Received(session: message.frames[0], origin: origin, body: message.frames[1]))
            byteCount += message.frames[1].count
            if byteCount >= Self.batchBytesMaximum { break }
        }
        return received
    }

    /// Nil for a peer that proved nothing.
    private func origin(of message: Socket.Message) -> Received.Origin? {
        guard let list else { return .loopback }
        guard let user = message.userID, !user.isEmpty else { return nil }
        return list.holder(of: user).map { .holder($0) } ?? .revoked
    }

    /// Hands a message to a peer's queue, without waiting.
    package func send(_ body: [UInt8], to session: [UInt8]) -> SendOutcome {
        guard body.count <= Socket.frameBytesMaximum else { return .oversized }
        let outcome = socket.send(session, more: true)
        return outcome == .sent ? socket.send(body, more: false) : outcome
    }
}
