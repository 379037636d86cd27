/// Who may speak to a coordinator, as its file has it: a line for each key.
///
/// ```
/// name role key since
/// ```
package struct AuthorizedKeys: Sendable, Hashable {
    /// In the order of the file, which is that of time.
    package private(set) var keys: [AuthorizedKey] = []

    package init() {}

    /// - Parameter text: of the file.
    /// - Throws: `KeyError.malformed` with the file and the line.
    init(_ text: String, path: String) throws(KeyError) {
        let file = KeyLines(text, path: path)
        for line in file.lines {
            guard line.words.count == 4 else {
                throw file.malformed(line, "a line is: name, role, public key, date")
            }
            guard let role = Role(rawValue: String(line.words[1])) else {
                throw file.malformed(line, "the role is `worker` or `admin`")
            }
            guard let publicKey = PublicKey(z85: line.words[2]) else {
                throw file.malformed(line, "the key is not 40 characters of Z85")
            }
            do throws(KeyError) {
                try add(
                    AuthorizedKey(
                        name: String(line.words[0]), role: role, publicKey: publicKey,
                        since: String(line.words[3])),
                    path: path)
            } catch {
                throw file.malformed(line, "\(error)")
            }
        }
    }

    var text: String {
        keys.map { "\($0.name) \($0.role.rawValue) \($0.publicKey.z85) \($0.since)\n" }.joined()
    }

    /// Adds a key at the end.
    ///
    /// - Throws: `KeyError.nameTaken` or `.keyTaken`.
    mutating func add(_ key: AuthorizedKey, path: String) throws(KeyError) {
        guard !keys.contains(where: { $0.name == key.name }) else {
            throw .nameTaken(name: key.name, path: path)
        }
        if let holder = keys.first(where: { $0.publicKey == key.publicKey }) {
            throw .keyTaken(name: holder.name, fingerprint: key.publicKey.fingerprint)
        }
        keys.append(key)
    }

    /// - Throws: `KeyError.unknownName`.
    mutating func remove(named name: String, path: String) throws(KeyError) -> AuthorizedKey {
        guard let index = keys.firstIndex(where: { $0.name == name }) else {
            throw .unknownName(name: name, path: path)
        }
        return keys.remove(at: index)
    }
}
