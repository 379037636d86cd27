package import HPKeys

/// What became of an attempt to be let in. After `unauthorized` and `incompatible` libzmq tries
/// no more: a new socket is needed.
package enum Handshake: Sendable, Hashable {
    case succeeded
    /// The coordinator doesn't know this key.
    case unauthorized
    /// One end encrypts and the other doesn't, or it speaks another protocol.
    case incompatible
    /// The connection ended in the middle: the coordinator has another key than the one that was
    /// expected, or it went away just then.
    case interrupted
}

extension Handshake {
    /// Why nothing will come of this connection and what to do, in a sentence; nil while something
    /// may.
    ///
    /// - Parameters:
    ///   - address: the coordinator's.
    ///   - key: what this end has shown, if it encrypts.
    package func refusal(by address: String, of key: ClientKey?) -> String? {
        switch (self, key) {
        case (.succeeded, _), (.interrupted, _): nil
        case (.unauthorized, let key):
            """
            the coordinator at \(address) refused \
            \(key.map { "the key \($0.pair.publicKey.fingerprint)" } ?? "a client without a key"): \
            on its machine, `hpcoord keys list` shows the keys that it knows, and `hpcoord keys \
            authorize NAME` lets one in
            """
        case (.incompatible, nil):
            """
            the coordinator at \(address) encrypts: name a key file with --key or HPCOORD_KEY; on \
            its machine `hpcoord keys authorize NAME` makes one, and commands there may use \
            keys/admin.key of its data directory
            """
        case (.incompatible, .some):
            """
            the coordinator at \(address) doesn't encrypt: leave --key and HPCOORD_KEY out, or \
            start it with `hpcoord serve --encrypt`
            """
        }
    }

    /// What an interrupted handshake may mean when it happens again and again.
    package static func suspicion(of address: String, with key: ClientKey?) -> String {
        guard let key else {
            return """
                the coordinator at \(address) ends the handshake: it probably encrypts: name a \
                key file with --key or HPCOORD_KEY
                """
        }
        return """
            the coordinator at \(address) ends the handshake of the key \
            \(key.pair.publicKey.fingerprint): its own key is probably not \
            \(key.coordinator.fingerprint), which the key file names; compare with `hpcoord keys \
            list` on its machine
            """
    }
}
