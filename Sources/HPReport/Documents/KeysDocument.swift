/// What `hpcoord keys list` prints: who may speak to a coordinator, `hpcoord.keys/1`.
package enum KeysDocument {
    /// A key that is let in.
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var role: String
        package var fingerprint: String
        package var publicKey: String
        package var since: String

        package init(
            name: String, role: String, fingerprint: String, publicKey: String, since: String
        ) {
            self.name = name
            self.role = role
            self.fingerprint = fingerprint
            self.publicKey = publicKey
            self.since = since
        }
    }

    /// - Parameters:
    ///   - coordinator: the coordinator's own key; nil when it has none yet.
    ///   - keys: in the order in which they are to be listed.
    package static func render(
        coordinator: (fingerprint: String, publicKey: String)?, keys: [Entry],
        format: DocumentFormat
    ) -> String {
        switch format {
        case .table: table(coordinator?.fingerprint, keys).asText
        case .json:
            JSONValue.object([
                "schema": .text("hpcoord.keys/1"),
                "coordinator": coordinator.map {
                    .object([
                        "fingerprint": .text($0.fingerprint), "public_key": .text($0.publicKey),
                    ])
                } ?? .null,
                "keys": .array(keys.map(entry)),
            ]).documentText()
        }
    }

    private static func table(_ coordinator: String?, _ keys: [Entry]) -> [String] {
        guard let coordinator else {
            return ["no keys yet: hpcoord keys authorize NAME makes some"]
        }
        let title = ["coordinator \(coordinator)", ""]
        if keys.isEmpty {
            return title + ["nobody is let in: hpcoord keys authorize NAME lets somebody in"]
        }
        let table = TextTable(columns: [
            TextTable.Column("name", .left, keys.map(\.name)),
            TextTable.Column("role", .left, keys.map(\.role)),
            TextTable.Column("fingerprint", .left, keys.map(\.fingerprint)),
            TextTable.Column("since", .left, keys.map(\.since)),
        ])
        return title + table.lines()
    }

    private static func entry(_ key: Entry) -> JSONValue {
        .object([
            "name": .text(key.name),
            "role": .text(key.role),
            "fingerprint": .text(key.fingerprint),
            "public_key": .text(key.publicKey),
            "since": .text(key.since),
        ])
    }
}
