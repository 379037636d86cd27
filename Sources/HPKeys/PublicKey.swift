import HPDigest

/// The half of a pair that is told to others: 32 bytes of Curve25519.
package struct PublicKey: Sendable, Hashable, CustomStringConvertible {
    package static let byteCount = 32

    package let bytes: [UInt8]
    /// What people compare and logs name: the first 16 hexadecimal digits of its SHA-256.
    package let fingerprint: String

    /// Nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
        var digest = SHA256()
        digest.update(bytes)
        fingerprint = String(digest.finish().prefix(16))
    }

    /// Reads 40 characters of Z85; nil for anything else.
    package init?(z85 text: some StringProtocol) {
        guard let bytes = Z85.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 40 characters. Some of them mean something to a shell: quote it.
    package var z85: String { Z85.encode(bytes) }

    package var description: String { fingerprint }
}
