import CZeroMQ

/// A secret key and its public half.
///
/// It describes itself by the public half alone: whatever prints, logs or reflects on a pair
/// shows nothing secret.
package struct KeyPair: Sendable, CustomStringConvertible, CustomReflectable {
    package let publicKey: PublicKey
    /// 32 bytes, for the socket that must have them and for nothing else.
    package let secret: [UInt8]

    /// Draws a new pair from the system's random source.
    ///
    /// - Throws: `KeyError.noEncryption` when libzmq was built without CURVE.
    package static func generate() throws(KeyError) -> KeyPair {
        guard zmq_has("curve") == 1 else { throw .noEncryption }
        var publicText = [CChar](repeating: 0, count: 41)
        var secretText = [CChar](repeating: 0, count: 41)
        guard zmq_curve_keypair(&publicText, &secretText) == 0,
            let publicKey = PublicKey(z85: text(of: publicText)),
            let secret = Z85.decode(text(of: secretText))
        else { throw .noEncryption }
        return KeyPair(publicKey: publicKey, secret: secret)
    }

    private init(publicKey: PublicKey, secret: [UInt8]) {
        self.publicKey = publicKey
        self.secret = secret
    }

    /// The pair of a secret key in Z85; nil when the text is none.
    ///
    /// - Throws: `KeyError.noEncryption` when libzmq was built without CURVE.
    package init?(secretZ85 text: some StringProtocol) throws(KeyError) {
        guard zmq_has("curve") == 1 else { throw .noEncryption }
        guard let secret = Z85.decode(text), secret.count == PublicKey.byteCount else {
            return nil
        }
        var publicText = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&publicText, String(text)) == 0,
            let publicKey = PublicKey(z85: Self.text(of: publicText))
        else { throw .noEncryption }
        self.init(publicKey: publicKey, secret: secret)
    }

    private static func text(of characters: [CChar]) -> String {
        String(
            decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// For the text of a key file, and for nothing else.
    var secretZ85: String { Z85.encode(secret) }

    package var description: String { "the pair of \(publicKey.fingerprint)" }

    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
