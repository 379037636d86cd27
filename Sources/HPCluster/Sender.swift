/// Who a message came from, as the transport knows it.
package struct Sender: Sendable, Hashable {
    package var session: SessionID
    package var authority: Authority

    package init(session: SessionID, authority: Authority) {
        self.session = session
        self.authority = authority
    }
}

/// What a peer may do. With encryption it follows from the key that the peer proved to hold.
package enum Authority: Sendable, Hashable {
    /// A peer of this machine, on a connection without encryption: it may do everything.
    case local
    /// May run trials; `key` is the fingerprint of its public key.
    case worker(key: String)
    /// May use the commands; `key` is the fingerprint of its public key.
    case admin(key: String)
    /// Has a key that was let in once and isn't any more: it may say nothing.
    case revoked
}
