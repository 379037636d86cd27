/// Why keys can't be used. No case holds a key: paths, lines, names and fingerprints only.
package enum KeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// libzmq was built without CURVE.
    case noEncryption
    case missing(path: String)
    /// Others than the owner may read a secret, or write a list.
    case exposed(path: String, mode: UInt16)
    /// `complaint` says what is wrong with the line, and what belongs there.
    case malformed(path: String, line: Int, complaint: String)
    /// The key file of a worker or a client doesn't say who the coordinator is.
    case coordinatorUnknown(path: String)
    /// The system refused; `explanation` is its own.
    case unusable(path: String, explanation: String)
    case alreadyThere(path: String)
    /// The coordinator has a list of keys, but its own key is gone.
    case coordinatorKeyGone(path: String, list: String)
    case badName(String)
    case nameTaken(name: String, path: String)
    case keyTaken(name: String, fingerprint: String)
    case unknownName(name: String, path: String)
    case notAPublicKey

    package var description: String {
        switch self {
        case .noEncryption:
            """
            this libzmq was built without CURVE: nothing can be encrypted; install one that was \
            built with libsodium (Debian's libzmq5 is)
            """
        case .missing(let path):
            """
            \(path): no such key file; `hpcoord keys authorize NAME` on the coordinator's machine \
            prints what makes one
            """
        case .exposed(let path, let mode):
            """
            \(path): others than its owner can get at it (mode \(Self.octal(mode))): \
            `chmod go= \(path)`, and look whether somebody read or changed what is in it
            """
        case .malformed(let path, let line, let complaint): "\(path):\(line): \(complaint)"
        case .coordinatorUnknown(let path):
            """
            \(path): it doesn't name the coordinator's key: authorize this key with `hpcoord keys \
            authorize NAME --public-key KEY` on the coordinator's machine, and add the line \
            `coordinator-key KEY` of what it prints
            """
        case .unusable(let path, let explanation): "\(path) can't be used: \(explanation)"
        case .alreadyThere(let path):
            "\(path) is there already and is not overwritten; remove it, or name another file"
        case .coordinatorKeyGone(let path, let list):
            """
            \(path) is gone, but \(list) is not: put the key back from a backup, or remove the \
            whole folder to make new keys, and authorize everybody anew
            """
        case .badName(let name):
            """
            "\(name)" is no name for a key: 1 to 64 letters, digits, dots, underscores and \
            hyphens, beginning with a letter or a digit
            """
        case .nameTaken(let name, let path):
            """
            \(path) has a key named \(name) already: choose another name, or `hpcoord keys \
            revoke \(name)` first
            """
        case .keyTaken(let name, let fingerprint):
            "the key \(fingerprint) is authorized already, as \(name)"
        case .unknownName(let name, let path):
            "\(path) has no key named \(name): `hpcoord keys list` shows those that it has"
        case .notAPublicKey:
            """
            that is no public key: it takes the 40 characters that `hpcoord keys generate` \
            prints, in single quotes
            """
        }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 {
        switch self {
        case .noEncryption: 69
        case .missing, .coordinatorKeyGone: 66
        case .malformed, .coordinatorUnknown, .badName, .notAPublicKey: 2
        case .exposed: 77
        case .unusable, .alreadyThere, .nameTaken, .keyTaken: 73
        case .unknownName: 66
        }
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode & 0o777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
