/// A file with one secret key: a coordinator's, a worker's or a client's.
///
/// ```
/// # anything
/// secret-key 40 characters of Z85
/// coordinator-key 40 characters of Z85
/// ```
///
/// The second key is the coordinator's public one; a coordinator's own file has none.
package struct KeyFile: Sendable {
    package let path: String
    package let pair: KeyPair
    package let coordinator: PublicKey?

    /// - Throws: `KeyError.missing`, `.exposed` when others may read it, `.malformed` with its
    ///   line, `.unusable`, `.noEncryption`.
    package init(reading path: String) throws(KeyError) {
        guard let text = try PrivateFile.read(path, refusing: .anythingForOthers) else {
            throw .missing(path: path)
        }
        try self.init(text, path: path)
    }

    init(_ text: String, path: String) throws(KeyError) {
        let file = KeyLines(text, path: path)
        var pair: KeyPair?
        var coordinator: PublicKey?
        for line in file.lines {
            guard line.words.count == 2 else {
                throw file.malformed(line, "a line is a word and a key, with a blank between")
            }
            switch line.words[0] {
            case "secret-key":
                guard pair == nil else { throw file.malformed(line, Self.repetition) }
                pair = try KeyPair(secretZ85: line.words[1])
                if pair == nil { throw file.malformed(line, Self.noKey) }
            case "coordinator-key":
                guard coordinator == nil else { throw file.malformed(line, Self.repetition) }
                coordinator = PublicKey(z85: line.words[1])
                if coordinator == nil { throw file.malformed(line, Self.noKey) }
            default:
                throw file.malformed(
                    line, "a line begins with `secret-key`, `coordinator-key` or `#`")
            }
        }
        guard let pair else {
            throw .malformed(
                path: path, line: 1,
                complaint: "the file has no `secret-key` line; `hpcoord keys generate` makes one")
        }
        self.path = path
        self.pair = pair
        self.coordinator = coordinator
    }

    private static let repetition = "this key is here twice; keep one of the two lines"
    private static let noKey =
        "the key is not 40 characters of Z85; was it cut off when it was copied?"

    /// What is needed to connect.
    ///
    /// - Throws: `KeyError.coordinatorUnknown`.
    package func clientKey() throws(KeyError) -> ClientKey {
        guard let coordinator else { throw .coordinatorUnknown(path: path) }
        return ClientKey(pair: pair, coordinator: coordinator)
    }

    /// Makes the file, 0600.
    ///
    /// - Throws: `KeyError.alreadyThere`, `.unusable`.
    package static func create(
        _ path: String, pair: KeyPair, coordinator: PublicKey?, comment: String
    ) throws(KeyError) {
        try PrivateFile.create(
            text(pair: pair, coordinator: coordinator, comment: comment), at: path)
    }

    /// The content of a file. It holds the secret: it goes to a file, or to the person who asked.
    ///
    /// - Precondition: the comment is one line.
    package static func text(
        pair: KeyPair, coordinator: PublicKey?, comment: String
    ) -> String {
        precondition(!comment.contains("\n"), "a comment is one line")
        var text = "# \(comment)\nsecret-key \(pair.secretZ85)\n"
        if let coordinator { text += coordinatorLine(coordinator) + "\n" }
        return text
    }

    /// The line that says whom a key file's holder trusts.
    package static func coordinatorLine(_ coordinator: PublicKey) -> String {
        "coordinator-key \(coordinator.z85)"
    }
}

/// Who connects, and to whom.
package struct ClientKey: Sendable {
    package var pair: KeyPair
    /// Another coordinator can't answer for this one.
    package var coordinator: PublicKey

    package init(pair: KeyPair, coordinator: PublicKey) {
        self.pair = pair
        self.coordinator = coordinator
    }

    /// Reads a key file.
    ///
    /// - Throws: as `KeyFile.init(reading:)` and `KeyFile.clientKey`.
    package init(reading path: String) throws(KeyError) {
        self = try KeyFile(reading: path).clientKey()
    }
}
