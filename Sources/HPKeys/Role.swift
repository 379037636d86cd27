/// What the holder of a key may do.
package enum Role: String, Sendable, Hashable, CaseIterable {
    /// Run trials, and nothing else.
    case worker
    /// Every client command.
    case admin
}

/// One line of the list of authorized keys.
package struct AuthorizedKey: Sendable, Hashable {
    /// Unique in its list; what people call the holder.
    package let name: String
    package let role: Role
    package let publicKey: PublicKey
    /// When it was authorized, `2026-01-31T12:00:00Z`.
    package let since: String

    /// - Throws: `KeyError.badName`.
    package init(
        name: String, role: Role, publicKey: PublicKey, since: String
    ) throws(KeyError) {
        guard Self.isName(name) else { throw .badName(name) }
        self.name = name
        self.role = role
        self.publicKey = publicKey
        self.since = since
    }

    /// A name is one word of a line, a part of a file's name, and safe in a shell.
    package static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        return (1...64).contains(bytes.count) && isAlphanumeric(bytes[0])
            && bytes.allSatisfy { isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}
