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

/// The process's one context: it is never ended while a socket may live.
private enum Context {
    nonisolated(unsafe) static let shared: UnsafeMutableRawPointer = {
        guard let context = zmq_ctx_new() else { preconditionFailure("libzmq has no memory") }
        zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 65_536)
        return context
    }()
}

/// The end of a program's messaging.
package enum Transport {
    /// The version of the libzmq library that is in use.
    package static var libraryVersion: String {
        var major: Int32 = 0
        var minor: Int32 = 0
        var patch: Int32 = 0
        zmq_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Waits, about a second at most, until what was sent has left the process.
    ///
    /// - Precondition: every socket of the process is gone, and none is made afterwards.
    package static func finish() {
        zmq_ctx_term(Context.shared)
    }
}

/// A libzmq socket, for the thread that made it.
struct Socket: ~Copyable {
    /// The largest result, a curve of 100,000 epochs with 56 bytes for each, fits in one frame.
    static let frameBytesMaximum = 8 << 20
    /// Frames on their way to one peer: a document of 64 MiB in chunks of 256 KiB.
    static let outgoingFramesMaximum: Int32 = 256

    private let handle: UnsafeMutableRawPointer

    /// - Parameter incomingFramesMaximum: frames of one peer that wait to be received; beyond
    ///   them the peer is held back, so that none can fill the memory.
    init(type: Int32, incomingFramesMaximum: Int32) throws(TransportError) {
        guard let handle = zmq_socket(Context.shared, type) else {
            throw Self.failure("zmq_socket")
        }
        do throws(TransportError) {
            try Self.configure(handle)
            try Self.set(handle, ZMQ_RCVHWM, incomingFramesMaximum)
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
        // With a domain, peers of ZMTP 1.0 and 2.0 are refused: in their handshake a closing
        // socket makes libzmq 4.3.4 abort the process.
        try set(handle, ZMQ_ZAP_DOMAIN, "hpcoord")
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
    var lastEndpoint: String {
        var bytes = [CChar](repeating: 0, count: 512)
        var count = bytes.count
        zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &bytes, &count)
        return String(
            decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Waits for a message, the waker, or the timeout.
    func wait(for waker: Waker, milliseconds: Int) throws(TransportError) {
        var items = [
            zmq_pollitem_t(socket: handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0),
            zmq_pollitem_t(
                socket: nil, fd: waker.descriptor, events: Int16(ZMQ_POLLIN), revents: 0),
        ]
        if zmq_poll(&items, 2, milliseconds) < 0, zmq_errno() != EINTR {
            throw Self.failure("zmq_poll")
        }
        if items[1].revents != 0 { waker.drain() }
    }

    /// The frames of the next message that has arrived; nil when there is none. A message of more
    /// than `frameCountMaximum` frames gives an empty list: it is not of this protocol.
    func receiveMessage(frameCountMaximum: Int) throws(TransportError) -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var frameCount = 0
        while let frame = try receiveFrame(isKept: frameCount < frameCountMaximum) {
            frameCount += 1
            if frameCount <= frameCountMaximum { frames.append(frame.bytes) }
            if !frame.isFollowed { return frameCount > frameCountMaximum ? [] : frames }
        }
        return nil
    }

    private struct Frame {
        var bytes: [UInt8]
        /// Whether more frames belong to the same message.
        var isFollowed: Bool
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
            return Frame(bytes: [UInt8](content), isFollowed: zmq_msg_more(message) != 0)
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

    private static func failure(_ operation: String) -> TransportError {
        .failed(operation: operation, explanation: String(cString: zmq_strerror(zmq_errno())))
    }
}
