import CZeroMQ
import Glibc

/// What became of a message that was given to a socket.
package enum SendOutcome: Sendable, Hashable {
    case sent
    /// The peer is gone.
    case unreachable
    /// The peer's queue is full, or there is no connection.
    case busy
    /// The frame is above the limit: the other end would close the connection over it.
    case oversized
}

/// A libzmq socket, for the thread that made it.
struct Socket: ~Copyable {
    /// The largest result, a curve of 100,000 epochs with 56 bytes for each, fits in one frame.
    static let frameBytesMaximum = 8 << 20
    /// Frames on their way to one peer: a document of 64 MiB in chunks of 256 KiB.
    static let outgoingFramesMaximum: Int32 = 256
    /// With a domain, peers of ZMTP 1.0 and 2.0 are refused: in their handshake a closing socket
    /// makes libzmq 4.3.4 abort the process.
    static let domain = "hpcoord"

    let handle: UnsafeMutableRawPointer

    /// - Parameter incomingFramesMaximum: frames of one peer that wait to be received; beyond
    ///   them the peer is held back, so that none can fill the memory.
    /// - Parameter domain: what the authentication handler knows the socket by. libzmq takes none
    ///   back.
    init(
        type: Int32, incomingFramesMaximum: Int32, in context: Context,
        domain: String? = Self.domain
    ) throws(TransportError) {
        guard let handle = zmq_socket(context.handle, type) else {
            throw Self.failure("zmq_socket")
        }
        do throws(TransportError) {
            try Self.configure(handle)
            try Self.set(handle, ZMQ_RCVHWM, incomingFramesMaximum)
            if let domain { try Self.set(handle, ZMQ_ZAP_DOMAIN, domain) }
        } catch {
            zmq_close(handle)
            throw error
        }
        self.handle = handle
    }

    private static func configure(_ handle: UnsafeMutableRawPointer) throws(TransportError) {
        // Frames that are still queued at the end get a second: the last replies.
        try set(handle, ZMQ_LINGER, Int32(1000))
        try set(handle, ZMQ_SNDHWM, outgoingFramesMaximum)
        // A peer that sends a larger frame is disconnected before the frame takes memory.
        try set(handle, ZMQ_MAXMSGSIZE, Int64(frameBytesMaximum))
        // A peer that opens a connection and says nothing holds a descriptor for 5 s only.
        try set(handle, ZMQ_HANDSHAKE_IVL, Int32(5000))
        // Dead connections are dropped; who is alive is decided by the protocol's heartbeats.
        try set(handle, ZMQ_HEARTBEAT_IVL, Int32(10_000))
        try set(handle, ZMQ_HEARTBEAT_TIMEOUT, Int32(30_000))
        try set(handle, ZMQ_HEARTBEAT_TTL, Int32(30_000))
        try set(handle, ZMQ_TCP_KEEPALIVE, Int32(1))
        try set(handle, ZMQ_TCP_KEEPALIVE_IDLE, Int32(60))
        try set(handle, ZMQ_TCP_KEEPALIVE_INTVL, Int32(15))
        try set(handle, ZMQ_TCP_KEEPALIVE_CNT, Int32(4))
    }

    deinit {
        zmq_close(handle)
    }

    func set(_ option: Int32, _ value: Int32) throws(TransportError) {
        try Self.set(handle, option, value)
    }

    func set(_ option: Int32, _ value: String) throws(TransportError) {
        try Self.set(handle, option, value)
    }

    func set(_ option: Int32, _ value: [UInt8]) throws(TransportError) {
        if zmq_setsockopt(handle, option, value, value.count) != 0 {
            throw Self.failure("zmq_setsockopt")
        }
    }

    private static func set(
        _ handle: UnsafeMutableRawPointer, _ option: Int32, _ value: String
    ) throws(TransportError) {
        if zmq_setsockopt(handle, option, value, value.utf8.count) != 0 {
            throw failure("zmq_setsockopt")
        }
    }

    private static func set<Value: FixedWidthInteger>(
        _ handle: UnsafeMutableRawPointer, _ option: Int32, _ value: Value
    ) throws(TransportError) {
        var value = value
        if zmq_setsockopt(handle, option, &value, MemoryLayout<Value>.size) != 0 {
            throw failure("zmq_setsockopt")
        }
    }

    func bind(_ endpoint: Endpoint) throws(TransportError) {
        // libzmq takes an ipc path away from whoever listens there.
        if endpoint.hasLocalListener { throw .addressInUse(endpoint.text) }
        guard zmq_bind(handle, endpoint.bindText) != 0 else { return }
        if zmq_errno() == EADDRINUSE { throw .addressInUse(endpoint.text) }
        throw Self.failure("listening on \(endpoint.text)")
    }

    func connect(_ endpoint: Endpoint) throws(TransportError) {
        if zmq_connect(handle, endpoint.text) != 0 {
            throw Self.failure("connecting to \(endpoint.text)")
        }
    }

    /// The address that a wildcard port became.
    var lastEndpoint: String { text(ZMQ_LAST_ENDPOINT) }

    var domainText: String { text(ZMQ_ZAP_DOMAIN) }

    /// A number that libzmq has for this socket; nil when it doesn't say.
    func option(_ option: Int32) -> Int32? {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        return zmq_getsockopt(handle, option, &value, &size) == 0 ? value : nil
    }

    private func text(_ option: Int32) -> String {
        var bytes = [CChar](repeating: 0, count: 512)
        var count = bytes.count
        zmq_getsockopt(handle, option, &bytes, &count)
        return String(
            decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Waits for a message, the waker, another libzmq socket, or the timeout.
    func wait(
        for waker: Waker, or other: UnsafeMutableRawPointer? = nil, milliseconds: Int
    ) throws(TransportError) {
        let events = Int16(ZMQ_POLLIN)
        var items = [
            zmq_pollitem_t(socket: handle, fd: 0, events: events, revents: 0),
            zmq_pollitem_t(socket: nil, fd: waker.descriptor, events: events, revents: 0),
        ]
        if let other {
            items.append(zmq_pollitem_t(socket: other, fd: 0, events: events, revents: 0))
        }
        if zmq_poll(&items, Int32(items.count), milliseconds) < 0, zmq_errno() != EINTR {
            throw Self.failure("zmq_poll")
        }
        if items[1].revents != 0 { waker.drain() }
    }

    /// A message, and who sent it.
    struct Message {
        var frames: [[UInt8]] = []
        /// What the authentication handler calls the peer; nil without one.
        var userID: String?
    }

    /// The next message that has arrived; nil when there is none. A message of more than
    /// `frameCountMaximum` frames is empty: it is not of this protocol.
    func receiveMessage(frameCountMaximum: Int) throws(TransportError) -> Message? {
        var message = Message()
        var frameCount = 0
        while let frame = try receiveFrame(isKept: frameCount < frameCountMaximum) {
            frameCount += 1
            if frameCount <= frameCountMaximum { message.frames.append(frame.bytes) }
            guard !frame.isFollowed else { continue }
            // Of the last frame: libzmq 4.3.4 forgets the first one's after a poll.
            message.userID = frame.userID
            return frameCount > frameCountMaximum ? Message() : message
        }
        return nil
    }

    private struct Frame {
        var bytes: [UInt8]
        /// Whether more frames belong to the same message.
        var isFollowed: Bool
        var userID: String?
    }

    /// The message stays at one address throughout: libzmq keeps short frames inside it.
    private func receiveFrame(isKept: Bool) throws(TransportError) -> Frame? {
        let handle = handle
        var message = zmq_msg_t()
        return try withUnsafeMutablePointer(to: &message) { message throws(TransportError) in
            zmq_msg_init(message)
            defer { zmq_msg_close(message) }
            while zmq_msg_recv(message, handle, ZMQ_DONTWAIT) < 0 {
                switch zmq_errno() {
                case EINTR: continue
                case EAGAIN: return nil
                default: throw Self.failure("zmq_msg_recv")
                }
            }
            let content = UnsafeRawBufferPointer(
                start: zmq_msg_data(message), count: isKept ? zmq_msg_size(message) : 0)
            let isFollowed = zmq_msg_more(message) != 0
            let userID = isFollowed ? nil : zmq_msg_gets(message, "User-Id")
            return Frame(
                bytes: [UInt8](content), isFollowed: isFollowed,
                userID: userID.map { String(cString: $0) })
        }
    }

    /// Never waits.
    func send(_ bytes: [UInt8], more: Bool) -> SendOutcome {
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        while true {
            if zmq_send(handle, bytes, bytes.count, flags) >= 0 { return .sent }
            switch zmq_errno() {
            case EINTR: continue
            case EHOSTUNREACH: return .unreachable
            default: return .busy
            }
        }
    }

    static func failure(_ operation: String) -> TransportError {
        .failed(operation: operation, explanation: String(cString: zmq_strerror(zmq_errno())))
    }
}
