import CSodium

/// An incremental SHA-256 (FIPS 180-4) over explicit fields.
///
/// Integers are absorbed little-endian and strings are preceded by their length in bytes, so that
/// two different sequences of fields never produce the same input.
public struct SHA256: Sendable {
    private var state = crypto_hash_sha256_state()

    /// Starts an empty digest.
    public init() {
        crypto_hash_sha256_init(&state)
    }

    /// Absorbs raw bytes, without a length.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        crypto_hash_sha256_update(
            &state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Absorbs raw bytes, without a length.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Absorbs an integer as 64 bits, little-endian.
    public mutating func update(_ integer: Int) {
        withUnsafeBytes(of: Int64(integer).littleEndian) { update($0) }
    }

    /// Absorbs the 64 bits of a number, little-endian; every NaN is absorbed as the same NaN.
    public mutating func update(_ number: Double) {
        let canonical = number.isNaN ? Double.nan : number
        withUnsafeBytes(of: canonical.bitPattern.littleEndian) { update($0) }
    }

    /// Absorbs the length in bytes and then the UTF-8 bytes of a string.
    public mutating func update(_ string: String) {
        let bytes = Array(string.utf8)
        update(bytes.count)
        update(bytes)
    }

    /// Ends the digest and returns it as 64 lowercase hexadecimal digits.
    public consuming func finish() -> String {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &digest)
        return digest.map { byte in
            let digits = Array("0123456789abcdef".utf8)
            return String(
                decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }.joined()
    }
}
