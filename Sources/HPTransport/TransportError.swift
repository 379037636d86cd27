/// Why bytes can't be moved.
package enum TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The associated value of this and of the next three is the endpoint as it was written.
    case malformedEndpoint(String)
    /// An endpoint to listen on was given where one to connect to is needed.
    case unspecificEndpoint(String)
    case bindOffLoopback(String)
    case addressInUse(String)
    /// libzmq was built without CURVE.
    case noEncryption
    /// libzmq refused an operation; `explanation` is its own.
    case failed(operation: String, explanation: String)

    /// Whether another process listens where this one was to.
    package var isAddressInUse: Bool {
        if case .addressInUse = self { true } else { false }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 {
        switch self {
        case .addressInUse: 73
        case .noEncryption: 69
        case .malformedEndpoint, .unspecificEndpoint, .bindOffLoopback, .failed: 2
        }
    }

    package var description: String {
        switch self {
        case .malformedEndpoint(let text):
            """
            \(text) is not an address: write tcp://HOST:PORT, such as tcp://127.0.0.1:5231, or \
            ipc://PATH
            """
        case .unspecificEndpoint(let text):
            """
            \(text) can be listened on, not connected to: name the host and the port, such as \
            tcp://127.0.0.1:5231
            """
        case .bindOffLoopback(let text):
            """
            \(text) is not on loopback: without encryption a coordinator listens only on \
            127.0.0.1, [::1], localhost or ipc://; `hpcoord serve --bind \(text)` encrypts
            """
        case .addressInUse(let text):
            """
            \(text) is in use: is another coordinator running? Stop it, or choose another port \
            with --bind
            """
        case .noEncryption:
            """
            this libzmq was built without CURVE: nothing can be encrypted; install one that was \
            built with libsodium (Debian's libzmq5 is)
            """
        case .failed(let operation, let explanation):
            "\(operation) failed: \(explanation)"
        }
    }
}
