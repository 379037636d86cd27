import ArgumentParser
import HPKeys
import HPReport
import HPServer
import HPTransport

/// Who may speak to a coordinator.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make keys, and say whose a coordinator lets in.",
        discussion: """
            `authorize`, `list` and `revoke` work on the coordinator's machine, on its data \
            directory; a coordinator that runs follows at once.
            """,
        subcommands: [
            GenerateKey.self, ListKeys.self, AuthorizeKey.self, RevokeKey.self,
        ])
}

/// Whose keys.
struct KeyFolderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The coordinator's data directory.", valueName: "dir"))
    var dataDir = "./hpcoord-data"

    var folder: KeyFolder { KeyFolder(dataDirectory: dataDir) }
}

/// Makes a key where it is to be used, so that its secret never leaves that machine.
struct GenerateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a key file here, and print how to authorize it on the coordinator.")

    @Argument(help: "The key file to make.")
    var file: String

    func run() throws {
        let pair = try KeyPair.generate()
        try KeyFile.create(
            file, pair: pair, coordinator: nil, comment: "an hpcoord key: keep it private")
        Output.complain(
            "hpcoord: \(file) has the key \(pair.publicKey.fingerprint); on the coordinator's "
                + "machine:")
        try Output.write(
            "hpcoord keys authorize NAME --role worker --public-key='\(pair.publicKey.z85)'\n")
    }
}

/// Lists the keys that a coordinator knows.
struct ListKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys that a coordinator lets in.")

    @OptionGroup var options: KeyFolderOptions

    @Option(help: "How the list is printed.")
    var format: DocumentFormat = .table

    func run() throws {
        let coordinator = try options.folder.coordinator()
        let keys = try options.folder.authorized().keys.map { key in
            KeysDocument.Entry(
                name: key.name, role: key.role.rawValue, fingerprint: key.publicKey.fingerprint,
                publicKey: key.publicKey.z85, since: key.since)
        }
        try Output.write(
            KeysDocument.render(
                coordinator: coordinator.map { ($0.fingerprint, $0.z85) }, keys: keys,
                format: format == .json ? .json : .table))
    }
}

/// Lets a key in.
struct AuthorizeKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize",
        abstract: "Let a key in: a new one, or one that its holder has generated.",
        discussion: """
            A new key's secret is not kept here: it is in what is printed, a shell script that \
            makes its file on the holder's machine, as in `hpcoord keys authorize gpu-1 | ssh \
            gpu-1 sh`.
            """)

    @Argument(help: "What to call the holder: letters, digits, dots, underscores, hyphens.")
    var name: String

    @Option(help: "worker: run trials; admin: use the commands.")
    var role: Role = .worker

    @Option(
        name: .customLong("public-key"), parsing: .unconditional,
        help: ArgumentHelp("The key that `hpcoord keys generate` printed.", valueName: "key"))
    var publicKey: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Make the new key's file here.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The address in what is printed (default: this machine, port 5231).",
            valueName: "endpoint"))
    var address: String?

    @OptionGroup var options: KeyFolderOptions

    func validate() throws {
        if publicKey != nil, output != nil {
            throw ValidationError("--output makes a new key's file: leave --public-key out")
        }
    }

    func run() throws {
        let address = try address.map { try Endpoint(connecting: $0) }
        let pair = publicKey == nil ? try KeyPair.generate() : nil
        let accepted = try pair?.publicKey ?? generated()
        let key = try AuthorizedKey(
            name: name, role: role, publicKey: accepted, since: WallClock.now)
        let opened = try options.folder.open(at: WallClock.now)
        let coordinator = opened.pair.publicKey
        if opened.isNew {
            Output.complain(
                "hpcoord: \(options.folder.path) had no coordinator's key: one was made; if your "
                    + "coordinator runs elsewhere, name its --data-dir")
        }
        // Its file first: a key that nobody holds would be let in if there were no room for it.
        if let pair, let output {
            try KeyFile.create(output, pair: pair, coordinator: coordinator, comment: comment)
        }
        try options.folder.authorize(key)
        Output.complain("hpcoord: \(name) is let in as \(role.rawValue), key \(accepted)")
        let script = HolderScript(name: name, role: role, address: address?.text)
        if let output {
            try Output.write(script.use(of: output))
        } else if let pair {
            try Output.write(script.makingFile(of: pair, for: coordinator, comment: comment))
        } else {
            try Output.write(script.completingFile(for: coordinator))
        }
    }

    private var comment: String { "hpcoord key of \(name), \(role.rawValue): keep it private" }

    private func generated() throws -> PublicKey {
        guard let key = PublicKey(z85: publicKey ?? "") else { throw KeyError.notAPublicKey }
        return key
    }
}

extension Role: ExpressibleByArgument {}

/// Shuts a key out.
struct RevokeKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Shut a key out, at once.")

    @Argument(help: "What the holder is called.")
    var name: String

    @OptionGroup var options: KeyFolderOptions

    func run() throws {
        let key = try options.folder.revoke(name)
        Output.complain("hpcoord: \(name) is shut out, key \(key.publicKey)")
    }
}
