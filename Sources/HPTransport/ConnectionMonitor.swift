import CZeroMQ

/// Watches a dealer's handshakes. It belongs to the dealer's thread.
final class ConnectionMonitor {
    private let socket: UnsafeMutableRawPointer
    let handle: UnsafeMutableRawPointer
    private var observed: [Handshake] = []
    /// Whether the connection that there is has told how its handshake ended.
    private var isJudged = false

    /// More than happen between two looks at them; of those nobody takes the oldest go.
    private static let observedMaximum = 64

    private static let events =
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED

    /// - Parameter socket: lives longer than the monitor.
    init(of socket: UnsafeMutableRawPointer, in context: Context) throws(TransportError) {
        let endpoint = "inproc://monitor-\(UInt(bitPattern: socket))"
        guard zmq_socket_monitor(socket, endpoint, Self.events) == 0 else {
            throw Socket.failure("zmq_socket_monitor")
        }
        guard let handle = zmq_socket(context.handle, ZMQ_PAIR) else {
            throw Socket.failure("zmq_socket")
        }
        var none: Int32 = 0
        zmq_setsockopt(handle, ZMQ_LINGER, &none, MemoryLayout<Int32>.size)
        // A full queue would hold up the thread that moves everybody's bytes.
        zmq_setsockopt(handle, ZMQ_RCVHWM, &none, MemoryLayout<Int32>.size)
        guard zmq_connect(handle, endpoint) == 0 else {
            let failure = Socket.failure("zmq_connect")
            zmq_close(handle)
            throw failure
        }
        self.socket = socket
        self.handle = handle
    }

    deinit {
        zmq_socket_monitor(socket, nil, 0)
        zmq_close(handle)
    }

    /// What was observed since the last call, in its order.
    func take() -> [Handshake] {
        observe()
        defer { observed = [] }
        return observed
    }

    /// Empties the queue of events: an unread one would end every wait at once.
    func observe() {
        while let event = nextEvent() {
            switch Int32(event) {
            case ZMQ_EVENT_CONNECTED: isJudged = false
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: judge(.succeeded)
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: judge(.unauthorized)
            case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: judge(.incompatible)
            case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: judge(.interrupted)
            // The other end may hang up before this one has read why.
            case ZMQ_EVENT_DISCONNECTED where !isJudged: judge(.interrupted)
            default: continue
            }
        }
        observed = observed.suffix(Self.observedMaximum)
    }

    private func judge(_ handshake: Handshake) {
        observed.append(handshake)
        isJudged = true
    }

    /// An event is two frames: its number with a value, and the address.
    private func nextEvent() -> UInt16? {
        var bytes: [UInt8] = [0, 0, 0, 0, 0, 0]
        guard zmq_recv(handle, &bytes, bytes.count, ZMQ_DONTWAIT) >= 2 else { return nil }
        var address = [UInt8](repeating: 0, count: 256)
        zmq_recv(handle, &address, address.count, ZMQ_DONTWAIT)
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
    }
}
