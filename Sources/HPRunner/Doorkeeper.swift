import HPKeys
import HPTransport
import Logging

/// Decides what a worker makes of its handshakes.
struct Doorkeeper {
    let address: String
    let key: ClientKey?
    let logger: Logger
    private var interruptedCount = 0
    /// One that was let in once waits for its coordinator, whatever happens to it.
    private var wasLetIn = false

    /// A coordinator that restarts interrupts one handshake, or two.
    private static let suspiciousCount = 3

    init(address: String, key: ClientKey?, logger: Logger) {
        self.address = address
        self.key = key
        self.logger = logger
    }

    /// Why the worker isn't let in, for good; nil while it may be.
    mutating func refusal(after handshakes: [Handshake]) -> String? {
        for handshake in handshakes {
            if let refusal = handshake.refusal(by: address, of: key) { return refusal }
            interruptedCount = handshake == .interrupted ? interruptedCount + 1 : 0
            if handshake == .succeeded { wasLetIn = true }
            guard interruptedCount == Self.suspiciousCount else { continue }
            let suspicion = Handshake.suspicion(of: address, with: key)
            if key == nil, !wasLetIn { return suspicion }
            logger.warning("\(suspicion); trying on")
        }
        return nil
    }
}
