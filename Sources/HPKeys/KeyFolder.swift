import Glibc

/// A coordinator's keys: its own, and those that it lets in. It works beside a coordinator that
/// runs.
package struct KeyFolder: Sendable {
    package let path: String

    /// The folder of a data directory.
    package init(dataDirectory: String) {
        path = dataDirectory + "/keys"
    }

    package var coordinatorPath: String { path + "/coordinator.key" }
    /// For commands on the coordinator's own machine.
    package var administratorPath: String { path + "/admin.key" }
    package var authorizedPath: String { path + "/authorized" }

    /// The coordinator's pair, made with its folder and with a key for local commands the first
    /// time.
    ///
    /// - Parameter now: `2026-01-31T12:00:00Z`.
    /// - Throws: `KeyError` when a file is damaged, open to others or can't be written.
    package func open(at now: String) throws(KeyError) -> (pair: KeyPair, isNew: Bool) {
        try createFolder()
        return try locked { () throws(KeyError) in
            guard
                let text = try PrivateFile.read(coordinatorPath, refusing: .anythingForOthers)
            else {
                // New keys would shut out everybody who has one of the old.
                guard access(authorizedPath, F_OK) != 0 || isUnfinished else {
                    throw .coordinatorKeyGone(path: coordinatorPath, list: authorizedPath)
                }
                return (try begin(at: now), true)
            }
            return (try KeyFile(text, path: coordinatorPath).pair, false)
        }
    }

    /// Whether the list holds no more than what `begin` puts there before the coordinator's key.
    private var isUnfinished: Bool {
        guard let keys = try? authorized().keys else { return false }
        return keys.allSatisfy { $0.name == "admin" }
    }

    /// The coordinator's key is written last: what a crash leaves behind is begun again.
    private func begin(at now: String) throws(KeyError) -> KeyPair {
        let pair = try KeyPair.generate()
        let administrator = try KeyPair.generate()
        var keys = AuthorizedKeys()
        try keys.add(
            AuthorizedKey(
                name: "admin", role: .admin, publicKey: administrator.publicKey, since: now),
            path: authorizedPath)
        try PrivateFile.write(
            KeyFile.text(
                pair: administrator, coordinator: pair.publicKey,
                comment: "admin of this machine's hpcoord: keep it private"),
            to: administratorPath)
        try PrivateFile.write(keys.text, to: authorizedPath)
        try PrivateFile.write(
            KeyFile.text(
                pair: pair, coordinator: nil, comment: "an hpcoord coordinator: keep it private"),
            to: coordinatorPath)
        return pair
    }

    /// The coordinator's public key; nil when it has none yet.
    ///
    /// - Throws: `KeyError` when its file is damaged, open to others or can't be read.
    package func coordinator() throws(KeyError) -> PublicKey? {
        guard let text = try PrivateFile.read(coordinatorPath, refusing: .anythingForOthers) else {
            return nil
        }
        return try KeyFile(text, path: coordinatorPath).pair.publicKey
    }

    /// Those that are let in.
    ///
    /// - Throws: `KeyError.malformed`, `.exposed` when others may write it, `.unusable`.
    package func authorized() throws(KeyError) -> AuthorizedKeys {
        try Self.authorized(at: authorizedPath)
    }

    static func authorized(at path: String) throws(KeyError) -> AuthorizedKeys {
        guard let text = try PrivateFile.read(path, refusing: .writingByOthers) else {
            return AuthorizedKeys()
        }
        return try AuthorizedKeys(text, path: path)
    }

    /// Lets a key in; a coordinator that runs knows it at once.
    ///
    /// - Throws: `KeyError.nameTaken`, `.keyTaken`, or when a file can't be read or written.
    package func authorize(_ key: AuthorizedKey) throws(KeyError) {
        try locked { () throws(KeyError) in
            var keys = try authorized()
            try keys.add(key, path: authorizedPath)
            try PrivateFile.write(keys.text, to: authorizedPath)
        }
    }

    /// Shuts a key out, and returns it; a coordinator that runs refuses it at once.
    ///
    /// - Throws: `KeyError.unknownName`, or when a file can't be read or written.
    package func revoke(_ name: String) throws(KeyError) -> AuthorizedKey {
        try locked { () throws(KeyError) in
            var keys = try authorized()
            let removed = try keys.remove(named: name, path: authorizedPath)
            try PrivateFile.write(keys.text, to: authorizedPath)
            return removed
        }
    }

    // MARK: - The folder itself

    private func createFolder() throws(KeyError) {
        // A data directory that is made here is as private as the one that `serve` makes.
        for index in path.indices where path[index] == "/" && index > path.startIndex {
            mkdir(String(path[..<index]), 0o700)
        }
        guard mkdir(path, 0o700) != 0 else { return }
        guard errno == EEXIST else { throw PrivateFile.unusable(path) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw PrivateFile.unusable(path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unusable(path: path, explanation: "it is not a folder")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw .exposed(path: path, mode: UInt16(status.st_mode & 0o777))
        }
    }

    /// One process at a time reads, changes and writes.
    private func locked<Result>(
        _ body: () throws(KeyError) -> Result
    ) throws(KeyError) -> Result {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .missing(path: path) }
            throw PrivateFile.unusable(path)
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw PrivateFile.unusable(path) }
        }
        return try body()
    }
}
