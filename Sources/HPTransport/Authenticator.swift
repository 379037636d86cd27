import CZeroMQ
import Foundation
import HPKeys
import Synchronization

/// Answers libzmq's question of each handshake, whether this peer may come in (ZAP, RFC 27).
///
/// There is one for a context, on a thread of its own: several coordinators of one process are
/// told apart by their domains. Sockets without encryption ask too, since their domain is what
/// keeps peers of ZMTP 1.0 and 2.0 out; they are on loopback, where everybody is let in.
final class Authenticator: Sendable {
    private let lists = Mutex<[String: AllowList]>([:])
    private let lastDomain = Atomic<Int>(0)

    private static let endpoint = "inproc://zeromq.zap.01"

    /// Binds the handler's socket, then serves it until the context ends.
    ///
    /// - Throws: `TransportError.failed`.
    init(of context: Context) throws(TransportError) {
        guard let handle = zmq_socket(context.handle, ZMQ_REP) else {
            throw Socket.failure("zmq_socket")
        }
        guard zmq_bind(handle, Self.endpoint) == 0 else {
            let failure = Socket.failure("binding the authentication handler")
            zmq_close(handle)
            throw failure
        }
        // The thread takes the socket over: starting it is the fence that libzmq asks for.
        nonisolated(unsafe) let socket = handle
        let thread = Thread { [self] in serve(socket) }
        thread.name = "authenticator"
        thread.start()
    }

    /// A domain of its own for a socket that lets these keys in.
    func register(_ list: AllowList) -> String {
        let number = lastDomain.add(1, ordering: .relaxed).newValue
        let domain = "\(Socket.domain)-\(number)"
        lists.withLock { $0[domain] = list }
        return domain
    }

    func unregister(_ domain: String) {
        lists.withLock { $0[domain] = nil }
    }

    // MARK: - The handler's thread

    private func serve(_ handle: UnsafeMutableRawPointer) {
        defer { zmq_close(handle) }
        while let request = receive(handle) {
            for (index, frame) in answer(request).enumerated() {
                zmq_send(handle, frame, frame.count, index < 5 ? ZMQ_SNDMORE : 0)
            }
        }
    }

    /// The frames of the next question; nil when the context ends.
    private func receive(_ handle: UnsafeMutableRawPointer) -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        while true {
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = zmq_recv(handle, &buffer, buffer.count, 0)
            if count < 0 {
                if zmq_errno() == EINTR { continue }
                return nil
            }
            frames.append(Array(buffer.prefix(Int(count))))
            var isFollowed: Int32 = 0
            var size = MemoryLayout<Int32>.size
            zmq_getsockopt(handle, ZMQ_RCVMORE, &isFollowed, &size)
            if isFollowed == 0 { return frames }
        }
    }

    /// Version, request, status, its text, user id, metadata.
    private func answer(_ request: [[UInt8]]) -> [[UInt8]] {
        let number = request.count > 1 ? request[1] : []
        let user = userID(for: request)
        return [
            Array("1.0".utf8), number, Array((user == nil ? "400" : "200").utf8),
            Array((user == nil ? "the key is not authorized" : "").utf8), Array((user ?? "").utf8),
            [],
        ]
    }

    /// Who the peer is from now on: its public key in Z85; nil when it may not come in.
    ///
    /// The frames are: version, request, domain, address, routing id, mechanism, credentials.
    private func userID(for request: [[UInt8]]) -> String? {
        guard request.count >= 6, request[0] == Array("1.0".utf8) else { return nil }
        let domain = String(decoding: request[2], as: UTF8.self)
        let mechanism = String(decoding: request[5], as: UTF8.self)
        if domain == Socket.domain, mechanism == "NULL" { return "" }
        guard mechanism == "CURVE", request.count == 7,
            let key = PublicKey(bytes: request[6]),
            let list = lists.withLock({ $0[domain] })
        else { return nil }
        list.refresh()
        return list.holder(of: key.z85) == nil ? nil : key.z85
    }
}
