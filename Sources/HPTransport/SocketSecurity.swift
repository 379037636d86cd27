import CZeroMQ
package import HPKeys

/// How a coordinator's socket knows its peers.
package enum SocketSecurity: Sendable {
    /// Nothing is encrypted and nobody is asked: for loopback alone.
    case loopback
    /// CURVE: peers hold a key of the list, and the coordinator proves to hold its own.
    case curve(CurveServer)

    var server: CurveServer? {
        if case .curve(let server) = self { server } else { nil }
    }
}

/// A coordinator's key and those that it lets in.
package struct CurveServer: Sendable {
    let pair: KeyPair
    let list: AllowList
    let fences: CurveFences

    package init(pair: KeyPair, list: AllowList, fences: CurveFences = .all) {
        self.pair = pair
        self.list = list
        self.fences = fences
    }
}

/// What keeps a stranger out. Without any one of them libzmq lets every key in, or would as soon
/// as another fell: only tests make a socket that lacks one, to see that it is noticed.
package struct CurveFences: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Nobody speaks in clear.
    static let encryption = CurveFences(rawValue: 1)
    /// Keys are compared with the list.
    static let handler = CurveFences(rawValue: 2)
    /// Without a domain libzmq 4.3.4 doesn't ask the handler.
    static let domain = CurveFences(rawValue: 4)
    /// Without a handler nobody comes in, rather than everybody.
    static let enforcement = CurveFences(rawValue: 8)

    package static let all: CurveFences = [.encryption, .handler, .domain, .enforcement]
}

/// A domain of a socket at its context's handler, given back when the socket goes.
final class AuthenticationDomain: Sendable {
    let name: String
    private let authenticator: Authenticator?

    init(of server: CurveServer, in context: Context) throws(TransportError) {
        guard zmq_has("curve") == 1 else { throw .noEncryption }
        authenticator =
            server.fences.contains(.handler) ? try context.startedAuthenticator() : nil
        name = authenticator?.register(server.list) ?? Socket.domain
    }

    deinit {
        authenticator?.unregister(name)
    }
}

extension Socket {
    /// `ZMQ_ZAP_ENFORCE_DOMAIN`: the header shows it to drafts only, libzmq always knows it.
    private static let zapEnforceDomain: Int32 = 93

    /// An encrypted handshake takes a millisecond of one core: ten thousand workers that come back
    /// at once are through in some ten seconds, and would give up and begin again before.
    private static let handshakeMilliseconds: Int32 = 30_000

    /// Makes this the encrypted end that asks its peers for their keys.
    func secure(as server: CurveServer) throws(TransportError) {
        try set(Self.zapEnforceDomain, server.fences.contains(.enforcement) ? 1 : 0)
        guard server.fences.contains(.encryption) else { return }
        try set(ZMQ_HANDSHAKE_IVL, Self.handshakeMilliseconds)
        try set(ZMQ_CURVE_SERVER, 1)
        try set(ZMQ_CURVE_SECRETKEY, server.pair.secret)
    }

    /// Makes this the end that knows whom it wants to reach.
    func secure(with key: ClientKey) throws(TransportError) {
        guard zmq_has("curve") == 1 else { throw .noEncryption }
        try set(ZMQ_HANDSHAKE_IVL, Self.handshakeMilliseconds)
        try set(ZMQ_CURVE_SERVERKEY, key.coordinator.bytes)
        try set(ZMQ_CURVE_PUBLICKEY, key.pair.publicKey.bytes)
        try set(ZMQ_CURVE_SECRETKEY, key.pair.secret)
    }

    /// What an encrypted socket lacks, as libzmq itself says; empty when all is as it must be.
    var missingFences: [String] {
        [
            option(ZMQ_CURVE_SERVER) == 1 && option(ZMQ_MECHANISM) == ZMQ_CURVE
                ? nil : "encryption",
            domainText.isEmpty ? "an authentication domain" : nil,
            option(Self.zapEnforceDomain) == 1 ? nil : "enforcement of its domain",
        ].compactMap(\.self)
    }
}
