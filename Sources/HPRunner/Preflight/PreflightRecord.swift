/// Remembers, for each spec, whether its preflight checks passed on this machine: a file of a word
/// below the user's state folder. It is a courtesy: where it can't be read or written nothing
/// happens.
package struct PreflightRecord: Sendable {
    package enum State: String, Sendable {
        case passed
        case failed
    }

    private let folder: String

    /// - Parameter environment: names the state folder, as for workers.
    package init(environment: [String: String]) {
        folder = StateFolder.path(environment: environment) + "/checked"
    }

    /// What the last check of a spec came to; nil when there was none.
    package func state(ofSpec digest: String) -> State? {
        guard let bytes = try? SpoolFiles.read("\(folder)/\(digest)") else { return nil }
        return State(rawValue: String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
    }

    /// Replaces what was remembered.
    package func set(_ state: State, ofSpec digest: String) {
        guard (try? SpoolFiles.makeFolder(folder)) != nil else { return }
        try? SpoolFiles.write(Array((state.rawValue + "\n").utf8), folder: folder, name: digest)
    }
}
