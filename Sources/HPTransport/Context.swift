import CZeroMQ
import HPKeys
import Synchronization

/// What sockets of one process share: libzmq's threads, and the handler that authenticates.
///
/// A program has one, which is never ended while a socket may live; tests may make others.
package final class Context: Sendable {
    package static let shared = Context()

    nonisolated(unsafe) let handle: UnsafeMutableRawPointer
    private let authenticator = Mutex<Authenticator?>(nil)

    package init() {
        guard let context = zmq_ctx_new() else { preconditionFailure("libzmq has no memory") }
        zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 65_536)
        handle = context
    }

    /// The handler, which begins to work before this returns the first time.
    ///
    /// - Throws: `TransportError.failed` when the system refuses.
    func startedAuthenticator() throws(TransportError) -> Authenticator {
        try authenticator.withLock { authenticator throws(TransportError) in
            if let authenticator { return authenticator }
            let started = try Authenticator(of: self)
            authenticator = started
            return started
        }
    }
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
        zmq_ctx_term(Context.shared.handle)
    }
}
