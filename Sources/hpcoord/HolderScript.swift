import Foundation
import HPKeys

/// What the holder of a new key runs on its own machine: a shell script.
///
/// Keys stand in single quotes: Z85 has most of the characters that mean something to a shell, but
/// not that one.
struct HolderScript {
    let name: String
    let role: Role
    let address: String

    /// - Parameter address: the coordinator's; nil for this machine's name and the usual port.
    init(name: String, role: Role, address: String?) {
        self.name = name
        self.role = role
        // What an address may hold, a quote is not among.
        self.address =
            address?.replacing("'", with: "") ?? "tcp://\(ProcessInfo.processInfo.hostName):5231"
    }

    /// Makes the file of a new key, then uses it.
    func makingFile(of pair: KeyPair, for coordinator: PublicKey, comment: String) -> String {
        let folder = "\"${XDG_CONFIG_HOME:-$HOME/.config}\"/hpcoord"
        let file = "\(folder)/\(name).key"
        let lines = KeyFile.text(pair: pair, coordinator: coordinator, comment: comment)
            .split(separator: "\n").map { "'\($0)'" }
        return """
            # Run this where \(name) is. It holds a secret: give it to nobody else.
            (umask 077; mkdir -p \(folder); rm -f \(file)
            printf '%s\\n' \(lines.joined(separator: " ")) > \(file))

            """ + use(of: file)
    }

    /// Completes the file of a key that its holder generated.
    func completingFile(for coordinator: PublicKey) -> String {
        """
        # Run this where the key was generated, with its file for FILE.
        printf '%s\\n' '\(KeyFile.coordinatorLine(coordinator))' >> FILE

        """ + use(of: "FILE")
    }

    /// The programs to use a key with.
    func use(of file: String) -> String {
        switch role {
        case .worker: "hpworker --connect '\(address)' --key \(file)\n"
        case .admin: "hpcoord ls --connect '\(address)' --key \(file)\n"
        }
    }
}
